"""The ledger of concerns: every change that a merchant made, and what may follow it."""

from collections.abc import Sequence

from huisheng.errors import BadInputError, DefinitionError
from huisheng.language.concerns.book import (
    ACTS,
    ADD,
    CHANGE,
    MERGE,
    RETIRE,
    SPLIT,
    Book,
    Change,
    Concern,
)
from huisheng.language.concerns.reader import ConcernReader
from huisheng.language.taxonomy import Taxonomy

MOST_LIVE = 300
_LONGEST_LABEL = 20
_LONGEST_PATTERN = 200


def read_ledger(changes: Sequence[Change], words: Taxonomy) -> Book:
    """Return what a ledger says.

    Raises:
        BadInputError: a change does not fit what came before it.
    """
    book = Book()
    for change in changes:
        book = turned(book, change, words)
    return book


def turned(book: Book, change: Change, words: Taxonomy) -> Book:
    """Return the book's next edition.

    Raises:
        BadInputError: the change does not fit: an id unknown or in use, a name given twice, words
            that do not recognise their own examples.
    """
    if change.act not in ACTS:
        raise _wrong(change, f"不认识的动作「{change.act}」", f"应为 {'、'.join(ACTS)}")
    _check_ids(book, change)
    live = [id_ for id_ in book.live if id_ not in change.of]
    live += [one.id for one in change.concerns if one.id not in live]
    defined = {**book.defined, **{one.id: one for one in change.concerns}}
    parts, merged = dict(book.parts), dict(book.merged)
    if change.act == SPLIT:
        parts[change.of[0]] = tuple(one.id for one in change.concerns)
    if change.act == MERGE:
        merged[change.concerns[0].id] = change.of
    after = Book(book.edition + 1, defined, tuple(live), parts, merged)
    _check_names(after, change, words)
    _check_proofs(after, change, words)
    return after


def _check_ids(book: Book, change: Change) -> None:
    gone = [id_ for id_ in change.of if id_ not in book.live]
    if gone:
        raise _wrong(change, f"没有在用的关注点 {'、'.join(gone)}", "请刷新后重选")
    given = [one.id for one in change.concerns]
    known = [id_ for id_ in given if id_ in book.defined]
    if change.act == CHANGE:
        if len(given) != 1 or given[0] not in book.live:
            raise _wrong(change, "要改的关注点不在用", "请刷新后重选")
    elif known or len(set(given)) < len(given):
        raise _wrong(change, f"编号已经用过：{'、'.join(known or given)}", "请刷新后再试")
    _check_shape(change)


_SHAPES = {ADD: ((1, 1), (0, 0)), CHANGE: ((1, 1), (0, 0)), SPLIT: ((2, 20), (1, 1)),
           MERGE: ((1, 1), (2, 20)), RETIRE: ((0, 0), (1, 20))}  # fmt: skip
"""Of each act: least and most new concerns, least and most concerns that end."""


def _check_shape(change: Change) -> None:
    (least, most), (least_ended, most_ended) = _SHAPES[change.act]
    if not least <= len(change.concerns) <= most:
        raise _wrong(change, f"写了 {len(change.concerns)} 个关注点", f"应为 {least}–{most} 个")
    if not least_ended <= len(set(change.of)) <= most_ended:
        problem = f"选了 {len(set(change.of))} 个已有的关注点"
        raise _wrong(change, problem, f"应为 {least_ended}–{most_ended} 个")


def _check_names(book: Book, change: Change, words: Taxonomy) -> None:
    names = [book.defined[id_].label for id_ in book.live]
    for one in change.concerns:
        if not one.label or len(one.label) > _LONGEST_LABEL:
            raise _wrong(change, f"名称「{one.label}」", f"请写 1–{_LONGEST_LABEL} 个字")
        if names.count(one.label) > 1:
            raise _wrong(change, f"「{one.label}」已有同名的关注点", "请换一个名称")
        if one.aspect not in words.aspects:
            raise _wrong(change, f"没有方面「{one.aspect}」", "请从列表里选它属于哪个方面")
    if len(book.live) > MOST_LIVE:
        raise _wrong(change, f"在用的关注点超过 {MOST_LIVE} 个", "请先停用或合并一些")


def _check_proofs(book: Book, change: Change, words: Taxonomy) -> None:
    for one in change.concerns:
        _check_words(book, change, one)
    try:
        reader = ConcernReader(book, words)
    except DefinitionError as exc:
        raise _wrong(change, exc.problem, "请改正词的写法") from exc
    for one in change.concerns:
        place = book.live.index(one.id)
        missed = [text for text in one.examples if place not in _places(reader, text)]
        wrong = [text for text in one.unlike if place in _places(reader, text)]
        if missed:
            raise _wrong(change, f"「{one.label}」没有认出例句「{missed[0]}」", "请补上其中的词")
        if wrong:
            remedy = "请把词写得更准，或用 ! 排除"
            raise _wrong(change, f"「{one.label}」误认了反例「{wrong[0]}」", remedy)


def _check_words(book: Book, change: Change, one: Concern) -> None:
    if one.words and one.id in book.rests:
        raise _wrong(change, f"「{one.label}」是拆分剩下的，不能有词", "请再拆一次，或把词清空")
    if not one.words and one.id not in book.rests | book.merged.keys():
        raise _wrong(change, f"「{one.label}」没有写词", "请写几个买家会说的词")
    for pattern in one.words:
        if not all(token.strip("!|^$@") for token in pattern.split()):
            raise _wrong(change, f"「{pattern}」里有的地方没有词", "「!」和「|」旁边要有词")
        if any(letter.isdigit() for letter in pattern):
            raise _wrong(change, f"词「{pattern}」里有数字", "读文字时数字不分大小，请用别的词")
        if len(pattern) > _LONGEST_PATTERN:
            raise _wrong(change, f"词「{pattern[:20]}…」太长", f"一行最多 {_LONGEST_PATTERN} 个字")


def _places(reader: ConcernReader, text: str) -> list[int]:
    _, places = reader.read([text])
    return [int(place) for place in places]


def _wrong(change: Change, problem: str, remedy: str) -> BadInputError:
    return BadInputError(f"{ACTS.get(change.act, '改动')}关注点", problem, remedy)
