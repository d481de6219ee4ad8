"""Write `docs/reference/` from the definitions: `python docs/generate.py [FOLDER]`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from pages.empty_shop import empty_facts

from pages import (
    analyses,
    cli,
    connectors,
    entities,
    licences,
    metrics,
    relations,
    tables,
    taxonomy,
)

REFERENCE = Path(__file__).parent / "reference"


def pages() -> Mapping[str, str]:
    """Return every page by name; the same definitions give the same text."""
    with empty_facts() as facts:
        return {
            "metrics": metrics.page(facts),
            "relations": relations.page(facts),
            "tables": tables.page(),
            "connectors": connectors.page(),
            "taxonomy": taxonomy.page(),
            "entities": entities.page(),
            "analyses": analyses.page(facts),
            "cli": cli.page(),
            "licences": licences.page(),
        }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REFERENCE
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
