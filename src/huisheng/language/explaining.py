"""Why the model gave a text its labels: the pieces of the text and the rules that decided.

Every head is linear, so a score is its bias plus what each n-gram and each word list adds. The
heaviest are shown as the text spells them, the others are added up. N-grams that share a bucket
share a weight: what is shown is what stands in the text, whichever of them training saw.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, log

import numpy as np
from numpy.typing import NDArray

from huisheng.language.aspects import NEGATIVE, POSITIVE, AspectJudge
from huisheng.language.blame import SURE
from huisheng.language.cues import matched_words
from huisheng.language.encoding import (
    GRAM_LENGTHS,
    SLOT_BITS,
    Buffer,
    grams,
)
from huisheng.language.heads import CUE_STEP, RowHead, buckets, clause_norms, text_norms
from huisheng.language.labels import Labels
from huisheng.language.modelfile import ASPECT_ROWS, CHAT_ROWS, DANGER_ROWS, Parts
from huisheng.language.moods import ESCALATING
from huisheng.language.risks import RiskRules
from huisheng.language.scan import EVEN, Scan, Scanner
from huisheng.language.spelling import spelled_places
from huisheng.language.taxonomy import Taxonomy
from huisheng.language.wide import WideHead, wide_grams

SHOWN = 8
"""Pieces of text, and as many word lists, that are shown; the others are added up in `rest`."""
Weights = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What adds `weight` to a score: words of the text, or a word list with the words it found."""

    text: str
    weight: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one label was given.

    Attributes:
        head: scene, aspect, polarity, sentiment, emotion or risk.
        label: its id.
        logit: the linear score that speaks for the label; None where a rule alone decided.
            It is `bias`, all `grams`, all `cues` and `rest` together.
        bias: what the score is without any words.
        grams: pieces of the text, heaviest first.
        cues: word lists of the taxonomy that found words, heaviest first.
        rest: what all other pieces and lists add.
        parts: what the score of a scene is made of: the message's own words and the turns before.
        rules: rules that decided, with the words they found.
    """

    head: str
    label: str
    logit: float | None = None
    bias: float = 0.0
    grams: tuple[Piece, ...] = ()
    cues: tuple[Piece, ...] = ()
    rest: float = 0.0
    parts: tuple[Piece, ...] = ()
    rules: tuple[Piece, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the reason for programs, numbers rounded to four digits."""
        found: dict[str, object] = {"head": self.head, "label": self.label}
        if self.logit is not None:
            found |= {
                "logit": round(self.logit, 4),
                "bias": round(self.bias, 4),
                "grams": [{"text": one.text, "weight": round(one.weight, 4)} for one in self.grams],
                "cues": [_cue(one) for one in self.cues],
                "rest": round(self.rest, 4),
            }
        if self.parts:
            found["parts"] = {one.text: round(one.weight, 4) for one in self.parts}
        if self.rules:
            found["rules"] = [{"id": one.text, "words": list(one.words)} for one in self.rules]
        return found


def _cue(one: Piece) -> dict[str, object]:
    return {"id": one.text, "words": list(one.words), "weight": round(one.weight, 4)}


class _Pieces:
    """The pieces of one text as it was written.

    Args:
        text: as written.
        buffer: the same, normalised.
    """

    def __init__(self, text: str, buffer: Buffer) -> None:
        self._text = text
        self._places = spelled_places(text)
        self.letters = "".join(map(chr, buffer.codes.tolist()))

    def of(self, position: int, length: int) -> str:
        """Return what was written where an n-gram stands; `^` and `$` are the text's ends."""
        first, last = max(position, 1), min(position + length, len(self.letters) - 1)
        start = "^" if position < first else ""
        end = "$" if position + length > last else ""
        if first >= last:
            return f"{start}{end}"
        ends = self._places[first - 1], self._places[last - 2] + 1
        return f"{start}{self._text[ends[0] : ends[1]]}{end}"


