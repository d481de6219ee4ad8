"""Write and read everything trained as one small npz inside the package."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huisheng.errors import DefinitionError
from huisheng.language.aspects import AspectRule
from huisheng.language.blame import BlameRule
from huisheng.language.dangers import Dangers
from huisheng.language.heads import RowHead
from huisheng.language.scan import Rows
from huisheng.language.scenes import SceneRule
from huisheng.language.talk import TalkRule
from huisheng.language.wide import WideHead

MODEL_VERSION = "2026.7"
"""Written with every label; what labels otherwise (a model that ships, rules) gets a new one."""
MODEL_FILE = "huisheng.npz"
CHAT_ROWS, ASPECT_ROWS, DANGER_ROWS = 0, 1, 2
"""Places of the heads by rows in `Parts.rows`, and so in what a scanner knows of a batch."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything trained.

    Attributes:
        sentiment: head of the sentiment of a text.
        blame: head of whether a text blames anything, read on whole texts.
        blame_rule: joins that head with sentiment and clauses.
        aspects: head of aspects and polarity, read clause by clause.
        chat: head of scenes, then emotions, read on whole texts.
        aspect_outputs: names of the outputs of `aspects`.
        scene_names: names of the first outputs of `chat`, `NONE` included.
        emotion_names: names of its other outputs.
        text_cues: cue columns `chat` was trained with.
        clause_cues: cue columns `aspects` was trained with.
        aspect_rule: calibration and thresholds.
        scene_rule: second stage and thresholds.
        dangers: head of dangers that no rule hears.
        talk: judge of whole conversations.
    """

    sentiment: WideHead
    blame: WideHead
    blame_rule: BlameRule
    aspects: RowHead
    chat: RowHead
    aspect_outputs: tuple[str, ...]
    scene_names: tuple[str, ...]
    emotion_names: tuple[str, ...]
    text_cues: tuple[str, ...]
    clause_cues: tuple[str, ...]
    aspect_rule: AspectRule
    scene_rule: SceneRule
    dangers: Dangers
    talk: TalkRule

    @property
    def rows(self) -> tuple[Rows, Rows, Rows]:
        """The rows of the heads that one look-up serves."""
        return self.chat.rows, self.aspects.rows, self.dangers.head.rows


def write_parts(parts: Parts, folder: Path) -> Path:
    """Write the model file into `folder` and return its path.

    The arrays are stored as they are: inflating them would be a good part of the start-up, and a
    wheel is compressed anyway.
    """
    facts = {
        "aspect_outputs": parts.aspect_outputs,
        "scene_names": parts.scene_names,
        "emotion_names": parts.emotion_names,
        "text_cues": parts.text_cues,
        "clause_cues": parts.clause_cues,
        "slopes": dict(parts.aspect_rule.slopes),
        "offsets": dict(parts.aspect_rule.offsets),
        "thresholds": dict(parts.aspect_rule.thresholds),
        "polar": parts.aspect_rule.polar,
        "lean": parts.aspect_rule.lean,
        "told": parts.aspect_rule.told,
        "level": parts.aspect_rule.level,
        "blame_weights": parts.blame_rule.weights,
        "blame_bias": parts.blame_rule.bias,
        "least": parts.scene_rule.least,
        "share": parts.scene_rule.share,
        "dangers": parts.dangers.to_facts(),
    }
    arrays: dict[str, NDArray[np.generic]] = {
        "facts": np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8),
        "scene_weights": parts.scene_rule.weights,
    }
    arrays.update(parts.sentiment.to_arrays("sentiment"))
    arrays.update(parts.blame.to_arrays("blame"))
    arrays.update(parts.aspects.to_arrays("aspects"))
    arrays.update(parts.chat.to_arrays("chat"))
    arrays.update(parts.dangers.to_arrays())
    arrays.update(parts.talk.to_arrays())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MODEL_FILE
    unfinished = folder / f"unfinished-{MODEL_FILE}"
    np.savez(unfinished, **arrays)  # type: ignore[arg-type]
    return unfinished.replace(path)


def read_parts() -> Parts:
    """Read the model file shipped with the package.

    Raises:
        DefinitionError: the file is missing or damaged.
    """
    source = files("huisheng.language") / "model" / MODEL_FILE
    try:
        with np.load(io.BytesIO(source.read_bytes()), allow_pickle=False) as stored:
            return parts_from({name: stored[name] for name in stored.files})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as exc:
        raise DefinitionError(f"model/{MODEL_FILE}", f"读不出来（{exc}），请重新安装") from exc


def parts_from(arrays: Mapping[str, NDArray[np.generic]]) -> Parts:
    """Rebuild the parts from the stored arrays."""
    facts = json.loads(arrays["facts"].tobytes())
    return Parts(
        sentiment=WideHead.from_arrays(arrays, "sentiment"),
        blame=WideHead.from_arrays(arrays, "blame"),
        blame_rule=BlameRule(tuple(facts["blame_weights"]), facts["blame_bias"]),
        aspects=RowHead.from_arrays(arrays, "aspects"),
        chat=RowHead.from_arrays(arrays, "chat"),
        aspect_outputs=tuple(facts["aspect_outputs"]),
        scene_names=tuple(facts["scene_names"]),
        emotion_names=tuple(facts["emotion_names"]),
        text_cues=tuple(facts["text_cues"]),
        clause_cues=tuple(facts["clause_cues"]),
        aspect_rule=AspectRule(
            facts["slopes"],
            facts["offsets"],
            facts["thresholds"],
            facts["polar"],
            facts["lean"],
            facts["told"],
            facts["level"],
        ),
        scene_rule=SceneRule(
            arrays["scene_weights"].astype(np.float32), facts["least"], facts["share"]
        ),
        dangers=Dangers.from_arrays(arrays, facts["dangers"]),
        talk=TalkRule.from_arrays(arrays),
    )
