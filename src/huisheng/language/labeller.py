"""The shipped model: texts in, labels out."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huisheng.language.aspects import NEGATIVE, POSITIVE, AspectJudge, AspectView
from huisheng.language.blame import blame_signals
from huisheng.language.encoding import batches
from huisheng.language.heads import Floats, clause_norms, sigmoid, text_norms
from huisheng.language.labels import HeadLabels, Labels
from huisheng.language.modelfile import MODEL_VERSION, Parts, read_parts
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
    NONE,
    VIEWS,
    Evidence,
    Turn,
    choose,
    chosen_scenes,
    views,
    without,
)
from huisheng.language.taxonomy import Taxonomy, taxonomy
from huisheng.language.wide import WidePair

T = TypeVar("T", bound=Hashable)
_RISK_P = np.float32(0.9)
"""Probability written with a risk that a rule found: a convention, rules give none."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one pass found in n distinct texts; arrays have n rows."""

    sentiment: Floats
    blame: Floats
    aspects: AspectView
    chat: Floats
    cues: NDArray[np.bool_]
    lengths: NDArray[np.int32]
    risks: NDArray[np.bool_]


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
        self._scanner = Scanner(words)
        self._risks = RiskRules(words.risks.values())
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
        self._cue_rows = [self._scanner.text_names.index(f"@{name}") for name in CUES_READ]

    def label(
        self,
        texts: Sequence[str] | pa.Array | pa.ChunkedArray,
        contexts: Sequence[Sequence[Turn]] | None = None,
    ) -> Labels:
        """Label n texts; equal texts (with equal contexts) are labelled once.

        Args:
            texts: any strings; null counts as empty.
            contexts: earlier turns of each text, oldest first; only the scene reads them.

        Raises:
            ValueError: `contexts` has another length than `texts`.
        """
        listed = _listed(texts)
        if contexts is None:
            distinct, copies = _distinct(listed)
            reading = self._read(distinct)
            return self._labels(reading, copies, {}, copies)
        if len(contexts) != len(listed):
            raise ValueError("contexts 与 texts 的长度不同")
        keyed = [(text, tuple(turns)) for text, turns in zip(listed, contexts, strict=True)]
        messages, message_copies = _distinct(keyed)
        stretches = [views(text, turns) for text, turns in messages]
        every = listed + [text for found in stretches for text in found.values()]
        distinct, places = _distinct(every)
        index = {text: place for place, text in enumerate(distinct)}
        looked_up = {
            view: np.array(
                [index[found[view]] if view in found else -1 for found in stretches],
                dtype=np.int64,
            )
            for view in VIEWS
        }
        return self._labels(self._read(distinct), places[: len(listed)], looked_up, message_copies)

    def _read(self, texts: Sequence[str]) -> _Reading:
        parts = [self._read_batch(batch) for batch in batches(texts)]
        return _Reading(
            sentiment=np.concatenate([part.sentiment for part in parts]),
            blame=np.concatenate([part.blame for part in parts]),
            aspects=AspectView(
                p=np.concatenate([part.aspects.p for part in parts]),
                polarity=np.concatenate([part.aspects.polarity for part in parts]),
                chosen=np.concatenate([part.aspects.chosen for part in parts]),
                ruled=np.concatenate([part.aspects.ruled for part in parts]),
            ),
            chat=np.concatenate([part.chat for part in parts]),
            cues=np.concatenate([part.cues for part in parts]),
            lengths=np.concatenate([part.lengths for part in parts]),
            risks=np.concatenate([part.risks for part in parts]),
        )

    def _read_batch(self, texts: Sequence[str]) -> _Reading:
        scan = self._scanner.scan(texts)
        buffer, clauses = scan.buffer, scan.clauses
        norms = text_norms(scan)
        clause_logits = self._aspect_head.logits(
            scan, clauses.unit, clause_norms(scan), scan.clause_cues
        )
        sentiment, whole = self._whole.logits(scan).T
        negative, positive = (clause_logits[:, column] for column in self._polar)
        blame = self._parts.blame_rule.logits(
            blame_signals(whole, sentiment, negative, positive, clauses.owner, buffer.lengths)
        )
        risks = np.zeros((len(texts), len(self._risk_names)), dtype=bool)
        for column, place in np.argwhere(scan.risk_suspects).tolist():
            risks[place, column] = self._risks.confirm(texts[place], self._risk_names[column])
        return _Reading(
            sentiment=sentiment,
            blame=blame,
            aspects=self._judge.judge(clause_logits, scan.clause_cues, clauses, blame),
            chat=self._chat_head.logits(scan, buffer.owner, norms, scan.text_cues),
            cues=scan.text_cues[self._cue_rows].T,
            lengths=buffer.lengths,
            risks=risks,
        )

    def _labels(
        self,
        reading: _Reading,
        copies: NDArray[np.int64],
        looked_up: dict[str, NDArray[np.int64]],
        message_copies: NDArray[np.int64],
    ) -> Labels:
        names = self._parts.emotion_names
        emotion_logits = reading.chat[:, len(self._parts.scene_names) :]
        severity = (reading.risks * self._severity).max(axis=1, initial=0)
        emotion, emotion_p = emotions_of(emotion_logits, names, severity)
        calm = emotion == names.index("calm")
        asks = reading.cues[:, CUES_READ.index("ask")]
        mood = sentiment_of(reading.sentiment, reading.aspects, calm, asks)
        all_emotions = (*names, ESCALATING)
        levels = np.array([LEVELS[name] for name in all_emotions])
        polarity = mood.sentiment - 1
        content = contented(mood, reading.blame, reading.aspects, levels[emotion], asks)
        heads = [
            self._scenes(reading, content, looked_up, message_copies),
            _from_grid(
                "aspect",
                reading.aspects.chosen,
                reading.aspects.polarity,
                reading.aspects.p,
                reading.aspects.ruled,
                self._judge.aspects,
                copies,
            ),
            _one_each("sentiment", mood.sentiment, polarity, mood.p, SENTIMENTS, copies),
            _one_each("emotion", emotion, levels[emotion], emotion_p, all_emotions, copies),
            _from_grid(
                "risk",
                reading.risks,
                np.zeros_like(reading.risks, dtype=np.int8),
                np.full(reading.risks.shape, _RISK_P),
                np.ones_like(reading.risks),
                self._risk_names,
                copies,
            ),
        ]
        blamed_p = sigmoid(reading.blame)[copies]
        return Labels(heads, mood.positive_p[copies], blamed_p, MODEL_VERSION)

    def _scenes(
        self,
        reading: _Reading,
        content: NDArray[np.bool_],
        looked_up: dict[str, NDArray[np.int64]],
        copies: NDArray[np.int64],
    ) -> HeadLabels:
        evidence = self._evidence(reading, looked_up)
        names = self._parts.scene_names
        none = names.index(NONE)
        chances = choose(evidence, self._parts.scene_rule.weights, none, names.index("ANY02"))
        own = looked_up.get("message", np.arange(len(content)))
        chances = without(chances, self._complaints, content[own], none)
        scene, p = chosen_scenes(chances, none, self._parts.scene_rule)
        item, rank = np.nonzero(scene >= 0)
        zero = np.zeros(len(item), dtype=np.int8)
        return HeadLabels(
            "scene", item, scene[item, rank], zero, p[item, rank], zero.astype(bool), names, copies
        )

    def _evidence(self, reading: _Reading, looked_up: dict[str, NDArray[np.int64]]) -> Evidence:
        own = looked_up.get("message", np.arange(len(reading.lengths)))
        absent = np.full(len(own), -1)
        rows = {view: looked_up.get(view, absent) for view in VIEWS} | {"message": own}
        scores = reading.chat[:, : len(self._parts.scene_names)]
        return Evidence(
            logits={view: scores[row] for view, row in rows.items()},
            present={view: row >= 0 for view, row in rows.items()},
            lengths=reading.lengths[own],
            cues={name: reading.cues[own, place] for place, name in enumerate(CUES_READ)},
        )


