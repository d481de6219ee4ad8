"""Run the analysis over what is published, and keep the result as the workspace's current run."""

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import version

from huisheng.app.analysis.badges import badges
from huisheng.app.analysis.cards import cards
from huisheng.app.analysis.changes import day_changes, last_full_day
from huisheng.app.analysis.charts import (
    daily_volumes,
    heatmaps,
    mention_ranking,
    refund_reason_ranking,
)
from huisheng.app.analysis.computing import keep_relations, kept_relations
from huisheng.app.analysis.concern_labels import label_concerns
from huisheng.app.analysis.doubtful import ask_about_doubtful
from huisheng.app.analysis.entries import finding_entry, metric_entry, span_entry
from huisheng.app.analysis.group_naming import ask_for_names
from huisheng.app.analysis.history import remember
from huisheng.app.analysis.labelling import label_new_texts
from huisheng.app.analysis.marking import marked_changes, marked_finding, marked_tips
from huisheng.app.analysis.method import method
from huisheng.app.analysis.names import report_names, shop_names, vocabulary
from huisheng.app.analysis.periods import DATING, coverage, data_span, default_period
from huisheng.app.analysis.scores import score_tracks
from huisheng.app.analysis.spoken_terms import spoken_terms
from huisheng.app.analysis.tips import tips
from huisheng.app.analysis.trust import licence_entries
from huisheng.app.assumptions import choices, chosen
from huisheng.app.concerns import ledger
from huisheng.app.licences import licences
from huisheng.app.report import (
    SCHEMA,
    Document,
    department_shares,
    set_aside,
    stuck_points,
    together,
)
from huisheng.app.report.document import Charts, Names, ShopCharts
from huisheng.errors import BadInputError
from huisheng.insight import StuckPoints, find_stuck_points, suggested_plan
from huisheng.intake import quarantine_counts
from huisheng.lake import Engine, Workspace, open_engine, replace_bytes
from huisheng.language import MODEL_VERSION
from huisheng.metrics import Facts, Window, all_metrics, query, shop_platforms

RESIDENT_BYTES = 64 * 1024 * 1024
"""Tables up to this size on disk are held in memory while an analysis asks its questions."""

Tell = Callable[[str], None]


def analyze(workspace: Workspace, start: Window | None, tell: Tell, *, now_us: int) -> Document:
    """Label new texts, compute every metric, find stuck points, and keep the run.

    `start` is the period asked for, None for the default one; `tell` hears of each step. The same
    data and versions give the same document, byte for byte.

    Raises:
        BadInputError: there is nothing to analyse.
    """
    tell("给新的文字打标签")
    label_new_texts(workspace, now_us=now_us, tell=tell)
    reading = ask_about_doubtful(workspace, now_us=now_us, tell=tell)
    book = ledger(workspace).book
    label_concerns(workspace, book, now_us=now_us, tell=tell)
    engine = open_engine(workspace, resident_bytes=RESIDENT_BYTES)
    facts = Facts(engine, keeps_relations=True, assumptions=chosen(workspace))
    span = data_span(engine)
    period = start or default_period(span)
    span = Window(min(span.start, period.start), period.end, engine.offset_us)
    words = vocabulary(facts)
    tell("寻找卡点")
    points = find_stuck_points(facts, period, span, words)
    tell("计算指标")
    document = _document(workspace, facts, span, period, points)
    if book.edition:
        document["versions"]["concerns"] = str(book.edition)
    tell("保存")
    content = json.dumps(document, ensure_ascii=False, allow_nan=False)
    replace_bytes(workspace.runs / "current.json", content.encode())
    tell("数买家说的词")
    keep_relations(workspace, engine, facts, spoken_terms(facts))
    unnamed = kept_relations(workspace, engine, facts.assumptions).get("unnamed_talks")
    if unnamed is not None and reading and not reading.problem:
        # A service that has just failed, or whose day is spent, is not asked for names as well.
        ask_for_names(workspace, engine, unnamed, period, now_us=now_us, tell=tell)
    _keep_plans(workspace, points)
    remember(workspace, document)
    return document


def latest(workspace: Workspace) -> Document:
    """Return the current run.

    Raises:
        BadInputError: no analysis has been run yet, or its result was damaged.
    """
    try:
        document: Document = json.loads((workspace.runs / "current.json").read_text("utf-8"))
    except FileNotFoundError as exc:
        raise BadInputError(
            str(workspace.root), "还没有分析结果", "请先运行 huisheng analyze"
        ) from exc
    except ValueError as exc:
        file = str(workspace.runs / "current.json")
        raise BadInputError(file, "分析结果坏了", "请重新运行 huisheng analyze") from exc
    return _completed(document)


