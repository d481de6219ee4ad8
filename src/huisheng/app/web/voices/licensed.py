"""Which labels may score a person in a shop, and when the shop last measured them."""

from collections.abc import Iterable
from dataclasses import dataclass

from huisheng.app.licences import Measurement, history, licences
from huisheng.app.web import library
from huisheng.errors import BadInputError
from huisheng.language import MODEL_VERSION, licence, taxonomy


@dataclass(frozen=True, slots=True)
class Licensed:
    """A shop's licences: names of labels that have one, and its newest measurement if any.

    `problem` says in Chinese what is wrong with the shop's file of measurements.
    """

    shop: str
    labels: tuple[str, ...]
    last: Measurement | None
    problem: str = ""

    @property
    def is_outdated(self) -> bool:
        """Return whether the newest measurement was of another model, so that it holds no more."""
        return self.last is not None and self.last.model != MODEL_VERSION


def licensed(shops: Iterable[str]) -> list[Licensed]:
    """Return the licences of some shops."""
    names = library.names()["shops"]
    return [_of(shop_id, names.get(shop_id, shop_id)) for shop_id in shops]


def _of(shop_id: str, name: str) -> Licensed:
    workspace = library.workspace()
    try:
        kept = history(workspace, shop_id)
    except BadInputError as exc:
        return Licensed(name, _names(licence.Licences()), None, f"{exc.problem}。{exc.remedy}")
    return Licensed(name, _names(licences(workspace, shop_id)), kept[-1] if kept else None)


def _names(holding: licence.Licences) -> tuple[str, ...]:
    names = licence.label_names(taxonomy())
    return tuple(
        f"{licence.HEAD_NAMES[one.head]}「{names[one.head][one.label]}」"
        for one in holding.every()
        if one.granted
    )
