"""Texts in, labels out: scenes, aspects, sentiment, emotion and risks of what buyers write."""

from huisheng.language import licence
from huisheng.language.concerns import (
    ACTS,
    Book,
    Change,
    Concern,
    ConcernReader,
    read_ledger,
    turned,
)
from huisheng.language.contexts import Turns
from huisheng.language.dissatisfaction import Cause, Dissatisfaction, judge_conversations
from huisheng.language.entities import all_entity_kinds, entities_of
from huisheng.language.explaining import Reason
from huisheng.language.labeller import Model, load_model
from huisheng.language.labels import Labels
from huisheng.language.modelfile import MODEL_VERSION
from huisheng.language.phrases import Phrases, find_phrases, gist
from huisheng.language.scenes import Turn
from huisheng.language.talk import EMOTION_NAMES
from huisheng.language.taxonomy import Taxonomy, taxonomy

__all__ = [
    "ACTS",
    "EMOTION_NAMES",
    "MODEL_VERSION",
    "Book",
    "Cause",
    "Change",
    "Concern",
    "ConcernReader",
    "Dissatisfaction",
    "Labels",
    "Model",
    "Phrases",
    "Reason",
    "Taxonomy",
    "Turn",
    "Turns",
    "all_entity_kinds",
    "entities_of",
    "find_phrases",
    "gist",
    "judge_conversations",
    "licence",
    "load_model",
    "read_ledger",
    "taxonomy",
    "turned",
]
