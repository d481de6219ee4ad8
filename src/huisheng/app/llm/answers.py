"""Verdicts that were given already, by model, prompt and text; of the text only a hash is kept."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from huisheng.app.llm.permission import folder_of
from huisheng.app.llm.questions import PROMPT_VERSION, Verdict
from huisheng.lake import Workspace

_MADE = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, verdict TEXT NOT NULL)"


class Answers:
    """The cache of one model.

    Args:
        workspace: where it is kept.
        model: the model's name.
    """

    def __init__(self, workspace: Workspace, model: str) -> None:
        self._path = _path(workspace)
        self._path.parent.mkdir(exist_ok=True)
        self._model = model

    def known(self, texts: Iterable[str]) -> dict[str, Verdict]:
        """Return the verdicts that are known."""
        with closing(self._opened()) as store:
            rows = {
                text: store.execute(
                    "SELECT verdict FROM answers WHERE key = ?", (self._key(text),)
                ).fetchone()
                for text in texts
            }
        return {text: Verdict(**json.loads(row[0])) for text, row in rows.items() if row}

    def keep(self, verdicts: Mapping[str, Verdict]) -> None:
        """Add verdicts."""
        rows = [
            (self._key(text), json.dumps({"scene": one.scene, "sentiment": one.sentiment}))
            for text, one in verdicts.items()
        ]
        with closing(self._opened()) as store, store:
            store.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)

    def _opened(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._path)
        store.execute(_MADE)
        return store

    def _key(self, text: str) -> bytes:
        asked = json.dumps([self._model, PROMPT_VERSION, text], ensure_ascii=True)
        return hashlib.sha256(asked.encode()).digest()


def forget_answers(workspace: Workspace) -> None:
    """Delete every verdict kept, as when a buyer's words are erased."""
    _path(workspace).unlink(missing_ok=True)


def _path(workspace: Workspace) -> Path:
    return folder_of(workspace) / "answers.sqlite3"
