"""The report as a page: complete, escaped, well formed, and in words that fit."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from huisheng.app.report import Document, render_html
from huisheng.app.report.amounts import amount_beside
from huisheng.app.report.document import Card, FindingEntry
from huisheng.app.report.drawing import heat_grids, spark
from huisheng.app.report.labels import Labels
from huisheng.app.report.phrases import certainty, change, comparison, headroom, scale_of
from huisheng.app.report.points import stuck_points
from huisheng.app.report.sections import card_view
from tests.app.hostile_texts import HOSTILE
from tests.app.sample_document import empty_document, sample_document

fractions = st.floats(0, 1)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Outline(HTMLParser):
    """Checks that tags nest, and gathers tags, attributes and visible text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.pieces: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raise AssertionError(f"self-closing <{tag}/> is not HTML")

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> inside {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def values(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def finding(id_: str) -> FindingEntry:
    return next(f for f in sample_document()["findings"] if f["id"] == id_)


def card(metric: str, shop_id: str = "qingchuan") -> Card:
    cards = sample_document()["charts"]["cards"]
    return next(c for c in cards if c["metric"] == metric and c["shop_id"] == shop_id)


# --- HTML: complete and well formed ---------------------------------------------------------------


@pytest.mark.parametrize("document", [sample_document(), empty_document()])
def test_page_is_balanced_html_with_unique_ids_and_working_links(document: Document) -> None:
    outline = Outline(render_html(document))
    ids = outline.values("id")
    assert outline.open == []
    assert len(ids) == len(set(ids))
    assert {f"#{i}" for i in ids} >= set(outline.values("href"))


def test_page_needs_no_network_no_script_and_no_handler() -> None:
    page = render_html(sample_document())
    outline = Outline(page)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(outline.tags)
    assert not [name for name, _ in outline.attributes if name.startswith("on") or name == "src"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in outline.values("content")


def test_every_finding_quote_card_and_name_is_on_the_page() -> None:
    document = sample_document()
    text = Outline(render_html(document)).text
    for entry in document["findings"]:
        assert entry["title"] in text
        assert entry["strategy"] in text
        assert entry["id"] in text
        for evidence in entry["evidence"]:
            assert evidence["quote"] in text
            assert evidence["id"] in text
    for metric in document["charts"]["cards"]:
        assert metric["question"] in text
    for group in ("departments", "scenes", "aspects", "refund_reasons"):
        for row in document["charts"][group]:  # type: ignore[literal-required]
            assert row["label"] in text
    for said in (*document["method"]["notes"], *document["method"]["missing"]):
        assert said in text
    assert document["data_hash"] in text
    assert "2,310" in text
    assert "判为买家责任 17" in text


def test_a_sixth_quote_is_announced_not_lost() -> None:
    document = sample_document()
    first = document["findings"][0]
    first["evidence"].append({"table": "reviews", "id": "RV-6", "quote": "第六句"})
    text = Outline(render_html(document)).text
    assert "另有 1 条原话" in text
    assert "第六句" not in text


def test_every_chart_says_what_it_shows() -> None:
    page = render_html(sample_document())
    charts = re.findall(r"<svg[^>]*>\s*<title>([^<]+)</title>", page)
    assert len(charts) == page.count("<svg") > 40
    assert page.count('role="img"') == len(charts)
    assert any("最忙：周日 21:00–22:00" in title for title in charts)


def test_a_quiet_month_says_so_with_the_number_of_comparisons() -> None:
    text = Outline(render_html(empty_document())).text
    assert "没有查出卡点：一共比较了 2,310 组，没有一组的偏离超出偶然" in text
    assert "没有，全部入库" in text
    none_done = empty_document()
    none_done["method"]["comparisons"] = 0
    assert "没有结论，不等于没有问题" in Outline(render_html(none_done)).text


def test_missing_is_said_and_zero_is_shown() -> None:
    page = render_html(sample_document())
    assert re.search(r"<td>商品评价</td><td>0</td><td>—</td>", page)
    assert re.search(r"<td>消息</td><td>未提供</td><td>—</td>", page)


# --- HTML: hostile text ---------------------------------------------------------------------------


def poisoned(text: str) -> Document:
    """Return a document with `text` in every field that holds words from outside."""
    document = sample_document()
    poison_findings(document, text)
    poison_charts(document, text)
    for metric in document["metrics"]:
        metric.update(id=text, version=text, platform=text, quality=text, group=text)
        metric["excluded"] = {text: 3}
    document["method"].update(notes=[text], missing=[text], model={text: text})
    document["method"]["metric_notes"] = [{text: text}]
    document["method"]["coverage"] = [{text: text, "table": text}]
    document["quarantine"] = {"rows": 1, "reasons": {text: 1}}
    document["names"]["shops"] = dict.fromkeys(document["shops"], text)
    document["versions"] = {text: text}
    document["data_hash"] = text
    return document


def poison_findings(document: Document, text: str) -> None:
    for entry in document["findings"]:
        entry.update(id=text, analysis=text, title=text, department=text, since=text, strategy=text)
        entry["problem"] = {"kind": text, "id": text}
        entry["segment"] = {text: text, "product_id": text, "hour": text}
        entry["evidence"] = [{"table": text, "id": text, "quote": text}]


def poison_charts(document: Document, text: str) -> None:
    charts = document["charts"]
    for one in charts["cards"]:
        one.update(metric=text, label=text, question=text, unit=text, quality=text, assumption=text)
    labelled = ("heatmaps", "departments", "scenes", "aspects", "refund_reasons")
    for row in (row for group in labelled for row in charts[group]):  # type: ignore[literal-required]
        row["label"] = text
    charts["daily"] = {text: [(text, 1), (text, 2), (text, 3)]}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    clean, dirty = Outline(render_html(poisoned("无害"))), Outline(render_html(poisoned(text)))
    assert dirty.open == []
    assert dirty.tags == clean.tags
    assert [name for name, _ in dirty.attributes] == [name for name, _ in clean.attributes]


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_hostile_text_is_shown_as_typed(text: str) -> None:
    assert text in Outline(render_html(poisoned(text))).text


def test_control_characters_and_half_surrogates_never_reach_the_file() -> None:
    page = render_html(poisoned(HOSTILE[-1]))
    assert page.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", page)


# --- words ----------------------------------------------------------------------------------------


def test_a_finding_is_said_per_hundred_with_its_interval() -> None:
    labels = Labels(sample_document())
    entry = finding("f-71c0")
    scale = scale_of(entry, labels)
    assert comparison(entry, scale) == "每百单 8.2 次，同类同期应为 2.1 次"
    said = certainty(entry, scale)
    assert said.startswith("计入抽样误差的范围：每百单 6.6 次到 10.2 次")
    assert said.endswith("也是应有水平的 3.1 倍")


def test_rare_events_waits_and_falling_rates_get_words_that_fit() -> None:
    labels = Labels(sample_document())
    rare, wait, low = finding("f-81b0"), finding("f-5e02"), finding("f-5e77")
    assert comparison(rare, scale_of(rare, labels)).startswith("每千单 9.3 次")
    assert comparison(wait, scale_of(wait, labels)) == "5 分 12 秒，同类同期应为 74.0 秒"
    assert certainty(low, scale_of(low, labels)).endswith("也到不了应有的 94.9%")


def test_an_interval_that_reaches_the_expected_rate_is_not_sold_as_certain() -> None:
    entry = finding("f-71c0")
    entry["interval"] = [0.01, 0.2]
    assert "先观察" in certainty(entry, scale_of(entry, Labels(sample_document())))


def test_headroom_is_said_in_whole_cases() -> None:
    assert headroom(card("ww_satisfaction")) == "再有 21 个满意，或把 2 个不满意变成满意即达 95%"
    assert headroom(card("platform_help_rate")) == "余量：还容得下 9 例"
    assert headroom(card("first_quality_refund_rate")).startswith("少 92 例")
    assert headroom(card("first_resp_sec")) == ""


def test_change_says_which_way_and_whether_that_is_good() -> None:
    assert change(card("ww_satisfaction")) == "▼ 0.9 个百分点，变差"
    assert change(card("first_resp_sec", "hemu")) == "▼ 0.8 秒，变好"
    assert change(card("inquiry_conversion_rate", "hemu")) == "与上期持平"
    assert change(card("ww_satisfaction", "nanmo")) == "上期无数据，无从比较"


def test_a_near_miss_does_not_round_onto_its_line() -> None:
    near = card("ww_satisfaction")
    near.update(value=0.9496)
    view = card_view(near)
    assert (view.value, view.reached) == ("94.96%", "没到线")


@given(fractions, fractions)
def test_rounding_never_lifts_a_share_across_its_line(value: float, line: float) -> None:
    assume(abs(value - line) > 1e-7)
    shown = float(amount_beside(value, line, "share").rstrip("%"))
    assert (shown < line * 100) == (value < line)


def test_findings_of_one_place_are_facets_of_one_point() -> None:
    points = stuck_points(sample_document()["findings"])
    assert [point.rank for point in points] == list(range(1, 10))
    assert [f["id"] for f in points[0].findings] == ["f-71c0", "f-71c4", "f-71d9"]
    everywhere = sample_document()["findings"]
    for entry in everywhere:
        entry["segment"] = {}
    assert len(stuck_points(everywhere)) == len(everywhere)


# --- drawing --------------------------------------------------------------------------------------


def points_of(run: str) -> Iterator[tuple[float, float]]:
    for pair in run.split():
        x, y = pair.split(",")
        yield float(x), float(y)


def test_a_day_without_value_breaks_the_line_and_a_lone_day_is_a_dot() -> None:
    one = card("ww_satisfaction")
    one["trend"] = [("2026-09-01", 0.9), ("2026-09-02", None), ("2026-09-03", 0.8),
                    ("2026-09-04", 1.0), ("2026-09-05", None)]  # fmt: skip
    drawn = spark(one)
    assert drawn is not None
    assert (len(drawn.runs), len(drawn.singles)) == (1, 1)
    (low, high) = points_of(drawn.runs[0])
    assert low[1] > float(str(drawn.threshold)) > high[1]
    one["trend"] = [("2026-09-01", 0.9), ("2026-09-02", None)]
    assert spark(one) is None


def test_heatmap_darkest_where_most_and_blank_where_none() -> None:
    counts = [[0] * 24 for _ in range(7)]
    counts[2][9], counts[2][10] = 40, 10
    asked, missed = heat_grids({"label": "店", "counts": counts, "missed": [[0] * 24] * 7})
    strength = {(c.row, c.column): float(c.strength) for c in asked.cells}
    assert len(strength) == 168
    assert strength[2, 9] > strength[2, 10] > 0 == strength[0, 0]
    assert asked.caption == "共 50 问。最忙：周三 9:00–10:00，40 问"
    assert asked.totals == ("0", "0", "50", "0", "0", "0", "0")
    assert missed.caption == "共 0 问。没有。"


def test_what_nobody_estimated_is_not_said_to_cost_nothing() -> None:
    document = sample_document()
    for entry in document["findings"]:
        entry["impact"]["cny"] = 0.0
    for share in document["charts"]["departments"]:
        share["cny"] = 0.0
    page = render_html(document)
    assert "¥0.00" not in page
    assert page.count("金额未估") > len(document["charts"]["departments"])
