"""The shape of a kind of entity: how it is found, and the examples that prove it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from huisheng.language.entities.moments import Moment


@dataclass(frozen=True, slots=True)
class Said:
    """One message as finders read it.

    Attributes:
        text: as written.
        plain: of equal length: half width, lower case, simplified letters.
        by_agent: whether a person or robot of the shop said it.
        rivals: the shop's own rivals, and the words for each.
    """

    text: str
    plain: str
    by_agent: bool
    rivals: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """One entity in a message.

    Attributes:
        start: offset of its first character.
        stop: offset after its last one.
        value: what it says where that is no number: a size, an id, a name.
        low: its number, in the unit of its kind; of a range the lower end.
        high: the same, or the upper end of a range.
        moment: when, for what is told by the clock.
    """

    start: int
    stop: int
    value: str | None = None
    low: float | None = None
    high: float | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and what must be found in it.

    Attributes:
        text: the sentence.
        words: the stretch that is the entity.
        value: expected value; None for none.
        low: expected number; None for none.
        high: expected upper end; that of `low` where not given.
        since: expected beginning, local, in ISO 8601.
        until: expected end, local, in ISO 8601.
        deadline: whether only the end is meant.
        said_at: when it was said, local, in ISO 8601.
        by_agent: whether the shop said it.
    """

    text: str
    words: str
    value: str | None = None
    low: float | None = None
    high: float | None = None
    since: str | None = None
    until: str | None = None
    deadline: bool = False
    said_at: str | None = None
    by_agent: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A kind of entity.

    Attributes:
        label: its name for users.
        trigger: a pattern, for RE2 and `re` alike, that every text holding one matches; it is
            asked of plain text.
        find: yields what is found, in any order; what overlaps is settled by `finding`.
        examples: sentences that hold one.
        unlike: sentences that look alike and hold none.
        unlike_of_agents: the same, said by the shop.
        unit: unit of `low` and `high`; empty where it has no number.
        only_agents: whether only the shop's own words can hold one.
        stands_beside: whether it may overlap what other kinds find.
        reads_rivals: whether names of the shop's own rivals are suspects too.
    """

    label: str
    trigger: str
    find: Callable[[Said], Iterator[Found]]
    examples: tuple[Example, ...]
    unlike: tuple[str, ...]
    unlike_of_agents: tuple[str, ...] = ()
    unit: str = ""
    only_agents: bool = False
    stands_beside: bool = False
    reads_rivals: bool = False
