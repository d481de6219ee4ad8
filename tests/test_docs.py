"""The pages tell what the definitions say, and both READMEs tell the same."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command

from huisheng.app.cli import app
from huisheng.errors import HuishengError
from huisheng.lake import create_workspace

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MANUAL = DOCS / "manual"
PICTURES = DOCS / "images" / "manual"
LISTED = yaml.safe_load((DOCS / "screens" / "pages.yaml").read_text("utf-8"))
LOOKS = ("light", "dark", "phone")
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = sorted([*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
SHARED_TEXTS = [*READMES, *sorted((DOCS / "how-to").glob("*.md"))]

FENCE = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
INLINE = re.compile(r"`((?:huisheng|make)[^`\n]*)`")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
MACHINE_PATH = re.compile(
    r"(?<![\w./:~-])/(?:home|root|tmp|var|usr|opt|mnt|work|Users|srv|data)/|[A-Z]:\\"
)
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def commands(name: str = "huisheng", command: object = None) -> list[str]:
    """Return every command as a user types it."""
    found = get_command(app) if command is None else command
    if not isinstance(found, TyperGroup):
        return [name]
    return [
        each
        for child, below in found.commands.items()
        for each in commands(f"{name} {child}", below)
    ]


def test_regenerating_the_reference_changes_nothing(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DOCS / "generate.py"), str(tmp_path)], check=True)
    committed = {page.name: page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md")}
    generated = {page.name: page.read_text("utf-8") for page in tmp_path.glob("*.md")}
    stale = [name for name in generated if committed.get(name) != generated[name]]
    assert not stale, f"{stale}: run make docs"
    assert committed.keys() == generated.keys()


def test_every_command_and_every_error_is_documented() -> None:
    text = "\n".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    leaves = [leaf.__name__ for leaf in HuishengError.__subclasses__()]
    assert len(leaves) == 5
    missing = [name for name in [*commands(), *leaves] if not re.search(rf"\b{name}\b", text)]
    assert not missing


def test_commands_in_the_texts_exist() -> None:
    known = commands()
    written = [
        line
        for page in SHARED_TEXTS
        for block in FENCE.findall(page.read_text("utf-8"))
        for line in block.splitlines()
        if line.startswith("huisheng ")
    ]
    assert len(written) > 20
    unknown = [line for line in written if not any(f"{line} ".startswith(f"{k} ") for k in known)]
    assert not unknown


def test_both_readmes_have_the_same_sections_and_the_same_commands() -> None:
    english, chinese = (page.read_text("utf-8") for page in READMES)
    assert HEADING.findall(FENCE.sub("", english)) == HEADING.findall(FENCE.sub("", chinese))
    assert FENCE.findall(english) == FENCE.findall(chinese)
    assert INLINE.findall(english) == INLINE.findall(chinese)


def test_both_readmes_give_the_same_numbers() -> None:
    figures = [re.findall(r"\d{1,3}(?:,\d{3})+", page.read_text("utf-8")) for page in READMES]
    assert sorted(figures[0]) == sorted(figures[1])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_no_machine_path_and_link_only_to_what_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not MACHINE_PATH.search(text)
    assert not EMOJI.search(text.replace("→", ""))
    links = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_manual_has_a_page_for_every_room_and_its_pictures_exist() -> None:
    from huisheng.app.web.shell.navigation import ROOMS

    pages = sorted(MANUAL.glob("*.md"))
    named = {page.stem for page in pages}
    rooms = [*(room.label for room in ROOMS), "班前会", "大促", "导出", "接口"]
    assert [room for room in rooms if not any(name.startswith(room) for name in named)] == []
    index = (MANUAL / "README.md").read_text("utf-8")
    assert [name for name in named - {"README"} if f"({name}.md)" not in index] == []
    shown = {Path(link).name for page in pages for link in PICTURE.findall(page.read_text("utf-8"))}
    taken = {picture.name for picture in PICTURES.glob("*.jpg")}
    assert shown - taken == set()
    assert [name for name in LISTED["screens"] if f"{name}-light.jpg" not in shown] == []
    expected = {f"{name}-{look}.jpg" for name in LISTED["screens"] for look in LOOKS}
    assert taken == expected, "run docs/screenshots.py, or remove what is no longer listed"
    assert sum(picture.stat().st_size for picture in PICTURES.glob("*.jpg")) < 9 * 1024 * 1024


def test_every_address_without_arguments_is_on_the_list_of_screens(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "workspace").root
    script = (
        "from pathlib import Path; from huisheng.app.web import prepare;"
        f"prepare(Path({str(workspace)!r}));"
        "from django.urls import get_resolver;"
        "found = get_resolver().reverse_dict;"
        "print(*(n for n in found if isinstance(n, str) and found.getlist(n)[0][0][0][1] == []))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    addressed = set(ran.stdout.split())
    assert len(addressed) > 50
    shown = {screen.get("view", "") for screen in LISTED["screens"].values()}
    assert addressed - shown - LISTED["no_page"].keys() == set(), "add them to docs/screens"
    assert LISTED["no_page"].keys() - addressed == set(), "no such address"
    assert LISTED["no_page"].keys() & shown == set()