def _from_grid(
    head: str,
    chosen: NDArray[np.bool_],
    value: NDArray[np.int8],
    p: Floats,
    ruled: NDArray[np.bool_],
    names: Sequence[str],
    copies: NDArray[np.int64],
) -> HeadLabels:
    item, label = np.nonzero(chosen)
    order = np.lexsort((label, -p[item, label], item))
    item, label = item[order], label[order]
    return HeadLabels(
        head, item, label, value[item, label], p[item, label], ruled[item, label], names, copies
    )


def _one_each(
    head: str,
    label: NDArray[np.int64],
    value: NDArray[np.int64],
    p: Floats,
    names: Sequence[str],
    copies: NDArray[np.int64],
) -> HeadLabels:
    by_model = np.zeros(len(label), dtype=bool)
    return HeadLabels(
        head, np.arange(len(label)), label, value.astype(np.int8), p, by_model, names, copies
    )


def _listed(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> list[str]:
    if isinstance(texts, pa.Array | pa.ChunkedArray):
        return [text or "" for text in texts.to_pylist()]
    return list(texts)


def _distinct(keys: Sequence[T]) -> tuple[list[T], NDArray[np.int64]]:
    """Return (distinct keys in order of first appearance, place of each key among them)."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return list(places), np.fromiter(map(places.__getitem__, keys), np.int64, len(keys))


@cache
def load_model() -> Model:
    """Load the shipped model (once per process).

    Raises:
        DefinitionError: the model file is missing or damaged.
    """
    return Model(read_parts(), taxonomy())
