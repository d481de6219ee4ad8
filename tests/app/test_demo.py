"""The demo's files: same bytes every time, keys that join, and the stuck points it declares."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from huisheng.app.demo import Demo, generate
from huisheng.app.demo.goods import read_yaml
from huisheng.app.demo.wording import FILES, SLOTS, bank_of
from huisheng.errors import BadInputError
from huisheng.records import all_tables

ORDERS, LAST_DAY = 9000, date(2026, 8, 31)
TMALL, JD, DOUYIN, PDD = "tmall-xiaonuan", "jd-xiaonuan", "douyin-yunzhi", "pdd-xiaonuan"
SHOPS = (TMALL, JD, DOUYIN, PDD)
EXPORTS = {
    TMALL: {"千牛订单报表.xlsx", "千牛宝贝报表.xlsx", "ExportOrderList202608.csv"}
    | {"退款管理.xlsx", "千牛聊天记录.txt", "评价管理.xlsx", "物流轨迹.json"},
    JD: {"京东订单导出.csv"},
    DOUYIN: {"抖店订单导出.csv", "抖店售后单.xlsx"},
    PDD: {"拼多多订单.csv"},
}
MAY_BE_LATER = {"promised_ship_at", "expected_at", "due_at", "valid_until"}
OUTSIDE_THE_PERIOD = {"products", "campaigns", "campaign_rules", "agents"}


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sick")
    generate(folder, orders=ORDERS)
    return folder


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("healthy")
    assert generate(folder, orders=ORDERS, healthy=True).planted == ()
    return folder


def read(folder: Path, shop: str, name: str) -> pd.DataFrame:
    """Read one file as text cells, whatever its kind."""
    path = next(p for p in (folder / shop).iterdir() if name in (p.name, p.stem))
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=str, engine="calamine").fillna("")
    if path.suffix == ".parquet":
        return pd.read_parquet(path).astype(object).fillna("")
    if path.suffix == ".jsonl":
        return pd.read_json(path, lines=True, dtype=False).fillna("")
    if path.suffix == ".json":
        return pd.read_json(path, dtype=False)
    gbk = path.name.startswith("ExportOrderList")
    encoding = "gb18030" if gbk else "utf-8-sig"
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)


def bare(ids: pd.Series) -> pd.Series:
    return ids.str.replace(r'^="|"$|\t', "", regex=True)


def orders_of(folder: Path, shop: str) -> pd.DataFrame:
    """Return order_no, paid_at, province of every order of a shop, from all its formats."""
    sources = {
        TMALL: [
            ("千牛订单报表", "订单编号", "订单付款时间", "收货地址"),
            ("ExportOrderList202608", "订单编号", "订单付款时间", "收货地址 "),
        ],
        JD: [("京东订单导出", "订单号", "付款确认时间", "客户地址")],
        DOUYIN: [("抖店订单导出", "主订单编号", "支付完成时间", "省")],
        PDD: [("拼多多订单", "订单号", "支付时间", "省")],
    }[shop]
    parts = []
    if shop != PDD:
        sources = [*sources, ("orders", "order_no", "paid_at", "receiver_province")]
    for name, *columns in sources:
        part = read(folder, shop, name)[columns]
        part.columns = ["order_no", "paid_at", "province"]
        parts.append(part)
    found = pd.concat(parts)
    found["order_no"] = bare(found["order_no"])
    found["paid_at"] = pd.to_datetime(found["paid_at"].str.strip("\t-"), format="ISO8601")
    found["province"] = found["province"].str[:2]
    return found.drop_duplicates("order_no").set_index("order_no")


def files_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_arguments_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(tmp_path / name, orders=400, days=30)
    generate(tmp_path / "three", orders=400, days=30, seed=7)
    one, two, three = (files_in(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys()
    differing = [name for name in one if one[name] != three[name]]
    assert len(differing) > len(one) / 2


@pytest.mark.parametrize(("days", "orders"), [(10, 5000), (60, 20)])
def test_too_small_a_demo_is_refused(tmp_path: Path, days: int, orders: int) -> None:
    with pytest.raises(BadInputError, match="太少"):
        generate(tmp_path, days=days, orders=orders)


def test_every_shop_has_its_files(sick: Path) -> None:
    for shop in SHOPS:
        names = {path.name for path in (sick / shop).iterdir()}
        assert names >= EXPORTS[shop]
        canonical = {Path(name).stem for name in names - EXPORTS[shop]}
        assert canonical <= set(all_tables())
        assert canonical >= {"shops", "agents", "products", "skus", "tickets", "disputes"}


def test_canonical_headers_are_the_schema_s(sick: Path) -> None:
    for shop in SHOPS:
        for path in (sick / shop).iterdir():
            if path.name in EXPORTS[shop]:
                continue
            table = all_tables()[path.stem]
            header = set(read(sick, shop, path.stem).columns)
            assert header <= {*table.own, "shop_id", "platform"}, path
            assert header >= set(table.key), path


def test_keys_join(sick: Path) -> None:
    for shop in SHOPS:
        orders = set(orders_of(sick, shop).index)
        talks = set(read(sick, shop, "conversations")["conv_id"])
        tickets = read(sick, shop, "tickets")
        refunds = {TMALL: ("退款管理", "订单编号"), DOUYIN: ("抖店售后单", "订单号")}
        name, key = refunds.get(shop, ("refunds", "order_no"))
        for table, column, known in (
            (name, key, orders),
            ("shipments", "order_no", orders),
            ("disputes", "order_no", orders),
            ("tickets", "order_no", orders | {""}),
            ("session_ratings", "order_no", orders | {""}),
            ("conversations", "order_no", orders | {""}),
            ("messages", "conv_id", talks),
            ("session_ratings", "conv_id", talks | {""}),
            ("tickets", "conv_id", talks | {""}),
            ("ticket_events", "ticket_no", set(tickets["ticket_no"])),
            ("compensations", "ticket_no", set(tickets["ticket_no"])),
            ("skus", "product_id", set(read(sick, shop, "products")["product_id"])),
        ):
            found = set(read(sick, shop, table)[column])
            assert found - {""}, (shop, table, column)
            assert found <= known, (shop, table, column)


def test_natural_keys_are_unique(sick: Path) -> None:
    for shop in SHOPS:
        for path in (sick / shop).iterdir():
            if path.name not in EXPORTS[shop] and path.stem != "shops":
                table = read(sick, shop, path.stem)
                assert not table.duplicated(list(all_tables()[path.stem].key)).any(), path


def test_everything_happens_inside_the_period(sick: Path) -> None:
    begin, end = pd.Timestamp(2026, 7, 3), pd.Timestamp(2026, 9, 1)
    for shop in SHOPS:
        for path in (sick / shop).iterdir():
            if path.name in EXPORTS[shop] or path.stem in OUTSIDE_THE_PERIOD:
                continue
            table = read(sick, shop, path.stem)
            times = set(table.columns) & {c for c in table if re.search(r"(_at|^at|^time)$", c)}
            for column in times - MAY_BE_LATER:
                at = pd.to_datetime(table[column].replace("", None)).dropna()
                assert at.between(begin, end).all(), (path, column)


def test_the_old_order_report_is_gbk_with_wrapped_numbers(sick: Path) -> None:
    content = (sick / TMALL / "ExportOrderList202608.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    lines = content.decode("gb18030").splitlines()
    assert "买家会员名" in lines[0]
    assert lines[1].startswith('="')


def test_buyers_are_the_same_people_everywhere(sick: Path) -> None:
    talks = read(sick, TMALL, "conversations")
    orders = read(sick, TMALL, "千牛订单报表").set_index("订单编号")["买家会员名"]
    asked = talks[talks["order_no"].isin(orders.index)]
    assert len(asked) > 100
    assert (asked["customer_key"] == asked["order_no"].map(orders)).all()


def test_messages_are_many_filled_and_varied(sick: Path) -> None:
    tables = [read(sick, shop, "messages") for shop in SHOPS]
    log = (sick / TMALL / "千牛聊天记录.txt").read_text(encoding="utf-8")
    count = sum(map(len, tables)) + len(re.findall(r"\d:\d\d:\d\d$", log, re.M))
    assert 6.8 < count / ORDERS < 8.2
    texts = pd.concat([table[table["role"] == "buyer"]["text"] for table in tables])
    assert not texts.str.contains("[{}]").any()
    assert texts.nunique() > len(texts) / 3
    raw = texts.str.contains(r"1380013\d{4}")
    assert 0 < raw.mean() < 0.02


def test_the_bank_is_rich() -> None:
    asks = [key for kind in ("appliance", "apparel") for key in bank_of(kind).spans]
    assert len({key for key in asks if key.startswith("ask.")}) >= 45
    sentences = {
        line.strip()
        for file in ("ask_pre", "ask_mid", "ask_post", "special")
        for heads in read_yaml(file).values()
        for key, block in heads.items()
        if "ask" in key
        for line in block.splitlines()
    }
    assert len(sentences) >= 500
    for file in FILES:
        for heads in read_yaml(file).values():
            for block in heads.values():
                assert set(re.findall(r"\{(\w+)\}", block)) <= set(SLOTS)


# -- the stuck points: rate inside the segment against the rate outside it ---------------------

Rates = tuple[float, float]


def rates(inside: pd.Series, hit: pd.Series) -> Rates:
    assert inside.sum() >= 15, "too small a segment to say anything"
    return float(hit[inside].mean()), float(hit[~inside].mean())


def faulty_sku(folder: Path) -> Rates:
    items = read(folder, TMALL, "千牛宝贝报表")
    refunds = read(folder, TMALL, "退款管理")
    broken = refunds[refunds["买家退款原因"].isin(["质量问题", "功能故障/无法使用"])]
    skus = read(folder, TMALL, "skus")
    code = skus[skus["spec"].str.contains("松绿")]["merchant_code"].iloc[0]
    return rates(items["商家编码"] == code, items["主订单编号"].isin(broken["订单编号"]))


def stalled_carrier(folder: Path) -> Rates:
    parcels = read(folder, TMALL, "shipments")
    parcels = parcels[(parcels["direction"] == "out") & (parcels["shipped_at"] >= "2026-07-31")]
    place = parcels["order_no"].map(orders_of(folder, TMALL)["province"])
    talks = read(folder, TMALL, "messages")
    said = talks[talks["text"].str.contains("没动|不更新|卡在|停在")]
    order_of = read(folder, TMALL, "conversations").set_index("conv_id")["order_no"]
    complained = parcels["order_no"].isin(set(said["conv_id"].map(order_of)) - {""})
    return rates((parcels["carrier"] == "百捷物流") & place.isin(["广西", "云南"]), complained)


def wrong_size_chart(folder: Path) -> Rates:
    refunds = read(folder, DOUYIN, "抖店售后单")
    wrong = refunds[refunds["售后原因"] == "尺码不合适"]
    items = read(folder, DOUYIN, "抖店订单导出")
    recent = items[items["支付完成时间"].str.strip() >= "2026-07-28"]
    bought = bare(recent["商品ID"]) == read(folder, DOUYIN, "products")["product_id"].iloc[1]
    return rates(bought, bare(recent["主订单编号"]).isin(wrong["订单号"]))


def slow_evening(folder: Path) -> Rates:
    talks = read(folder, TMALL, "conversations").set_index("conv_id")
    lines = read(folder, TMALL, "messages")
    lines = lines[(lines["sent_at"] >= "2026-07-29") & (lines["type"] == "text")]
    lines = lines[(lines["is_auto_reply"] != "true")]
    at, same = pd.to_datetime(lines["sent_at"]), lines["conv_id"].eq(lines["conv_id"].shift())
    after_buyer = same & (lines["role"].shift() == "buyer") & (lines["role"] == "agent")
    replies = lines[after_buyer].assign(wait=at.diff().dt.total_seconds()[after_buyer])
    group = read(folder, TMALL, "agents").set_index("agent_id")["group_name"]
    evening = pd.to_datetime(replies["conv_id"].map(talks["started_at"])).dt.hour.between(20, 22)
    inside = evening & (replies["agent_id"].map(group) == "售后组")
    return rates(inside, replies["wait"] > 180)


def late_dispatch(folder: Path) -> Rates:
    refunds = read(folder, TMALL, "退款管理")
    gave_up = refunds[refunds["买家退款原因"] == "未按约定时间发货"]["订单编号"]
    orders = orders_of(folder, TMALL)
    orders = orders[orders["paid_at"].notna()]
    promoted = set(read(folder, TMALL, "orders")["order_no"])
    numbers = orders.index.to_series()
    return rates(numbers.isin(promoted), numbers.isin(set(gave_up)))


def dead_coupon(folder: Path) -> Rates:
    lines = read(folder, DOUYIN, "messages")
    lines = lines[lines["role"] == "buyer"]
    said = lines["text"].str.contains("券.*(?:用不|不能用|不可用|灰)|满减没")
    by_talk = said.groupby(lines["conv_id"]).any()
    talks = read(folder, DOUYIN, "conversations").set_index("conv_id").loc[by_talk.index]
    return rates(talks["started_at"].between("2026-08-16", "2026-08-18 23:59:59"), by_talk)


def slow_exchange(folder: Path) -> Rates:
    events = read(folder, DOUYIN, "ticket_events")
    events = events[events["event_type"] != "customer_notified"].sort_values(["ticket_no", "at"])
    at = pd.to_datetime(events["at"])
    hours = at.groupby(events["ticket_no"]).diff().dt.total_seconds() / 3600
    step = events[(events["from_status"] == "inspected") & (events["to_status"] == "new_shipped")]
    began = at[step.index] - pd.to_timedelta(hours[step.index], unit="h")
    inside = began >= pd.Timestamp(2026, 7, 30)
    waits = hours[step.index]
    return float(waits[inside].median()), max(float(waits[~inside].median()), 9.0)


MEASURES: dict[str, Callable[[Path], Rates]] = {
    measure.__name__: measure
    for measure in (
        *(faulty_sku, stalled_carrier, wrong_size_chart, slow_evening),
        *(late_dispatch, dead_coupon, slow_exchange),
    )
}


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return generate(tmp_path_factory.mktemp("declared"), orders=400)


def test_every_stuck_point_is_measured_here(declared: Demo) -> None:
    assert {stuck.kind for stuck in declared.planted} == MEASURES.keys()


@pytest.mark.parametrize("kind", MEASURES)
def test_stuck_point_stands_out(sick: Path, declared: Demo, kind: str) -> None:
    stuck = next(stuck for stuck in declared.planted if stuck.kind == kind)
    inside, outside = MEASURES[kind](sick)
    assert inside >= stuck.factor * outside


@pytest.mark.parametrize("kind", MEASURES)
def test_healthy_shop_has_none(healthy: Path, declared: Demo, kind: str) -> None:
    stuck = next(stuck for stuck in declared.planted if stuck.kind == kind)
    inside, outside = MEASURES[kind](healthy)
    assert inside < max(stuck.factor * outside, 0.03)


def test_stuck_points_name_things_that_exist(sick: Path, declared: Demo) -> None:
    for stuck in declared.planted:
        assert stuck.department in {"ops", "product", "cs", "warehouse", "carrier"}
        assert date(2026, 7, 3) < stuck.since <= LAST_DAY
        for column in ("product_id", "sku_id"):
            if column in stuck.segment:
                known = set(read(sick, stuck.shop_id, "skus")[column])
                assert stuck.segment[column] in known
        if "campaign_id" in stuck.segment:
            ids = set(read(sick, stuck.shop_id, "campaigns")["campaign_id"])
            assert stuck.segment["campaign_id"] in ids


def test_background_is_that_of_a_good_shop(healthy: Path) -> None:
    counts = {
        JD: len(read(healthy, JD, "refunds")),
        PDD: len(read(healthy, PDD, "refunds")),
        TMALL: len(read(healthy, TMALL, "退款管理")),
        DOUYIN: len(read(healthy, DOUYIN, "抖店售后单")),
    }
    assert 0.07 < sum(counts.values()) / ORDERS < 0.13
    ratings = pd.concat([read(healthy, shop, "session_ratings") for shop in SHOPS])
    assert 0.93 < np.mean(ratings["level"].isin(["满意", "很满意"])) < 0.975
