"""Numbers that tie a message to an order, a parcel or a product, as `privacy` finds them.

Text of the lake is masked: there nothing is left to find but links, and the numbers stand in the
columns `order_nos` and `product_ids` of its messages.
"""

from collections.abc import Callable, Iterator

from huisheng.language.entities.definition import Found, Said
from huisheng.privacy import Kind, mask_text

NUMBER = r"[0-9]{9}|[0-9]{6}-[0-9]{3}"
"""RE2: what every text with an order or tracking number holds."""


def finder_of(kind: Kind) -> Callable[[Said], Iterator[Found]]:
    """Return what finds one kind; the value is the plain number."""

    def find(said: Said) -> Iterator[Found]:
        for entity in mask_text(said.text).entities:
            if entity.kind is kind:
                yield Found(entity.start, entity.end, entity.value)

    return find
