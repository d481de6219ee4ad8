"""The shop's vocabulary: departments, aspects, scenes, emotions, risks and reasons, read as data.

Each file of the folder `taxonomy/` is one table; unknown or missing keys are refused, so a typing
mistake in a definition cannot silently change what the model looks for.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

import yaml

from huisheng.errors import DefinitionError, UnknownNameError

Row = Mapping[str, object]
T = TypeVar("T")

PHASES = frozenset({"pre", "mid", "post", "any"})
_POLARITIES = {"-": -1, "=": 0, "+": 1}


@dataclass(frozen=True, slots=True)
class Department:
    """One of the five departments that own causes."""

    id: str
    label: str
    scope: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something buyers praise or blame; patterns carry a polarity, examples are our own."""

    id: str
    level1: str
    label: str
    department: str
    co_departments: tuple[str, ...]
    definition: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    topic: tuple[str, ...]
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a buyer asks for; `priority` chooses the primary among several.

    A `complaint` needs something that displeases; praise never is one.
    """

    id: str
    label: str
    phase: str
    priority: int
    definition: str
    department: str | None
    complaint: bool
    patterns: tuple[str, ...]
    utterances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Emotion:
    """A level from 0 (calm) to 4 (escalating); -1 is content."""

    id: str
    level: int
    label: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """A signal that must not wait: triggers, regular expressions, and what takes a hit back."""

    id: str
    label: str
    severity: int
    triggers: tuple[str, ...]
    patterns: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for dissatisfaction or for a lost sale, and the labels that point to it."""

    id: str
    label: str
    department: str
    aspects: tuple[str, ...]
    scenes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All tables, each by id."""

    departments: Mapping[str, Department]
    aspects: Mapping[str, Aspect]
    scenes: Mapping[str, Scene]
    emotions: Mapping[str, Emotion]
    risks: Mapping[str, Risk]
    dissatisfaction_reasons: Mapping[str, Reason]
    lost_sale_reasons: Mapping[str, Reason]
    concepts: Mapping[str, str]
    risk_words: Mapping[str, str]

    def department_of(self, kind: str, name: str) -> str | None:
        """Return the department that owns a cause; None where nobody's pain is meant.

        Args:
            kind: `aspect`, `scene`, `dissatisfaction` or `lost_sale`.
            name: the id within that table.

        Raises:
            UnknownNameError: no such table or id.
        """
        tables: dict[str, Mapping[str, Aspect] | Mapping[str, Scene] | Mapping[str, Reason]] = {
            "aspect": self.aspects,
            "scene": self.scenes,
            "dissatisfaction": self.dissatisfaction_reasons,
            "lost_sale": self.lost_sale_reasons,
        }
        entry = tables.get(kind, {}).get(name)
        if entry is None:
            raise UnknownNameError(f"分类体系里没有「{kind} {name}」")
        return entry.department


class _Entry:
    """Reads one mapping key by key and knows which keys nobody asked for."""

    def __init__(self, row: Row) -> None:
        if not isinstance(row, Mapping):
            raise TypeError(f"应为映射，得到 {row!r}")
        self._left = dict(row)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise ValueError(f"{key} 应为文字，得到 {value!r}")
        return value

    def number(self, key: str) -> int:
        value = self._left.pop(key, None)
        if not isinstance(value, int):
            raise ValueError(f"{key} 应为整数，得到 {value!r}")
        return value

    def flag(self, key: str) -> bool:
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise ValueError(f"{key} 应为 true 或 false，得到 {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{key} 应为文字列表，得到 {value!r}")
        return tuple(value)

    def lines(self, key: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text(key).splitlines() if line.strip())

    def finish(self) -> None:
        if self._left:
            raise ValueError(f"不认识的键：{'、'.join(map(str, self._left))}")


def _department(name: str, entry: _Entry) -> Department:
    return Department(name, entry.text("label"), entry.text("scope"))


def _aspect(name: str, entry: _Entry) -> Aspect:
    return Aspect(
        id=name,
        level1=entry.text("level1"),
        label=entry.text("label"),
        department=entry.text("department"),
        co_departments=entry.texts("co_departments"),
        definition=entry.text("definition"),
        positive=entry.texts("positive"),
        negative=entry.texts("negative"),
        topic=entry.texts("topic"),
        examples=tuple(_signed(line) for line in entry.lines("examples")),
    )


def _signed(line: str) -> tuple[int, str]:
    sign, _, text = line.partition(" ")
    return _POLARITIES[sign], text.strip()


def _scene(name: str, entry: _Entry) -> Scene:
    phase = entry.text("phase")
    if phase not in PHASES:
        raise ValueError(f"phase 应为 {'、'.join(sorted(PHASES))}，得到 {phase}")
    return Scene(
        id=name,
        label=entry.text("label"),
        phase=phase,
        priority=entry.number("priority"),
        definition=entry.text("definition"),
        department=entry.text("department", "") or None,
        complaint=entry.flag("complaint"),
        patterns=entry.texts("patterns"),
        utterances=entry.lines("utterances"),
    )


def _emotion(name: str, entry: _Entry) -> Emotion:
    return Emotion(
        id=name,
        level=entry.number("level"),
        label=entry.text("label"),
        patterns=entry.texts("patterns"),
        examples=entry.lines("examples"),
    )


def _risk(name: str, entry: _Entry) -> Risk:
    return Risk(
        id=name,
        label=entry.text("label"),
        severity=entry.number("severity"),
        triggers=tuple(entry.text("triggers").split("|")),
        patterns=entry.texts("patterns"),
        unless=entry.texts("unless"),
    )


def _reason(name: str, entry: _Entry) -> Reason:
    return Reason(
        id=name,
        label=entry.text("label"),
        department=entry.text("department"),
        aspects=entry.texts("aspects"),
        scenes=entry.texts("scenes"),
    )


def _document(table: str) -> dict[str, object]:
    source = files("huisheng.language") / "taxonomy" / f"{table}.yaml"
    loaded = yaml.load(source.read_text(encoding="utf-8"), Loader=_LOADER)
    if not isinstance(loaded, dict):
        raise DefinitionError(f"taxonomy/{table}.yaml", "应为 id 到内容的映射")
    return loaded


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_table(table: str, rows: Row, read: Callable[[str, _Entry], T]) -> Mapping[str, T]:
    """Read one table; every key of every row must be known.

    Raises:
        DefinitionError: a row lacks a key, has an unknown one, or a value of the wrong kind.
    """
    return MappingProxyType(dict(_parsed(table, rows, read)))


def _parsed(table: str, rows: Row, read: Callable[[str, _Entry], T]) -> Iterator[tuple[str, T]]:
    for name, row in rows.items():
        try:
            entry = _Entry(row)  # type: ignore[arg-type]
            value = read(name, entry)
            entry.finish()
        except (KeyError, TypeError, ValueError) as exc:
            raise DefinitionError(f"taxonomy/{table}.yaml 的 {name}", str(exc)) from exc
        yield name, value


@cache
def taxonomy() -> Taxonomy:
    """Load and cross-check the shipped taxonomy (once per process).

    Raises:
        DefinitionError: a table is malformed or names an unknown department or label.
    """
    loaded = Taxonomy(
        departments=parse_table("departments", _document("departments"), _department),
        aspects=parse_table("aspects", _document("aspects"), _aspect),
        scenes=parse_table("scenes", _document("scenes"), _scene),
        emotions=parse_table("emotions", _document("emotions"), _emotion),
        risks=parse_table("risks", _document("risks"), _risk),
        dissatisfaction_reasons=parse_table(
            "dissatisfaction_reasons", _document("dissatisfaction_reasons"), _reason
        ),
        lost_sale_reasons=parse_table("lost_sale_reasons", _document("lost_sale_reasons"), _reason),
        concepts=_named_words("concepts"),
        risk_words=_named_words("risk_words"),
    )
    _check_references(loaded)
    return loaded


def _named_words(table: str) -> Mapping[str, str]:
    return MappingProxyType({name: str(words) for name, words in _document(table).items()})


def _check_references(loaded: Taxonomy) -> None:
    owners = {
        *(aspect.department for aspect in loaded.aspects.values()),
        *(scene.department for scene in loaded.scenes.values() if scene.department),
        *(name for aspect in loaded.aspects.values() for name in aspect.co_departments),
    }
    reasons = [*loaded.dissatisfaction_reasons.values(), *loaded.lost_sale_reasons.values()]
    owners.update(reason.department for reason in reasons)
    unknown = owners - loaded.departments.keys()
    unknown |= {name for reason in reasons for name in reason.aspects} - loaded.aspects.keys()
    unknown |= {name for reason in reasons for name in reason.scenes} - loaded.scenes.keys()
    if unknown:
        raise DefinitionError("taxonomy", f"引用了不存在的 {'、'.join(sorted(unknown))}")
