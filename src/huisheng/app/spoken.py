"""Earlier turns of a conversation as people write them down."""

from huisheng.errors import BadInputError
from huisheng.language import Turn


def turns_before(where: str, turns: object) -> tuple[Turn, ...]:
    """Return the turns before a text: strings, or objects with role and text; oldest first.

    Args:
        where: the line or row that holds them, for errors.
        turns: what was read there.

    Raises:
        BadInputError: they are no list of turns.
    """
    if not isinstance(turns, list):
        raise BadInputError(where, "context 不是列表", "请给出此前的对话，按时间顺序")
    return tuple(_turn(where, turn) for turn in turns)


def _turn(where: str, turn: object) -> Turn:
    if isinstance(turn, str):
        return spoken(turn)
    if isinstance(turn, dict) and isinstance(turn.get("text"), str):
        role = str(turn.get("role", "buyer"))
        return Turn("buyer" if role in ("buyer", "买家", "user") else "agent", turn["text"])
    raise BadInputError(where, "context 里有看不懂的一轮", "每轮应为文字，或含 role 与 text")


def spoken(line: str) -> Turn:
    """Read «买家：…» and «客服：…»; a line without a speaker is the buyer's."""
    for mark, role in (
        ("客服", "agent"),
        ("agent", "agent"),
        ("买家", "buyer"),
        ("buyer", "buyer"),
    ):
        if line.startswith(mark) and line[len(mark) : len(mark) + 1] in (":", "："):
            return Turn(role, line[len(mark) + 1 :].strip())
    return Turn("buyer", line)
