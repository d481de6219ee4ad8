"""Texts in, labels out: scenes, aspects, sentiment, emotion and risks of what buyers write."""

from huisheng.language.contexts import Turns
from huisheng.language.dissatisfaction import Cause, Dissatisfaction, judge_conversations
from huisheng.language.labeller import Model, load_model
from huisheng.language.labels import Labels
from huisheng.language.modelfile import MODEL_VERSION
from huisheng.language.scenes import Turn
from huisheng.language.talk import EMOTION_NAMES
from huisheng.language.taxonomy import Taxonomy, taxonomy

__all__ = [
    "EMOTION_NAMES",
    "MODEL_VERSION",
    "Cause",
    "Dissatisfaction",
    "Labels",
    "Model",
    "Taxonomy",
    "Turn",
    "Turns",
    "judge_conversations",
    "load_model",
    "taxonomy",
]
