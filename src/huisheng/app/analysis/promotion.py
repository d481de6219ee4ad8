"""A promotion hour by hour, beside the same hours of the one before and of the year before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ibis

from huisheng.metrics import Facts

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
LONGEST_PRESALE_DAYS = 45
PHASES = {"pre": "预热", "deposit": "付定金", "final": "付尾款", "live": "开售", "post": "返场"}
"""What the phases of a campaign are called (domain §4.4, `campaigns.phase`)."""
SELLING = ("final", "live", "post")


@dataclass(frozen=True, slots=True)
class Phase:
    """One window of a promotion, UTC microseconds, the end not included."""

    kind: str
    name: str
    begin_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Promotion:
    """A promotion of one shop with its windows in order."""

    shop_id: str
    name: str
    phases: tuple[Phase, ...]

    @property
    def begin_us(self) -> int:
        """Return when the first window opens."""
        return min(phase.begin_us for phase in self.phases)

    @property
    def opens_us(self) -> int:
        """Return when buying begins: presale windows aside, where there are others."""
        selling = [phase.begin_us for phase in self.phases if phase.kind in SELLING]
        return min(selling, default=self.begin_us)

    @property
    def end_us(self) -> int:
        """Return when the last window closes."""
        return max(phase.end_us for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted by the hour: whole numbers, or fen where `is_money`."""

    label: str
    is_money: bool
    good: str  # higher, lower or neither


MEASURES = (
    Measure("付款订单", False, "higher"),
    Measure("成交额", True, "higher"),
    Measure("会话", False, "neither"),
    Measure("没人接的提问", False, "lower"),
    Measure("退款申请", False, "neither"),
)


@dataclass(frozen=True, slots=True)
class Hourly:
    """Sums of every measure per hour since the begin; `measures` in the order of `MEASURES`."""

    begin_us: int
    measures: tuple[tuple[int, ...], ...]

    def so_far(self, hours: int) -> tuple[int, ...]:
        """Return the sums of the first hours."""
        return tuple(sum(hourly[:hours]) for hourly in self.measures)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Presale orders by how far they came, and the money that waits."""

    deposits: int
    finals: int
    shipped: int
    received: int
    deposit_fen: int
    final_fen: int


def promotions(facts: Facts) -> list[Promotion]:
    """Return every shop's promotions, the windows of one name together, latest first.

    Windows more than half a year apart are two promotions of the same name.
    """
    rows = facts.table("campaigns")
    # A window that a person took away stays as one of no length.
    known = rows.filter((rows.end_at > rows.start_at) & rows.name.notnull())
    ordered = known.order_by("shop_id", "name", "start_at", "campaign_id")
    groups: dict[tuple[str, str, int], list[Phase]] = {}
    last: dict[tuple[str, str], tuple[int, int]] = {}
    for row in facts.engine.arrow(ordered).to_pylist():
        series = (row["shop_id"], row["name"])
        number, seen = last.get(series, (0, row["start_at"]))
        if row["start_at"] - seen > 182 * DAY_US:
            number += 1
        last[series] = (number, row["start_at"])
        kind = row["phase"] or "live"
        phase = Phase(kind, PHASES.get(kind, kind), row["start_at"], row["end_at"])
        groups.setdefault((*series, number), []).append(phase)
    found = [Promotion(shop, name, tuple(phases)) for (shop, name, _), phases in groups.items()]
    return sorted(found, key=lambda each: (-each.begin_us, each.shop_id, each.name))


def one_before(promotion: Promotion, known: Iterable[Promotion]) -> Promotion | None:
    """Return the shop's promotion that ended last before this one began."""
    earlier = [
        each
        for each in known
        if each.shop_id == promotion.shop_id and each.end_us <= promotion.begin_us
    ]
    return max(earlier, key=lambda each: each.begin_us, default=None)


def opened_a_year_before(promotion: Promotion, known: Iterable[Promotion]) -> int:
    """Return when the same promotion opened a year before: as recorded, else on the same date."""
    for each in known:
        apart = promotion.opens_us - each.opens_us
        same = each.shop_id == promotion.shop_id and each.name == promotion.name
        if same and 300 * DAY_US < apart < 430 * DAY_US:
            return each.opens_us
    begin = datetime.fromtimestamp(promotion.opens_us / 1_000_000, UTC)
    try:
        earlier = begin.replace(year=begin.year - 1)
    except ValueError:  # 29 February
        earlier = begin - timedelta(days=365)
    return int(earlier.timestamp() * 1_000_000)


