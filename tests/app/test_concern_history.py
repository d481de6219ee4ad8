"""A concern added today holds for all history, and what earlier editions said can be had again."""

import threading

import pytest

from huisheng.app.analysis.concern_labels import label_concerns
from huisheng.app.analysis.labelling import label_new_texts
from huisheng.app.concerns import keep, ledger
from huisheng.errors import BadInputError, NotAllowedError
from huisheng.lake import create_workspace, open_engine
from huisheng.language import Change, Concern
from huisheng.metrics import Facts
from tests.app.web.two_shops import message, publish, talk

NOW_US = 1_790_000_000_000_000
DUST = Concern("K001", "掉渣", "P03", words=("掉渣|渣 掉",), examples=("这饼干一直掉渣",))


def change(act, *concerns, of=()):
    return Change(act, tuple(concerns), tuple(of), "小李", "2026-11-22T10:00:00+08:00", "试试")


@pytest.fixture
def place(tmp_path):
    workspace = create_workspace(tmp_path / "ws", "Asia/Shanghai")
    publish(workspace, {
        "conversations": (talk("c1", "anna") | {"order_no": "o1"},
                          talk("c2", "ben") | {"order_no": "o2"}, talk("d1", "dora", "t")),
        "messages": (
            message("c1", 1, "饼干掉渣，太差了"), message("c1", 2, "亲，掉渣是正常的", "agent"),
            message("c2", 1, "掉渣吗，会不会很干"), message("c2", 2, "什么时候发货"),
            message("d1", 1, "怎么老是掉渣啊，气死了", shop="t"),
        ),
        "reviews": ({"shop_id": "s", "review_no": "r1", "order_no": "o2", "product_id": "p2",
                     "content": "有点掉渣但好吃", "created_at": "2026-08-11 10:00:00"},),
        "orders": tuple({"shop_id": "s", "order_no": f"o{n}", "customer_key": "k",
                         "created_at": "2026-08-09 10:00:00", "paid_at": "2026-08-09 10:00:00"}
                        for n in (1, 2)),
        "order_items": tuple({"shop_id": "s", "order_no": f"o{n}", "sub_order_no": f"{n}",
                              "product_id": f"p{n}", "qty": 1} for n in (1, 2)),
        "products": ({"shop_id": "s", "product_id": "p1", "category": "零食/饼干"},
                     {"shop_id": "s", "product_id": "p2", "category": "零食/坚果"}),
    })  # fmt: skip
    label_new_texts(workspace, now_us=NOW_US, tell=str)
    return workspace


def analysed(place):
    """Label by the newest edition; return what holds then."""
    label_concerns(place, ledger(place).book, now_us=NOW_US, tell=str)
    return holding(place)


def holding(place):
    facts = Facts(open_engine(place))
    labels = facts.relation("current_labels")
    rows = facts.engine.arrow(labels.filter(labels["head"] == "concern")).to_pylist()
    return {(row["row_id"], row["label"]) for row in rows}


def counted(place):
    """Return every judgement on record."""
    engine = open_engine(place)
    labels = engine.table("labels")
    return engine.arrow(labels.filter(labels["head"] == "concern")).num_rows


def test_a_new_concern_labels_history_in_every_table_and_shop(place):
    assert analysed(place) == set()
    keep(place, change("add", DUST), seen=0)
    # The agent's line is no buyer's word.
    everywhere = {("c1-1", "K001"), ("c2-1", "K001"), ("d1-1", "K001"), ("r1", "K001")}
    assert analysed(place) == everywhere
    before = counted(place)
    assert analysed(place) == everywhere
    assert counted(place) == before, "what is known is not written again"


def test_a_concern_is_felt_as_the_aspect_it_belongs_to_or_as_the_whole_text(place):
    keep(place, change("add", DUST), seen=0)
    analysed(place)
    facts = Facts(open_engine(place))
    labels = facts.engine.arrow(facts.relation("current_labels")).to_pylist()
    felt = {row["row_id"]: row["value"] for row in labels if row["head"] == "concern"}
    whole = {row["row_id"]: row["value"] for row in labels if row["head"] == "sentiment"}
    aspects = [row for row in labels if row["head"] == "aspect" and row["label"] == "P03"]
    aspect = {row["row_id"]: row["value"] for row in aspects}
    assert felt == {row: aspect.get(row, whole[row]) for row in felt}
    assert felt["c1-1"] == -1


def test_a_split_adds_up_and_a_retired_concern_is_gone_but_on_record(place):
    keep(place, change("add", DUST), seen=0)
    whole = {row for row, _ in analysed(place)}
    parts = (Concern("K002", "干", "P03", ("很干",)), Concern("K003", "气", "P03", ("气|差",)),
             Concern("K004", "其余", "P03"))  # fmt: skip
    keep(place, change("split", *parts, of=("K001",)), seen=1)
    shared = {("c1-1", "K003"), ("c2-1", "K002"), ("d1-1", "K003"), ("r1", "K004")}
    assert analysed(place) == shared
    assert {row for row, _ in shared} == whole
    keep(place, change("retire", of=("K002", "K003", "K004")), seen=2)
    assert analysed(place) == set()
    engine = open_engine(place)
    labels = engine.table("labels")
    then = engine.arrow(labels.filter((labels["head"] == "concern") & (labels.version == "1")))
    assert set(then["row_id"].to_pylist()) == whole


def test_a_concern_of_a_category_is_of_no_other_and_waits_for_the_order(place):
    keep(
        place,
        change("add", Concern("K001", "掉渣", "P03", ("掉渣",), categories=("饼干",))),
        seen=0,
    )
    assert analysed(place) == {("c1-1", "K001")}
    publish(place, {"order_items": ({"shop_id": "s", "order_no": "o2", "sub_order_no": "late",
                                     "product_id": "p1", "qty": 1},)})  # fmt: skip
    assert analysed(place) == {("c1-1", "K001"), ("c2-1", "K001"), ("r1", "K001")}


def test_of_two_who_change_the_same_edition_the_second_is_told(place):
    together, said = threading.Barrier(2), []

    def add(label):
        together.wait(timeout=60)
        try:
            keep(place, change("add", Concern("K001", label, "P03", (label,))), seen=0)
        except NotAllowedError as error:
            said.append(str(error))

    both = [threading.Thread(target=add, args=[label]) for label in ("甲", "乙")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(said) == 1 and "刚被别人改过" in said[0]
    assert ledger(place).book.edition == 1
    assert [path.name for path in (place.root / "taxonomy" / "concerns").iterdir()] == ["0001.yaml"]


@pytest.mark.parametrize("content", ["[1, 2", "act: add", "- 1", "\udcff"])
def test_a_damaged_ledger_is_a_sentence(place, content):
    keep(place, change("add", DUST), seen=0)
    path = place.root / "taxonomy" / "concerns" / "0001.yaml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInputError, match="请从备份恢复"):
        ledger(place)
    path.rename(path.with_name("0002.yaml"))
    with pytest.raises(BadInputError, match="不见了"):
        ledger(place)


def test_a_change_is_read_back_as_it_was_written(place):
    written = change(
        "add", Concern("K001", "渣：#", "P03", ("渣 !没",), ("渣",), ("没渣",), ("饼干",))
    )
    keep(place, written, seen=0)
    assert ledger(place).changes == (written,)
    assert ledger(place).book_of(0).edition == 0