class Explainer:
    """Explains labels of the model it belongs to.

    Args:
        parts: the trained part.
        words: the taxonomy.
        scanner: what reads texts.
        heads: the heads of chats and of aspects, as the scanner names their cues.
        judge: joins aspect head and cues.
        risks: the rules of risks.
    """

    def __init__(
        self,
        parts: Parts,
        words: Taxonomy,
        scanner: Scanner,
        heads: tuple[RowHead, RowHead],
        judge: AspectJudge,
        risks: RiskRules,
    ) -> None:
        self._parts = parts
        self._words = words
        self._scanner = scanner
        self._chat_head, self._aspect_head = heads
        self._judge = judge
        self._risks = risks

    def reasons(
        self, text: str, labels: Labels, scene_parts: Callable[[int], Mapping[str, float]]
    ) -> tuple[Reason, ...]:
        """Return why each label of a text was given, in the order of the heads and labels.

        Args:
            text: as it was labelled.
            labels: of this text alone.
            scene_parts: what makes up the score of the scene in a column of the chat head.
        """
        scan = self._scanner.scan([text])
        pieces = _Pieces(text, scan.buffer)
        found: list[Reason] = []
        for label, _ in _given(labels, "scene"):
            column = self._parts.scene_names.index(label)
            parts = tuple(Piece(name, part) for name, part in scene_parts(column).items())
            found.append(self._of_chat("scene", label, column, scan, pieces, parts))
        for label, value in _given(labels, "aspect"):
            found.extend(self._of_aspect(label, value, scan, pieces, float(labels.blamed_p[0])))
        found.extend(
            self._sentiment(label, scan, pieces) for label, _ in _given(labels, "sentiment")
        )
        found.extend(self._emotion(label, scan, pieces) for label, _ in _given(labels, "emotion"))
        found.extend(self._risk(label, text, scan, pieces) for label, _ in _given(labels, "risk"))
        return tuple(found)

    def _of_chat(
        self,
        head: str,
        label: str,
        column: int,
        scan: Scan,
        pieces: _Pieces,
        parts: tuple[Piece, ...] = (),
        rules: tuple[Piece, ...] = (),
    ) -> Reason:
        known = scan.seen.known[CHAT_ROWS]
        norm = float(text_norms(scan.buffer.lengths)[0])
        weights = _row_weights(self._chat_head, known.row, known.at, column, norm, pieces)
        flags = np.flatnonzero(scan.text_cues[:, 0])
        names = [self._scanner.text_names[place] for place in flags]
        cues = [
            Piece(
                name,
                float(self._chat_head.cues[place, column]) * float(CUE_STEP),
                self._cue_words(name, pieces.letters, 0, len(pieces.letters)),
            )
            for place, name in zip(flags, names, strict=True)
        ]
        return _reason(
            head, label, float(self._chat_head.biases[column]), weights, cues, parts, rules
        )

    def _emotion(self, label: str, scan: Scan, pieces: _Pieces) -> Reason:
        names = self._parts.emotion_names
        first = len(self._parts.scene_names)
        rules: tuple[Piece, ...] = ()
        known = label
        if label == ESCALATING:
            norms = text_norms(scan.buffer.lengths)
            seen, marks = scan.seen.known[CHAT_ROWS], scan.buffer.marks[:-1]
            logits = self._chat_head.logits(seen, marks, norms, scan.text_cues)[0, first:]
            known = names[int(np.argmax(logits))]
            rules = (Piece(f"{known} 且有严重风险，按激烈升级", 0.0),)
        column = first + names.index(known)
        return self._of_chat("emotion", label, column, scan, pieces, rules=rules)

    def _sentiment(self, label: str, scan: Scan, pieces: _Pieces) -> Reason:
        sign = -1.0 if label == "negative" else 1.0
        head = self._parts.sentiment
        weights = {
            text: [sign * one for one in some]
            for text, some in _wide_weights(head, scan.buffer, pieces).items()
        }
        neutral = "没有褒贬的方面、情绪平静，并且在提问或分数接近 0"
        rules = (Piece(neutral, 0.0),) if label == "neutral" else ()
        return _reason("sentiment", label, sign * head.bias, weights, [], (), rules)

    def _of_aspect(
        self, label: str, value: int, scan: Scan, pieces: _Pieces, blamed_p: float
    ) -> Iterator[Reason]:
        known, clauses = scan.seen.known[ASPECT_ROWS], scan.clauses
        logits = self._aspect_head.logits(
            known, clauses.first, clause_norms(scan), scan.clause_cues
        )
        cued, chance = self._judge.chances(logits, scan.clause_cues)
        place = self._judge.aspects.index(label)
        clause = int(np.argmax(chance[place]))
        bounds = [*clauses.first.tolist(), len(pieces.letters)]
        ends = bounds[clause], bounds[clause + 1]
        rules = tuple(
            Piece(f"{label}{sign}", 0.0, self._cue_words(f"{label}{sign}", pieces.letters, *ends))
            for sign in "-+="
            if scan.clause_cues[self._scanner.clause_names.index(f"{label}{sign}"), clause]
        )
        if label not in self._parts.aspect_outputs:
            yield Reason("aspect", label, rules=rules)
        else:
            column = self._parts.aspect_outputs.index(label)
            ruled = rules if cued[place, clause] >= chance[place, clause] else ()
            yield self._of_clause("aspect", label, {column: 1.0}, clause, ends, scan, pieces, ruled)
        even = bool(scan.clause_cues[self._scanner.clause_names.index(EVEN), clause])
        toned = [one for one in rules if one.text.endswith("-" if even else ("-", "+"))]
        tone = {-1: NEGATIVE, 0: "neutral", 1: POSITIVE}[value]
        if even or (toned and label not in self._parts.aspect_outputs):
            lukewarm = Piece(EVEN, 0.0, self._cue_words(EVEN, pieces.letters, *ends))
            yield Reason("polarity", tone, rules=tuple(toned or [lukewarm]))
            return
        sign = -1.0 if value < 0 else 1.0
        outputs, rule = self._parts.aspect_outputs, self._parts.aspect_rule
        columns = {outputs.index(POSITIVE): sign, outputs.index(NEGATIVE): -sign}
        told = [
            Piece(
                f"{label}的说法", rule.told * (sign if one.text.endswith("+") else -sign), one.words
            )
            for one in toned
        ]
        lean = Piece("整句的褒贬", -sign * _log_odds(blamed_p) * rule.lean)
        level = Piece("褒贬的分界", -sign * rule.level)
        mood = self._of_clause(
            "polarity", tone, columns, clause, ends, scan, pieces, (), lean, level, *told
        )
        yield mood if value else replace(mood, rules=(self._why_neutral(mood),))

    def _why_neutral(self, mood: Reason) -> Piece:
        strong = abs(mood.logit or 0.0) >= self._parts.aspect_rule.polar
        return Piece("平静的询问，褒贬只看字面" if strong else "褒贬不明显，只算提到", 0.0)

    def _of_clause(
        self,
        head: str,
        label: str,
        columns: Mapping[int, float],
        clause: int,
        ends: tuple[int, int],
        scan: Scan,
        pieces: _Pieces,
        rules: tuple[Piece, ...],
        *more: Piece,
    ) -> Reason:
        known = scan.seen.known[ASPECT_ROWS]
        inside = (known.at >= ends[0] * GRAM_LENGTHS) & (known.at < ends[1] * GRAM_LENGTHS)
        norm = float(clause_norms(scan)[clause])
        weights: Weights = defaultdict(list)
        bias, row = 0.0, self._aspect_head
        flags = np.flatnonzero(scan.clause_cues[:, clause])
        for column, sign in columns.items():
            bias += sign * float(row.biases[column])
            some = _row_weights(row, known.row[inside], known.at[inside], column, norm, pieces)
            for text, found in some.items():
                weights[text] += [sign * one for one in found]
        cues = [
            Piece(
                name,
                fsum(s * float(row.cues[place, c]) for c, s in columns.items()) * float(CUE_STEP),
                self._cue_words(name, pieces.letters, *ends),
            )
            for place, name in ((at, self._scanner.clause_names[at]) for at in flags)
        ]
        return _reason(head, label, bias, weights, [*cues, *more], (), rules)

    def _risk(self, label: str, text: str, scan: Scan, pieces: _Pieces) -> Reason:
        words = self._risks.words(text, tuple(self._words.risks).index(label))
        if words:
            return Reason("risk", label, rules=(Piece(label, 0.0, (words,)),))
        dangers, known = self._parts.dangers, scan.seen.known[DANGER_ROWS]
        norm = float(text_norms(scan.buffer.lengths)[0])
        weights = {
            piece: [dangers.slope * one for one in some]
            for piece, some in _row_weights(
                dangers.head, known.row, known.at, 0, norm, pieces
            ).items()
        }
        bias = dangers.slope * float(dangers.head.biases[0]) + dangers.offset
        return _reason("risk", label, bias, weights, [], (), ())

    def _cue_words(self, name: str, letters: str, first: int, last: int) -> tuple[str, ...]:
        """Return the words that a cue found where it looked, without repeats."""
        words = self._words
        if name.startswith("@"):
            patterns: Sequence[str] = [name]
        elif name in words.scenes:
            patterns = words.scenes[name].patterns
        elif name in words.emotions:
            patterns = words.emotions[name].patterns
        else:
            aspect = words.aspects[name[:-1]]
            patterns = {"-": aspect.negative, "+": aspect.positive, "=": aspect.topic}[name[-1]]
        found = (matched_words(one, words.concepts, letters, first, last) for one in patterns)
        return tuple(dict.fromkeys(word for some in found for word in some))


