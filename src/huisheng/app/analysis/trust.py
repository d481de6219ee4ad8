"""判断有多准: the licences of the labels that a run rests on."""

from collections.abc import Iterable, Iterator, Mapping

from huisheng.app.report.document import FindingEntry, LicenceEntry, ShopCharts
from huisheng.language import licence, taxonomy


def licence_entries(
    holding: Mapping[str, licence.Licences], findings: Iterable[FindingEntry], charts: ShopCharts
) -> list[LicenceEntry]:
    """Return the licence of every label that a run uses; shops of one measure share an entry.

    Args:
        holding: the licences that hold, by shop.
        findings: the run's stuck points.
        charts: of all shops together, for its rankings of scenes and aspects.
    """
    names = licence.label_names(taxonomy())
    return [
        _entry(one, names[head].get(label, label), shops)
        for head, label in _used(names, findings, charts)
        for one, shops in _by_measure(holding, head, label)
    ]


def _used(
    names: Mapping[str, Mapping[str, str]], findings: Iterable[FindingEntry], charts: ShopCharts
) -> Iterator[tuple[str, str]]:
    """Yield the labels that count somewhere: of scenes and aspects only those that occur."""
    problems = {(one["problem"]["kind"], one["problem"]["id"]) for one in findings}
    ranked = {("scene", bar["id"]) for bar in charts["scenes"]}
    ranked |= {("aspect", bar["id"]) for bar in charts["aspects"]}
    every = {(head, label) for head in ("polarity", "upset", "emotion") for label in names[head]}
    for head in licence.HEADS:
        for label in names[head]:
            if (head, label) in problems | ranked | every:
                yield head, label


def _by_measure(
    holding: Mapping[str, licence.Licences], head: str, label: str
) -> Iterator[tuple[licence.Licence, list[str]]]:
    shops: dict[licence.Licence, list[str]] = {}
    for shop_id, held in holding.items():
        shops.setdefault(held.of(head, label), []).append(shop_id)
    yield from shops.items()


def _entry(one: licence.Licence, name: str, shops: list[str]) -> LicenceEntry:
    return {
        "head": one.head,
        "head_name": licence.HEAD_NAMES[one.head],
        "label": one.label,
        "name": name,
        "shops": shops,
        "origin": one.origin.value,
        "measured_on": licence.ORIGINS[one.origin],
        "n": one.n,
        "precision": _bounds(one.precision),
        "recall": _bounds(one.recall),
        "kappa": _bounds(one.kappa),
        "granted": one.granted,
        "why": list(one.why),
    }


def _bounds(some: licence.Interval | None) -> list[float] | None:
    return None if some is None else [round(one, 4) for one in (some.value, some.low, some.high)]
