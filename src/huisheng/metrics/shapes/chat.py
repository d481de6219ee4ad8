"""Conversations of 1 August 2026, written as proofs need them."""


def chat(*lines: tuple[str, str, str]) -> tuple[dict[str, str], ...]:
    """Return messages of (conversation, time on that day or instant, role), in the order given."""
    return tuple(
        {
            "msg_id": f"m{number:02}",
            "conv_id": conv,
            "sent_at": time if " " in time else f"2026-08-01 {time}",
            "role": role,
        }
        for number, (conv, time, role) in enumerate(lines)
    )
