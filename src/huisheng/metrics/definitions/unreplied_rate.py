"""未回复率: conversations whose last question nobody answered (W27)."""

import ibis

from huisheng.metrics.definition import Better, Expected, Metric, Proof, Rollup, Unit, Version
from huisheng.metrics.facts import Facts
from huisheng.metrics.relations.rounds import closes
from huisheng.metrics.relations.sessions import started_in
from huisheng.metrics.window import Window


def cases(facts: Facts, window: Window) -> ibis.Table:
    """Return one case per conversation started in the window in which something was asked."""
    sessions = started_in(facts, window).select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "channel",
        "reception_type",
        at="started_at",
        own_agent="agent_id",
    )
    joined = sessions.inner_join(_last_words(facts, sessions), ["shop_id", "conv_id"])
    # Ibis joins on a column computed from both sides of a join only once that join is settled.
    joined = joined.mutate(agent_id=joined.spoke_last.coalesce(joined.own_agent))
    return joined.select(
        "shop_id",
        "conv_id",
        "order_no",
        "product_id",
        "channel",
        "reception_type",
        "agent_id",
        case_id=joined.conv_id,
        at=joined["at"],
        numerator=joined.waits.cast("int64"),
        denominator=ibis.literal(1, "int64"),
        reason=ibis.null("string"),
        last_question_at=joined.last_question_at,
    )


def _last_words(facts: Facts, sessions: ibis.Table) -> ibis.Table:
    """Return per conversation whether the buyer asked on after the last reply, and who gave it.

    The rounds of a conversation say the same, at several times the cost: an unanswered last round
    is a question that comes after every reply.
    """
    lines = facts.relation("spoken_lines").semi_join(sessions, ["shop_id", "conv_id"])
    talk = ibis.window(
        group_by=[lines.shop_id, lines.conv_id], order_by=[lines.sent_at, lines.seq, lines.msg_id]
    )
    placed = lines.mutate(place=ibis.row_number().over(talk), asks_on=lines.asks & ~closes(lines))
    said = placed.group_by("shop_id", "conv_id").aggregate(
        first_word=placed.place.min(where=placed.asks),
        last_question=placed.place.max(where=placed.asks_on).fill_null(-1),
        last_question_at=placed.sent_at.max(where=placed.asks_on),
        last_reply=placed.place.max(where=~placed.asks).fill_null(-1),
        spoke_last=placed.agent_id.argmax(placed.place, where=~placed.asks),
    )
    said = said.mutate(waits=said.last_question > said.last_reply)
    return said.filter(said.waits | (said.first_word < said.last_reply).fill_null(False))


def _talk(conv: str, *lines: tuple[str, str, str]) -> tuple[dict[str, str], ...]:
    return tuple(
        {"msg_id": f"{conv}{n}", "conv_id": conv, "sent_at": at, "role": role, "text": text}
        for n, (at, role, text) in enumerate(lines)
    )


METRIC = Metric(
    label="未回复率",
    question="有多少会话，买家最后一句话没有人回？",
    unit=Unit.SHARE,
    better=Better.LOWER,
    rollup=Rollup.RATIO,
    counts_events=True,
    threshold=0,
    inputs=("messages", "conversations"),
    versions=(
        Version(
            "2024",
            "2024-01-01",
            "W27；domain §1.8",
            cases,
            assumption="机器人或人工回复都算回复，次日回复也算；单独的谢谢、好的、嗯不需要回复",
        ),
    ),
    proofs=(
        Proof(
            name="the last question alone; thanks ask nothing, a robot or the next day answers",
            rows={
                "messages": (
                    *_talk(
                        "a",
                        ("2026-08-01 10:00:00", "buyer", "有货吗"),
                        ("2026-08-01 10:00:10", "agent", "有"),
                        ("2026-08-01 10:01:00", "buyer", "几时发"),
                    ),
                    *_talk(
                        "b",
                        ("2026-08-01 10:00:00", "buyer", "有货吗"),
                        ("2026-08-01 10:00:10", "agent", "有"),
                        ("2026-08-01 10:01:00", "buyer", "好的"),
                        ("2026-08-01 10:01:01", "buyer", "谢谢"),
                    ),
                    *_talk(
                        "c",
                        ("2026-08-01 10:00:00", "buyer", "有货吗"),
                        ("2026-08-01 10:00:10", "robot_auto", "有"),
                    ),
                    *_talk(
                        "d",
                        ("2026-08-01 23:00:00", "buyer", "有货吗"),
                        ("2026-08-02 09:00:00", "agent", "有"),
                    ),
                    *_talk("e", ("2026-08-01 10:00:00", "buyer", "谢谢")),
                    *_talk("f", ("2026-07-31 23:59:59", "buyer", "有货吗")),
                )
            },
            window=("2026-08-01", "2026-08-01"),
            expect=Expected(
                numerator=1,
                denominator=4,
                value=0.25,
                counted={"a": True, "b": False, "c": False, "d": False},
            ),
        ),
    ),
)