def _completed(document: Document) -> Document:
    """Return a run of an earlier release with what that release did not look for, as nothing."""
    unknown: Charts = {
        **document["charts"],
        "last_day": document["period"]["end"],
        "changes": [],
        "badges": [],
        "scores": [],
        "tips": [],
        "by_shop": {},
    }
    return {**document, "charts": {**unknown, **document["charts"]}}


def data_hash(engine: Engine) -> str:
    """Return a fingerprint of the facts: blind to row order, sources and import times.

    Integers are summed in two halves, so that no engine can overflow or round.
    """
    digest = hashlib.sha256()
    for name in sorted(set(engine.versions) - {"import_batches", "labels"}):
        rows = engine.table(name)
        sums = rows.aggregate(
            rows=rows.count(),
            low=(rows.row_hash % 4294967296).sum(),
            high=(rows.row_hash // 4294967296).cast("int64").sum(),
        )
        row = engine.arrow(sums).to_pylist()[0]
        if row["rows"]:
            digest.update(f"{name}:{row['rows']}:{row['low']}:{row['high']};".encode())
    return digest.hexdigest()


def _document(
    workspace: Workspace, facts: Facts, span: Window, period: Window, points: StuckPoints
) -> Document:
    before = period.before()
    day = last_full_day(facts, DATING, period.end)
    shops = list(shop_platforms(facts))
    words = vocabulary(facts)
    names = report_names(facts, words, shop_names(facts, shops))
    entries = [
        metric_entry(value)
        for metric_id in all_metrics()
        for value in query(facts, metric_id, period)
    ]
    holding = {shop_id: licences(workspace, shop_id) for shop_id in shops}
    findings = [
        marked_finding(finding_entry(finding), holding[finding.shop_id])
        for finding in points.findings
    ]
    by_shop = _shop_charts(facts, shops, period, before, names)
    whole = together(by_shop, shops)
    return {
        "schema": SCHEMA,
        "data_hash": data_hash(facts.engine),
        "period": span_entry(period),
        "compared_with": span_entry(before),
        "shops": shops,
        "metrics": entries,
        "findings": findings,
        "quarantine": set_aside(quarantine_counts(workspace)),
        "charts": {
            "cards": cards(facts, period, before),
            "last_day": day.isoformat(),
            "changes": marked_changes(day_changes(facts, day), holding),
            "badges": badges(facts, span.start, day),
            "scores": score_tracks(facts),
            "tips": marked_tips(tips(facts, day), holding),
            "heatmaps": heatmaps(facts, period, names["shops"]),
            "departments": department_shares(stuck_points(findings), names["departments"]),
            "scenes": whole["scenes"],
            "aspects": whole["aspects"],
            "refund_reasons": whole["refund_reasons"],
            "daily": whole["daily"],
            "by_shop": by_shop,
        },
        "method": {
            **method(whole["coverage"], entries, points.comparisons, choices(workspace)),
            "licences": licence_entries(holding, findings, whole),
        },
        "names": names,
        "versions": {"huisheng": version("huisheng"), "model": MODEL_VERSION},
    }


def _shop_charts(
    facts: Facts, shops: list[str], period: Window, before: Window, names: Names
) -> dict[str, ShopCharts]:
    scenes = mention_ranking(facts, "scene", period, before, names["scenes"])
    aspects = mention_ranking(facts, "aspect", period, before, names["aspects"])
    reasons = refund_reason_ranking(facts, period, before)
    daily = daily_volumes(facts, period)
    covered = coverage(facts.engine)
    return {
        shop_id: {
            "scenes": scenes.get(shop_id, []),
            "aspects": aspects.get(shop_id, []),
            "refund_reasons": reasons.get(shop_id, []),
            "daily": daily.get(shop_id, {}),
            "coverage": [
                {"table": row.table, "rows": row.rows, "start": row.first, "end": row.last}
                for row in covered
                if row.shop_id == shop_id
            ],
        }
        for shop_id in shops
    }


def _keep_plans(workspace: Workspace, points: StuckPoints) -> None:
    plans = [suggested_plan(finding) for finding in points.findings]
    content = json.dumps(plans, ensure_ascii=False, indent=1)
    replace_bytes(workspace.runs / "plans.json", content.encode())
