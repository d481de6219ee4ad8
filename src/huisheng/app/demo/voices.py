"""What buyers leave behind: ratings of conversations, reviews of goods, answers to surveys."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huisheng.app.demo.frame import (
    NEVER,
    Flags,
    Floats,
    Frame,
    Ints,
    Times,
    Words,
    chosen,
    either,
    later,
    pick,
    spread,
)
from huisheng.app.demo.goods import words
from huisheng.app.demo.lines import Script
from huisheng.app.demo.parcels import Parcels
from huisheng.app.demo.planted import Plot
from huisheng.app.demo.refunds import (
    CARRIER,
    LATE,
    QUALITY,
    SIZE,
    Refunds,
    faulty_orders,
    missized_orders,
)
from huisheng.app.demo.sheets import Sheet, instants, same, texts
from huisheng.app.demo.subjects import Setting, fillers_of
from huisheng.app.demo.talks import ROBOT
from huisheng.app.demo.wording import ASPECTS, SPECIALS, Bank, bank_of, fill

LEVELS = words(["很不满意", "不满意", "一般", "满意", "很满意"])
CALM_LEVELS = np.array([0.3, 0.7, 1.6, 15.0, 82.4])
MOANING_LEVELS = np.array([9.0, 13.0, 13.0, 27.0, 38.0])
ROBOT_LEVELS = np.array([0.8, 1.4, 2.8, 22.0, 73.0])
SLOW_LEVELS = np.array([26.0, 27.0, 12.0, 17.0, 18.0])
RATES_WHEN_ASKED, REVIEWS_AFTER_RECEIPT, DEFAULT_REVIEWS = 0.42, 0.24, 0.18
GOOD_ASPECTS = {  # what good reviews praise
    **{"P02": 9, "P03": 14, "P04": 9, "P05": 7, "P06": 8, "P09": 10, "P01": 4, "P08": 2},
    **{"L01": 7, "L02": 10, "L03": 3, "L06": 7, "C01": 3, "C02": 8, "C03": 2, "M02": 1, "M04": 1},
}
BAD_ASPECTS = {  # what bad reviews without a planted cause complain about
    **{"P02": 10, "P03": 18, "P04": 9, "P05": 8, "P06": 9, "P09": 7, "P01": 4, "P08": 4},
    **{"L01": 4, "L02": 7, "L03": 5, "L04": 6, "L05": 5, "L06": 5, "C01": 3, "C02": 6, "C03": 4},
    **{"A01": 2, "A02": 4, "M02": 1, "M03": 4, "M04": 3},
}


@dataclass(frozen=True)
class Reviews:
    """Reviews as columns; `order` is a row in `Baskets`, one review an order."""

    order: Ints
    score: Ints
    logistics: Ints
    service: Ints
    content: Words
    append: Words
    at: Times
    append_at: Times
    reply: Words
    reply_at: Times
    has_image: Flags
    is_default: Flags


def ratings_sheet(
    frame: Frame, setting: Setting, script: Script, conv_id: Words
) -> tuple[Ints, Sheet]:
    """Return the `session_ratings` table, and the conversation row of each rating."""
    shop, talks = setting.shop, setting.talks
    dice = frame.dice(shop.shop_id, "ratings")
    at = frame.seen(later(script.invited, spread(dice, 0.04, 1.2, len(talks))))
    rows = np.flatnonzero(~np.isnat(at) & chosen(dice, RATES_WHEN_ASKED, len(talks)))
    robot = talks.reception[rows] == ROBOT
    level = pick(dice, CALM_LEVELS, len(rows))
    level = np.where(robot, pick(dice, ROBOT_LEVELS, len(rows)), level)
    level = np.where(talks.moan[rows] >= 0, pick(dice, MOANING_LEVELS, len(rows)), level)
    level = np.where(talks.slow[rows], pick(dice, SLOW_LEVELS, len(rows)), level)
    bank, luck = bank_of(shop.kind), dice.random(len(rows))
    mood = np.where(level >= 3, bank.one_of("manner.rating_good", luck), 0)
    mood = np.where(level < 3, bank.one_of("manner.rating_bad", luck), mood)
    grumpy = (level < 3) & talks.slow[rows]
    mood = np.where(grumpy, bank.one_of("manner.rating_slow", luck), mood)
    silent = chosen(dice, np.where(level < 3, 0.35, 0.8), len(rows))
    sheet: Sheet = {
        "rating_id": texts(words([f"{shop.shop_id[:2]}r{row:07d}" for row in rows])),
        "conv_id": texts(conv_id[rows]),
        "agent_id": texts(setting.staff.agent_id[talks.agent[rows]]),
        "customer_key": texts(setting.buyers.ident[talks.buyer[rows]]),
        "order_no": texts(_named_order(setting, rows)),
        "subject": texts(either(robot, "robot", "chat")),
        "level": texts(LEVELS[level]),
        "score": pa.array(level + 1),
        "invited_at": instants(script.invited[rows]),
        "rated_at": instants(at[rows]),
        "valid_until": instants(later(script.invited[rows], 24.0)),
        "invite_source": texts(either(robot, "robot", "agent")),
        "comment": texts(bank.sentences[mood], silent),
    }
    return rows, sheet


def _named_order(setting: Setting, rows: Ints) -> Words:
    """Return the order each conversation is about; None before buying."""
    talks = setting.talks
    known = (talks.order[rows] >= 0) & (talks.phase[rows] > 0)
    return either(known, setting.baskets.order_no[talks.order[rows]], None)


def reviews_of(
    frame: Frame, setting: Setting, plot: Plot, parcels: Parcels, refunds: Refunds
) -> Reviews:
    """Return the reviews of one shop."""
    dice = frame.dice(setting.shop.shop_id, "reviews")
    size = len(setting.baskets)
    aspect, special = _grievances(dice, plot, setting, parcels, refunds)
    chance = np.where(aspect >= 0, 0.4, REVIEWS_AFTER_RECEIPT)
    at = later(parcels.signed_at, 6 + dice.gamma(1.3, 70.0, size))
    rows = np.flatnonzero((at < frame.end) & chosen(dice, chance, size))
    aspect, special, at, size = aspect[rows], special[rows], at[rows], len(rows)
    own = chosen(dice, 0.05, size) & (aspect < 0)
    aspect = np.where(own, pick(dice, _weights(BAD_ASPECTS), size), aspect)
    bad = aspect >= 0
    silent = chosen(dice, DEFAULT_REVIEWS, size) & ~bad
    score = np.where(bad, pick(dice, np.array([0, 46.0, 30, 24]), size), 4)
    score = np.where(bad, score, 4 + pick(dice, np.array([12.0, 88.0]), size))
    bank = bank_of(setting.shop.kind)
    content = _contents(dice, bank, aspect, special)
    appended = chosen(dice, np.where(bad, 0.12, 0.04), size) & ~silent
    append_at = frame.seen(np.where(appended, later(at, 60 + dice.gamma(2.0, 60, size)), NEVER))
    luck = dice.random(size)
    append = np.where(bad, *(bank.one_of(f"manner.append_{w}", luck) for w in ("bad", "good")))
    reply = np.where(bad, *(bank.one_of(f"manner.reply_{w}", luck) for w in ("bad", "good")))
    replied = chosen(dice, np.where(bad, 0.6, 0.12), size)
    reply_at = frame.seen(np.where(replied, later(at, dice.gamma(2.0, 10, size)), NEVER))
    filled = [
        _filled(dice, setting, bank, rows, template) for template in (*content, append, reply)
    ]
    return Reviews(
        order=rows,
        score=score,
        logistics=_side_score(dice, score, aspect, "L"),
        service=_side_score(dice, score, aspect, "C"),
        content=either(silent, "此用户没有填写评价。", _joined(filled[:-2])),
        append=either(np.isnat(append_at), None, filled[-2]),
        at=at,
        append_at=append_at,
        reply=either(np.isnat(reply_at), None, filled[-1]),
        reply_at=reply_at,
        has_image=chosen(dice, np.where(bad, 0.35, 0.15), size) & ~silent,
        is_default=silent,
    )


def _grievances(
    dice: np.random.Generator, plot: Plot, setting: Setting, parcels: Parcels, refunds: Refunds
) -> tuple[Ints, Ints]:
    """Return what each order's buyer is angry about (aspect row) and the stuck point behind it."""
    baskets, goods, size = setting.baskets, setting.goods, len(setting.baskets)
    cause = np.full(size, -1)
    cause[refunds.order] = refunds.cause
    faulty, missized = faulty_orders(plot, goods, baskets), missized_orders(plot, baskets)
    promoted = baskets.in_campaign
    late, stalled = parcels.late(baskets), parcels.stalled()
    swapped = np.zeros(size, dtype=np.bool_)
    swapped[refunds.order[refunds.type == 2]] = True
    out, special = np.full(size, -1), np.full(size, -1)
    for pool, chance, aspect, name in (
        (promoted, 0.1 * plot.on("dead_coupon"), "M02", "dead_coupon"),
        (late, 0.4, "L01", "late_dispatch" if plot.on("late_dispatch") else ""),
        (stalled, 0.5, "L02", "stalled_carrier" if plot.on("stalled_carrier") else ""),
        (cause == QUALITY, 0.6, "P03", ""),
        (cause == SIZE, 0.4, "P05", ""),
        (swapped, 0.3 * plot.on("slow_exchange"), "A02", "slow_exchange"),
        (missized, 0.12, "P05", "wrong_size_chart"),
        (missized & (cause == SIZE), 0.6, "P05", "wrong_size_chart"),
        (faulty, 0.1, "P03", "faulty_sku"),
        (faulty & (cause == QUALITY), 0.75, "P03", "faulty_sku"),
    ):
        hit = pool & chosen(dice, chance, size)
        out[hit] = ASPECTS.index(aspect)
        special[hit] = SPECIALS.index(name) if name else -1
    out[np.isin(cause, (LATE, CARRIER))] = -1  # these parcels never arrived
    return out, special


