"""What a job came to, whatever it did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job came to.

    Attributes:
        result: what its page shows.
        shop_id: whom it concerns; None for whom it did before.
        analyze: whether an analysis should follow.
        spent: the upload that is not needed any more, empty where there is none.
    """

    result: dict[str, object]
    shop_id: str | None = None
    analyze: bool = False
    spent: str = ""