def _given(labels: Labels, name: str) -> list[tuple[str, int]]:
    head = labels.head(name)
    return [(head.names[head.label[row]], int(head.value[row])) for row in head.rows_of(0)]


def _log_odds(p: float) -> float:
    """Return the log-odds, cut where a text's leaning moves its clauses no further."""
    least = 1 / (1 + np.exp(float(SURE)))
    p = min(max(p, least), 1 - least)
    return log(p / (1 - p))


def _row_weights(
    head: RowHead,
    rows: NDArray[np.int32],
    at: NDArray[np.int64],
    column: int,
    norm: float,
    pieces: _Pieces,
) -> Weights:
    weights: Weights = defaultdict(list)
    each = head.weights[rows, column].astype(np.float64) * float(head.steps[column]) / norm
    for place, weight in zip(at.tolist(), each.tolist(), strict=True):
        weights[pieces.of(place // GRAM_LENGTHS, place % GRAM_LENGTHS + 1)].append(weight)
    return weights


def _wide_weights(head: WideHead, buffer: Buffer, pieces: _Pieces) -> Weights:
    """Return what each n-gram adds, counted again near the ends, to a score over a whole text."""
    some = list(wide_grams(buffer, list(grams(buffer, GRAM_LENGTHS))))
    norm = max(1, sum(len(one.position) for one in some)) ** 0.5
    weights: Weights = defaultdict(list)
    for one in some:
        each = head.table[buckets(one, SLOT_BITS)].astype(np.float64) * head.step / norm
        for position, weight in zip(one.position.tolist(), each.tolist(), strict=True):
            weights[pieces.of(position, one.length)].append(weight)
    return weights


def _reason(
    head: str,
    label: str,
    bias: float,
    weights: Weights,
    cues: Iterable[Piece],
    parts: tuple[Piece, ...],
    rules: tuple[Piece, ...],
) -> Reason:
    every = [Piece(text, fsum(some)) for text, some in weights.items()]
    grams_, lists = _heaviest(every), _heaviest(cues)
    total = fsum(one.weight for one in (*every, *cues))
    shown = fsum(one.weight for one in (*grams_, *lists))
    return Reason(head, label, bias + total, bias, grams_, lists, total - shown, parts, rules)


def _heaviest(some: Iterable[Piece]) -> tuple[Piece, ...]:
    ordered = sorted(some, key=lambda one: (-abs(one.weight), one.text))
    return tuple(one for one in ordered[:SHOWN] if one.weight)