def _weights(aspects: dict[str, int]) -> Floats:
    return np.array([aspects.get(aspect, 0) for aspect in ASPECTS], dtype=np.float64)


def _contents(
    dice: np.random.Generator, bank: Bank, aspect: Ints, special: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return up to three clauses for each review; -1 for none."""
    size = len(aspect)
    good, bad = (
        bank.ranges("review", [f"{a}.{side}" for a in ASPECTS]) for side in ("good", "bad")
    )
    own = bank.ranges("special.review", SPECIALS).draw(special, dice.random(size))
    complaint = np.where((special >= 0) & (own >= 0), own, bad.draw(aspect, dice.random(size)))
    praised = pick(dice, _weights(GOOD_ASPECTS), size)
    also = pick(dice, _weights(GOOD_ASPECTS), size)
    first = np.where(aspect >= 0, complaint, good.draw(praised, dice.random(size)))
    more = chosen(dice, np.where(aspect >= 0, 0.22, 0.6), size) & (also != praised)
    second = np.where(more, good.draw(also, dice.random(size)), -1)
    luck = dice.random(size)
    closing = np.where(
        aspect >= 0,
        bank.one_of("manner.review_bad", luck),
        bank.one_of("manner.review_good", luck),
    )
    return first, second, np.where(chosen(dice, 0.4, size), closing, -1)


def _filled(
    dice: np.random.Generator, setting: Setting, bank: Bank, order: Ints, template: Ints
) -> Words:
    """Return the sentences `template` says about each order; None for -1."""
    out = words([None] * len(order))
    rows = np.flatnonzero(template >= 0)
    out[rows] = fill(bank, template[rows], fillers_of(dice, setting, setting.about(order[rows])))
    return out


def _joined(clauses: list[Words]) -> Words:
    return words(["，".join(filter(None, row)) for row in zip(*clauses, strict=True)])


def _side_score(dice: np.random.Generator, score: Ints, aspect: Ints, head: str) -> Ints:
    """Return the logistics or service score: low when that is the complaint."""
    about = np.isin(aspect, [n for n, name in enumerate(ASPECTS) if name[0] == head])
    usual = 4 + pick(dice, np.array([10.0, 90.0]), len(score))
    dragged = np.where((aspect >= 0) & chosen(dice, 0.25, len(score)), 3, usual)
    return np.where(about, np.minimum(score, 3), dragged)


def reviews_sheet(setting: Setting, reviews: Reviews) -> Sheet:
    """Return the `reviews` table."""
    baskets, goods = setting.baskets, setting.goods
    grade = words(["bad", "bad", "bad", "mid", "good", "good"])[reviews.score]
    return {
        "review_no": texts(words([f"R{baskets.order_no[row][-12:]}" for row in reviews.order])),
        "order_no": texts(baskets.order_no[reviews.order]),
        "sub_order_no": texts(baskets.sub_order_no[reviews.order]),
        "product_id": texts(goods.product_id[baskets.product[reviews.order]]),
        "score_product": pa.array(reviews.score),
        "score_logistics": pa.array(reviews.logistics),
        "score_service": pa.array(reviews.service),
        "type": texts(grade),
        "content": texts(reviews.content),
        "append_content": texts(reviews.append),
        "has_image": pa.array(reviews.has_image),
        "has_video": pa.array(reviews.has_image & (reviews.order % 9 == 0)),
        "created_at": instants(reviews.at),
        "append_at": instants(reviews.append_at),
        "reply": texts(reviews.reply),
        "reply_at": instants(reviews.reply_at),
        "is_default": pa.array(reviews.is_default),
        "nick_masked": texts(setting.buyers.masked[baskets.buyer[reviews.order]]),
    }


def surveys_sheets(frame: Frame, setting: Setting, parcels: Parcels) -> tuple[Sheet, Sheet]:
    """Return the `surveys` and `survey_answers` tables: one survey about some received orders."""
    dice = frame.dice(setting.shop.shop_id, "surveys")
    size = len(setting.baskets)
    sent = frame.seen(later(parcels.signed_at, 24.0))
    rows = np.flatnonzero(~np.isnat(sent) & chosen(dice, 0.12, size))
    at = frame.seen(later(sent[rows], spread(dice, 3.0, 1.0, len(rows))))
    answered = ~np.isnat(at) & chosen(dice, 0.22, len(rows))
    ident = words([f"{setting.shop.shop_id[:2]}s{row:07d}" for row in rows])
    status = either(answered, "answered", "sent")
    surveys: Sheet = {
        "survey_id": texts(ident),
        "template_id": same("sv_order_done", len(rows)),
        "trigger": same("signed", len(rows)),
        "order_no": texts(setting.baskets.order_no[rows]),
        "customer_key": texts(setting.buyers.ident[setting.baskets.buyer[rows]]),
        "channel": texts(either(rows % 3 == 0, "sms", "im")),
        "sent_at": instants(sent[rows]),
        "answered_at": instants(np.where(answered, at, NEVER)),
        "status": texts(status),
    }
    delayed = (parcels.late(setting.baskets) | parcels.stalled())[rows]
    return surveys, _answers(dice, setting, ident[answered], delayed[answered])


def _answers(dice: np.random.Generator, setting: Setting, ident: Words, delayed: Flags) -> Sheet:
    size = len(ident)
    bank = bank_of(setting.shop.kind)
    happy = ~delayed & chosen(dice, 0.9, size)
    nps = np.where(
        happy, 7 + pick(dice, np.array([14.0, 22, 30, 34]), size), dice.integers(0, 8, size)
    )
    csat = np.where(happy, 4 + pick(dice, np.array([30.0, 70]), size), dice.integers(1, 4, size))
    concern = words(["价格", "赠品", "功能", "品牌", "物流"])[
        pick(dice, np.array([35.0, 8, 28, 14, 15]), size)
    ]
    luck = dice.random(size)
    opened = np.where(
        happy,
        bank.one_of("manner.survey_good", luck),
        bank.one_of("manner.survey_bad", luck),
    )
    blank = np.full(size, np.nan)
    number = np.concatenate([nps, csat, blank, blank])
    word = np.concatenate([words([None] * (2 * size)), concern, bank.sentences[opened]])
    numeric = np.repeat([True, True, False, False], size)
    return {
        "survey_id": texts(np.tile(ident, 4)),
        "question_code": texts(np.repeat(words(["nps", "csat", "concern", "open"]), size)),
        "value_num": pa.array(number, mask=~numeric),
        "value_text": texts(word),
        "scale_min": pa.array(np.repeat([0, 1, 0, 0], size), mask=~numeric),
        "scale_max": pa.array(np.repeat([10, 5, 0, 0], size), mask=~numeric),
    }
