"""The shipped model: texts in, labels out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.language.aspects import NEGATIVE, POSITIVE, AspectJudge, AspectView
from huisheng.language.blame import blame_signals
from huisheng.language.contexts import Stretches, Turns, distinct_rows, stretches
from huisheng.language.dangers import DANGERS
from huisheng.language.encoding import Buffer, encode, encode_distinct
from huisheng.language.explaining import Explainer, Reason
from huisheng.language.heads import Floats, clause_norms, sigmoid, text_norms
from huisheng.language.labels import HeadLabels, Labels, from_grid, one_each
from huisheng.language.modelfile import (
    ASPECT_ROWS,
    CHAT_ROWS,
    DANGER_ROWS,
    MODEL_VERSION,
    Parts,
    read_parts,
)
from huisheng.language.moods import (
    ESCALATING,
    LEVELS,
    SENTIMENTS,
    contented,
    emotions_of,
    sentiment_of,
)
from huisheng.language.risks import RiskRules
from huisheng.language.scan import Scanner
from huisheng.language.scenes import (
    CUES_READ,
    MOST_SCENES,
    NONE,
    VIEWS,
    Evidence,
    Turn,
    choose,
    chosen_scenes,
    view_scores,
    views,
    without,
)
from huisheng.language.spelling import text_array
from huisheng.language.taxonomy import Taxonomy, taxonomy
from huisheng.language.wide import WidePair

Places = NDArray[np.int64]
_RISK_P = np.float32(0.9)
"""Probability written with a risk that a rule found: a convention, rules give none."""
_SURELY_CALM, _SURELY_ASKED = np.float32(0.93), np.float32(0.8)
"""Chances from which a text is a plain request: so are 57 % of calm chat lines, 1 % of reviews."""
_ASKED_WHETHER = np.float32(0.6)
"""Chance that a short question is about anything but a complaint."""
_QUESTION = 16
"""Letters up to which a text that asks does nothing else."""
_SURE_OF_DANGER = np.float32(0.9)
_ROWS_AT_ONCE = 2_048
"""Messages whose scenes are chosen at once, so that their scores stay in the cache."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one pass found in n normalised texts; arrays have n rows."""

    sentiment: Floats
    blame: Floats
    aspects: AspectView
    chat: Floats
    dangers: Floats
    cues: NDArray[np.bool_]
    lengths: NDArray[np.int32]
    suspects: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence["_Reading"]) -> "_Reading":
        """Put readings one after another."""
        views = [part.aspects for part in parts]
        return cls(
            sentiment=np.concatenate([part.sentiment for part in parts]),
            blame=np.concatenate([part.blame for part in parts]),
            aspects=AspectView(
                p=np.concatenate([view.p for view in views]),
                polarity=np.concatenate([view.polarity for view in views]),
                said=np.concatenate([view.said for view in views]),
                chosen=np.concatenate([view.chosen for view in views]),
                ruled=np.concatenate([view.ruled for view in views]),
            ),
            chat=np.concatenate([part.chat for part in parts]),
            dangers=np.concatenate([part.dangers for part in parts]),
            cues=np.concatenate([part.cues for part in parts]),
            lengths=np.concatenate([part.lengths for part in parts]),
            suspects=np.concatenate([part.suspects for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class _Items:
    """Distinct messages as far as labels go: they read alike and signal the same risks.

    Attributes:
        read_as: int64[i] normalised text of each.
        risks: bool[i, r].
        copies: int64[n] item of each message.
    """

    read_as: Places
    risks: NDArray[np.bool_]
    copies: Places


class Model:
    """Labels texts with scenes, aspects, sentiment, emotion and risks.

    Args:
        parts: the trained part.
        words: the taxonomy whose patterns and risk rules are used.

    Attributes:
        talk: the trained judge of whole conversations.
    """

    def __init__(self, parts: Parts, words: Taxonomy) -> None:
        self._parts = parts
        self.talk = parts.talk
        self._whole = WidePair.of(parts.sentiment, parts.blame)
        self._scanner = Scanner(words, parts.rows)
        self._risks = RiskRules(words.risks.values(), words.risk_words)
        self._risk_names = tuple(words.risks)
        self._severity = np.array([risk.severity for risk in words.risks.values()])
        self._judge = AspectJudge(
            tuple(words.aspects),
            parts.aspect_outputs,
            self._scanner.clause_names,
            parts.aspect_rule,
        )
        self._polar = [parts.aspect_outputs.index(name) for name in (NEGATIVE, POSITIVE)]
        self._complaints = np.array(
            [name in words.scenes and words.scenes[name].complaint for name in parts.scene_names]
        )
        self._aspect_head = parts.aspects.aligned(parts.clause_cues, self._scanner.clause_names)
        self._chat_head = parts.chat.aligned(parts.text_cues, self._scanner.text_names)
        self._explainer = Explainer(
            parts,
            words,
            self._scanner,
            (self._chat_head, self._aspect_head),
            self._judge,
            self._risks,
        )
        self._cue_rows = [self._scanner.text_names.index(f"@{name}") for name in CUES_READ]

    def label(
        self,
        texts: Sequence[str] | pa.Array | pa.ChunkedArray,
        contexts: Sequence[Sequence[Turn]] | Turns | None = None,
    ) -> Labels:
        """Label n texts; texts that read alike are read once.

        Args:
            texts: any strings; null counts as empty.
            contexts: earlier turns of each text, oldest first, or as columns; only the scene
                reads them.

        Raises:
            ValueError: `contexts` has another length than `texts`.
        """
        given = text_array(texts)
        turns = contexts if contexts is None or isinstance(contexts, Turns) else Turns.of(contexts)
        if turns is not None and not turns.fit(len(given)):
            raise ValueError("contexts 与 texts 的长度不同")
        found = stretches(given, turns)
        letters, read_as = encode_distinct(found.texts)
        heard = int(read_as[: found.asked].max(initial=-1)) + 1
        reading = _Reading.joined(list(self._readings(letters.cut(0, heard))))
        others = letters.cut(heard, letters.size)
        scenes = len(self._parts.scene_names)
        scores = [reading.chat[:, :scenes], *self._scene_scores(others)]
        items = self._items(reading, found, read_as)
        return self._labels(reading, np.concatenate(scores), items, found, read_as)

    def explain(self, text: str, context: Sequence[Turn] = ()) -> tuple[Reason, ...]:
        """Return why a text has each of its labels.

        Args:
            text: as written.
            context: earlier turns, oldest first.
        """
        labels = self.label([text], [context])
        read = views(text, context)
        buffer = encode(list(read.values()))
        scores = dict(zip(read, np.concatenate(list(self._scene_scores(buffer))), strict=True))
        reading = self._read_batch(encode([text]))
        names = self._parts.scene_names
        absent = np.zeros_like(scores["message"])
        evidence = Evidence(
            logits={view: scores.get(view, absent)[None] for view in VIEWS},
            present={view: np.array([view in scores]) for view in VIEWS},
            lengths=reading.lengths,
            cues={name: reading.cues[:, place] for place, name in enumerate(CUES_READ)},
        )
        weights = self._parts.scene_rule.weights
        parts = view_scores(evidence, weights, names.index(NONE), names.index("ANY02"))
        return self._explainer.reasons(
            text,
            labels,
            lambda column: {view: float(part[0, column]) for view, part in parts.items()},
        )

    def _readings(self, letters: Buffer) -> Iterator[_Reading]:
        for batch in letters.batches() if letters.size else [letters]:
            yield self._read_batch(batch)

    def _scene_scores(self, letters: Buffer) -> Iterator[Floats]:
        """Yield the scene scores of texts that are only read as context."""
        for batch in letters.batches():
            seen = self._scanner.see(batch)
            cues = self._scanner.text_cues(seen)
            norms = text_norms(batch.lengths)
            logits = self._chat_head.logits(seen.known[CHAT_ROWS], batch.marks[:-1], norms, cues)
            yield logits[:, : len(self._parts.scene_names)]

    def _read_batch(self, batch: Buffer) -> _Reading:
        scan = self._scanner.scan(batch)
        clauses, lengths, known = scan.clauses, batch.lengths, scan.seen.known
        clause_logits = self._aspect_head.logits(
            known[ASPECT_ROWS], clauses.first, clause_norms(scan), scan.clause_cues
        )
        sentiment, whole = self._whole.logits(scan.seen).T
        negative, positive = (clause_logits[:, column] for column in self._polar)
        blame = self._parts.blame_rule.logits(
            blame_signals(whole, sentiment, negative, positive, clauses.owner, lengths)
        )
        norms = text_norms(lengths)
        return _Reading(
            sentiment=sentiment,
            blame=blame,
            aspects=self._judge.judge(clause_logits, scan.clause_cues, clauses, blame),
            chat=self._chat_head.logits(known[CHAT_ROWS], batch.marks[:-1], norms, scan.text_cues),
            dangers=self._parts.dangers.logits(known[DANGER_ROWS], batch.marks[:-1], norms),
            cues=scan.text_cues[self._cue_rows].T,
            lengths=lengths,
            suspects=scan.risk_suspects.T,
        )

    def _items(self, reading: _Reading, found: Stretches, read_as: Places) -> _Items:
        """Tell risks by the texts as written: a rule may ask for a digit."""
        own = read_as[: found.asked]
        risks = self._risks.confirm(found.texts.slice(0, found.asked), reading.suspects[own])
        risky = np.flatnonzero(risks.any(axis=1))
        plain = len(reading.lengths)
        item = own.copy()
        item[risky] = plain + np.arange(len(risky))
        harmless = np.zeros((plain, len(self._risk_names)), dtype=bool)
        return _Items(
            read_as=np.concatenate([np.arange(plain), own[risky]]),
            risks=np.concatenate([harmless, risks[risky]]),
            copies=item[found.places["message"]],
        )

    def _labels(
        self,
        reading: _Reading,
        scores: Floats,
        items: _Items,
        found: Stretches,
        read_as: Places,
    ) -> Labels:
        names, own, copies = self._parts.emotion_names, items.read_as, items.copies
        emotion_logits = reading.chat[own, len(self._parts.scene_names) :]
        risks = self._risk_view(items.risks, reading.suspects[own], reading.dangers[own])
        severity = (risks.chosen * self._severity).max(axis=1, initial=0)
        emotion, emotion_p = emotions_of(emotion_logits, names, severity)
        calm = emotion == names.index("calm")
        asks = reading.cues[own, CUES_READ.index("ask")]
        calmly = calm & (emotion_p >= _SURELY_CALM)
        questions = asks & (reading.lengths[own] <= _QUESTION)
        requests = self._requests(reading, scores, own, calmly, questions)
        aspects = reading.aspects.of(own).plainly(requests).asked(requests & questions)
        blame = reading.blame[own]
        mood = sentiment_of(reading.sentiment[own], aspects, calm, asks | requests)
        all_emotions = (*names, ESCALATING)
        levels = np.array([LEVELS[name] for name in all_emotions])[emotion]
        content = contented(mood, blame, aspects, levels, asks)
        heads = [
            self._scenes(reading, scores, items, content, _read(found, read_as)),
            from_grid("aspect", aspects, self._judge.aspects, copies),
            one_each("sentiment", mood.sentiment, mood.sentiment - 1, mood.p, SENTIMENTS, copies),
            one_each("emotion", emotion, levels, emotion_p, all_emotions, copies),
            from_grid("risk", risks, self._risk_names, copies),
        ]
        return Labels(heads, mood.positive_p[copies], sigmoid(blame)[copies], MODEL_VERSION)

    def _risk_view(
        self, ruled: NDArray[np.bool_], suspects: NDArray[np.bool_], logits: Floats
    ) -> AspectView:
        """Return what the rules found, and a danger that the head heard where they found none.

        Where a rule knows a word of the text it has had its say: the head needs to be sure.
        """
        which, p = self._parts.dangers.heard(logits)
        places = np.array([self._risk_names.index(name) for name in DANGERS])
        unknown = ~suspects[:, places].any(axis=1) | (p >= _SURE_OF_DANGER)
        rows = np.flatnonzero((which >= 0) & unknown & ~ruled[:, places].any(axis=1))
        chances = np.full(ruled.shape, _RISK_P)
        chances[rows, places[which[rows]]] = p[rows]
        chosen = ruled.copy()
        chosen[rows, places[which[rows]]] = True
        none = np.zeros_like(ruled, dtype=np.int8)
        return AspectView(chances, none, none, chosen, ruled)

    def _requests(
        self,
        reading: _Reading,
        scores: Floats,
        own: Places,
        calm: NDArray[np.bool_],
        questions: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        """Return bool[i]: calm texts that surely ask for something and complain of nothing.

        What a question is about need not be sure, as long as it is no complaint.
        Polarity was learned from reviews, and who asks for an invoice blames nobody.
        """
        names, rule = self._parts.scene_names, self._parts.scene_rule
        none, thanks = names.index(NONE), names.index("ANY02")
        asked = ~self._complaints
        asked[[none, thanks]] = False
        requests = np.zeros(len(own), dtype=bool)
        rows = np.flatnonzero(calm)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            evidence = _evidence(reading, scores, own[some], {})
            chances = choose(evidence, rule.weights, none, thanks)
            wished = chances[:, asked]
            surely = wished.max(axis=1) >= _SURELY_ASKED
            requests[some] = surely | questions[some] & (wished.sum(axis=1) >= _ASKED_WHETHER)
        return requests

    def _scenes(
        self,
        reading: _Reading,
        scores: Floats,
        items: _Items,
        content: NDArray[np.bool_],
        views: Mapping[str, Places],
    ) -> HeadLabels:
        """Choose scenes once for messages that are read alike with contexts read alike."""
        firsts, copies = distinct_rows([items.copies, *views.values()])
        rows = {view: place[firsts] for view, place in views.items()}
        item = items.copies[firsts]
        names, rule = self._parts.scene_names, self._parts.scene_rule
        none, thanks = names.index(NONE), names.index("ANY02")
        scene = np.empty((len(firsts), MOST_SCENES), dtype=np.int64)
        p = np.empty(scene.shape, dtype=np.float32)
        for some in _alike(list(rows.values()), len(firsts)):
            own = items.read_as[item[some]]
            evidence = _evidence(reading, scores, own, {v: row[some] for v, row in rows.items()})
            chances = choose(evidence, rule.weights, none, thanks)
            chances = without(chances, self._complaints, content[item[some]], none)
            scene[some], p[some] = chosen_scenes(chances, none, rule)
        row, rank = np.divmod(np.flatnonzero(scene >= 0), MOST_SCENES)
        zero = np.zeros(len(row), dtype=np.int8)
        return HeadLabels(
            "scene", row, scene[row, rank], zero, p[row, rank], zero.astype(bool), names, copies
        )


def _read(found: Stretches, read_as: Places) -> dict[str, Places]:
    """Return the normalised text of each context view of each message, −1 where there is none."""
    others = {view: place for view, place in found.places.items() if view != "message"}
    return {view: np.where(place < 0, -1, read_as[place]) for view, place in others.items()}


def _alike(rows: Sequence[Places], count: int) -> Iterator[Places]:
    """Yield `count` messages in pieces; those that have the same views lie together."""
    pattern = np.zeros(count, dtype=np.int8)
    for at, row in enumerate(rows):
        pattern |= ((row >= 0) << at).astype(np.int8)
    order = np.argsort(pattern, kind="stable")
    for first in range(0, count, _ROWS_AT_ONCE):
        yield order[first : first + _ROWS_AT_ONCE]


def _evidence(
    reading: _Reading, scores: Floats, own: Places, views: Mapping[str, Places]
) -> Evidence:
    absent = np.full(len(own), -1)
    rows = {view: views.get(view, absent) for view in VIEWS} | {"message": own}
    return Evidence(
        logits={view: scores[row] for view, row in rows.items()},
        present={view: row >= 0 for view, row in rows.items()},
        lengths=reading.lengths[own],
        cues={name: reading.cues[own, place] for place, name in enumerate(CUES_READ)},
    )


@cache
def load_model() -> Model:
    """Load the shipped model (once per process).

    Raises:
        DefinitionError: the model file is missing or damaged.
    """
    return Model(read_parts(), taxonomy())