def seen_until(facts: Facts, shop_id: str) -> int | None:
    """Return the last instant at which the shop's data knows of anything, None for none."""
    latest = []
    for table, column in (("orders", "created_at"), ("orders", "paid_at"), ("messages", "sent_at")):
        rows = facts.table(table)
        of_shop = rows.filter(rows.shop_id == shop_id)
        found = facts.engine.arrow(of_shop.aggregate(last=of_shop[column].max()))["last"][0].as_py()
        if found is not None:
            latest.append(int(found))
    return max(latest, default=None)


def hourly(facts: Facts, shop_id: str, begin_us: int, hours: int) -> Hourly | None:
    """Count every measure in each of the hours since `begin_us`; None where nothing is known."""
    paid = facts.relation("paid_orders")
    rounds = facts.relation("rounds")
    refunds = facts.table("refunds")
    sessions = facts.relation("sessions")
    nothing = (0,) * hours
    counted = {
        "付款订单": _by_hour(facts, paid, "paid_at", shop_id, begin_us, hours),
        "成交额": _by_hour(facts, paid, "paid_at", shop_id, begin_us, hours, "pay_amount_fen"),
        "会话": _by_hour(facts, sessions, "started_at", shop_id, begin_us, hours),
        "没人接的提问": _by_hour(
            facts, rounds.filter(rounds.replied_at.isnull()), "started_at", shop_id, begin_us, hours
        ),
        "退款申请": _by_hour(facts, refunds, "applied_at", shop_id, begin_us, hours),
    }
    if not any(counted.values()):
        return None
    return Hourly(begin_us, tuple(counted[measure.label] or nothing for measure in MEASURES))


def _by_hour(
    facts: Facts,
    table: ibis.Table,
    instant: str,
    shop_id: str,
    begin_us: int,
    hours: int,
    money: str = "",
) -> tuple[int, ...] | None:
    at = table[instant]
    inside = table.filter(
        (table.shop_id == shop_id) & (at >= begin_us) & (at < begin_us + hours * HOUR_US)
    )
    amount = inside[money].sum() if money else inside.count()
    sums = inside.group_by(hour=((inside[instant] - begin_us) // HOUR_US).cast("int64")).aggregate(
        amount=amount
    )
    found = {row["hour"]: int(row["amount"] or 0) for row in facts.engine.arrow(sums).to_pylist()}
    return tuple(found.get(hour, 0) for hour in range(hours)) if found else None


def funnel(facts: Facts, promotion: Promotion) -> Funnel | None:
    """Follow the presale orders whose deposit was paid for this promotion; None without any."""
    orders = facts.table("orders")
    earliest = promotion.begin_us - LONGEST_PRESALE_DAYS * DAY_US
    held = orders.filter(
        (orders.shop_id == promotion.shop_id)
        & orders.is_presale.fill_null(False)
        & orders.deposit_paid_at.notnull()
        & (orders.deposit_paid_at >= earliest)
        & (orders.deposit_paid_at < promotion.end_us)
    )
    finals = held.final_paid_at.notnull()
    sums = held.aggregate(
        deposits=held.count(),
        finals=finals.cast("int64").sum(),
        shipped=(finals & held.shipped_at.notnull()).cast("int64").sum(),
        received=(finals & held.confirmed_at.notnull()).cast("int64").sum(),
        deposit_fen=held.deposit_amount_fen.sum(),
        final_fen=ibis.ifelse(finals, held.pay_amount_fen, 0).sum(),
    )
    row = facts.engine.arrow(sums).to_pylist()[0]
    if not row["deposits"]:
        return None
    return Funnel(**{name: int(value or 0) for name, value in row.items()})


def running(known: Sequence[Promotion], now_us: int) -> Promotion | None:
    """Return the promotion that runs now, else the next one, else the last one."""
    now = [each for each in known if each.begin_us <= now_us < each.end_us]
    coming = [each for each in known if each.begin_us > now_us]
    if now:
        return max(now, key=lambda each: each.begin_us)
    if coming:
        return min(coming, key=lambda each: each.begin_us)
    return max(known, key=lambda each: each.begin_us, default=None)
