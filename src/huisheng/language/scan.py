"""The one pass over a batch that every head shares: n-grams, text cues, clause cues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huisheng.language.cues import Clauses, Cues, Hits, Literals, split_clauses
from huisheng.language.encoding import Buffer, Grams, encode, grams
from huisheng.language.taxonomy import Taxonomy

GRAM_LENGTHS = 4
"""The linear heads read n-grams up to this length; literals may be longer."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was seen in a batch of n texts with m clauses.

    Attributes:
        buffer: the normalised batch.
        clauses: where clauses begin, and whose they are.
        grams: n-grams of length 1 to 4.
        text_cues: bool[c1, n] concepts, scene patterns, emotion patterns.
        clause_cues: bool[c2, m] aspect patterns by polarity.
        risk_suspects: bool[r, n] texts that hold a trigger word of each risk.
    """

    buffer: Buffer
    clauses: Clauses
    grams: tuple[Grams, ...]
    text_cues: NDArray[np.bool_]
    clause_cues: NDArray[np.bool_]
    risk_suspects: NDArray[np.bool_]


class Scanner:
    """Compiles a taxonomy's patterns once and scans batches.

    Args:
        taxonomy: where the patterns come from.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        text = Cues(_text_columns(taxonomy), taxonomy.concepts)
        clause = Cues(_clause_columns(taxonomy), taxonomy.concepts)
        risks = Cues({risk.id: ["|".join(risk.triggers)] for risk in taxonomy.risks.values()}, {})
        self._literals = Literals(text.literals | clause.literals | risks.literals)
        self._text = text.bind(self._literals)
        self._clause = clause.bind(self._literals)
        self._risks = risks.bind(self._literals)
        self.text_names = text.names
        self.clause_names = clause.names

    def scan(self, texts: Sequence[str]) -> Scan:
        """Scan a batch; each text's result is independent of its neighbours."""
        buffer = encode(texts)
        clauses = split_clauses(buffer)
        found = tuple(grams(buffer, max(self._literals.longest, GRAM_LENGTHS)))
        hits: Hits = self._literals.find(found)
        return Scan(
            buffer=buffer,
            clauses=clauses,
            grams=found[:GRAM_LENGTHS],
            text_cues=self._text.columns(hits, buffer.owner, buffer.size),
            clause_cues=self._clause.columns(hits, clauses.unit, clauses.size),
            risk_suspects=self._risks.columns(hits, buffer.owner, buffer.size),
        )


def _text_columns(taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    columns: dict[str, Sequence[str]] = {f"@{name}": [f"@{name}"] for name in taxonomy.concepts}
    columns.update({scene.id: scene.patterns for scene in taxonomy.scenes.values()})
    columns.update({emotion.id: emotion.patterns for emotion in taxonomy.emotions.values()})
    return columns


def _clause_columns(taxonomy: Taxonomy) -> Mapping[str, Sequence[str]]:
    columns: dict[str, Sequence[str]] = {}
    for aspect in taxonomy.aspects.values():
        columns[f"{aspect.id}-"] = aspect.negative
        columns[f"{aspect.id}+"] = aspect.positive
        columns[f"{aspect.id}="] = aspect.topic
    return columns
