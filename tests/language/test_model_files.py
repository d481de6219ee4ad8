import subprocess
import sys
from importlib.resources import files

from huisheng.language import MODEL_VERSION, load_model, taxonomy
from huisheng.language.moods import LEVELS, SENTIMENTS

FOLDER = files("huisheng.language") / "model"


def test_model_is_small() -> None:
    assert len((FOLDER / "huisheng.npz").read_bytes()) < 12_000_000


def test_card_lists_every_label_of_every_head() -> None:
    card = (FOLDER / "model_card.md").read_text(encoding="utf-8")
    words = taxonomy()
    labels = [*words.scenes, *words.aspects, *words.risks, *LEVELS, *SENTIMENTS]
    assert [label for label in labels if f"| {label} |" not in card] == []
    assert MODEL_VERSION in card


def test_model_is_loaded_once() -> None:
    assert load_model() is load_model()


WITHOUT_TRAINING_LIBRARIES = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sklearn", "rjieba", "jieba", "pandas"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
from huisheng.language import load_model
load_model().label(["你好"])
"""


def test_inference_needs_no_training_library() -> None:
    command = [sys.executable, "-c", WITHOUT_TRAINING_LIBRARIES]
    subprocess.run(command, check=True, env={"PYTHONPATH": ":".join(sys.path)})
