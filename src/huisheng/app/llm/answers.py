"""What was answered already: verdicts by model, prompt and text, names by group.

Of a text only a hash is kept.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from huisheng.app.llm.permission import folder_of
from huisheng.app.llm.questions import PROMPT_VERSION, Verdict
from huisheng.lake import Workspace

_MADE = (
    "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, verdict TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS names (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " aspect TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class GroupName:
    """What a model would call a group of words: a name and an aspect's id, empty for none."""

    name: str
    aspect: str


class Answers:
    """The cache of one model.

    Args:
        workspace: where it is kept.
        model: the model's name.
    """

    def __init__(self, workspace: Workspace, model: str) -> None:
        self._workspace = workspace
        self._model = model

    def known(self, texts: Iterable[str]) -> dict[str, Verdict]:
        """Return the verdicts that are known."""
        with closing(_opened(self._workspace)) as store:
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
        with closing(_opened(self._workspace)) as store, store:
            store.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)

    def _key(self, text: str) -> bytes:
        asked = json.dumps([self._model, PROMPT_VERSION, text], ensure_ascii=True)
        return hashlib.sha256(asked.encode()).digest()


def held_names(workspace: Workspace) -> dict[str, GroupName]:
    """Return the names of groups, by group id.

    Raises:
        sqlite3.DatabaseError: the file is damaged.
    """
    with closing(_opened(workspace)) as store:
        rows = store.execute("SELECT id, name, aspect FROM names").fetchall()
    return {id_: GroupName(name, aspect) for id_, name, aspect in rows}


def keep_names(workspace: Workspace, names: Mapping[str, GroupName]) -> None:
    """Add names, by group id."""
    rows = [(id_, one.name, one.aspect) for id_, one in names.items()]
    with closing(_opened(workspace)) as store, store:
        store.executemany("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", rows)


def suggested_names(workspace: Workspace) -> dict[str, GroupName]:
    """Return the names of groups, by group id, for whoever only looks: none where none are kept."""
    if not _path(workspace).exists():
        return {}
    try:
        return held_names(workspace)
    except sqlite3.DatabaseError:
        return {}


def forget_answers(workspace: Workspace) -> None:
    """Delete every verdict and name kept, as when a buyer's words are erased."""
    _path(workspace).unlink(missing_ok=True)


def _opened(workspace: Workspace) -> sqlite3.Connection:
    path = _path(workspace)
    path.parent.mkdir(exist_ok=True)
    store = sqlite3.connect(path)
    for made in _MADE:
        store.execute(made)
    return store


def _path(workspace: Workspace) -> Path:
    return folder_of(workspace) / "answers.sqlite3"
