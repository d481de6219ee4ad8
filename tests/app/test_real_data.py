"""Real files, where they lie beside the project: a chat log without times, orders, dirty logistics,
reviews. Their sentences never enter the repository."""

import csv
import json
from pathlib import Path

import pytest

from tests.app.test_pipeline import huisheng

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = ("jddc_chat.tsv", "tmall_orders_2020_02.csv", "logistics_feedback.csv")
REVIEWS = "sentiment_reviews_10cats.csv"
NEEDS_TIMES = ("resp_3min_rate", "first_resp_sec", "avg_resp_sec", "ww_avg_human_resp_sec")

pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not beside the project"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    reviews = folder / "reviews.csv"
    with (DATA / REVIEWS).open(encoding="utf-8") as source, reviews.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["review_no", "product_id", "created_at", "content"])
        for number, row in zip(range(3_000), csv.DictReader(source), strict=False):
            day = f"2020-02-{number % 28 + 1:02d} 12:00:00"
            writer.writerow([f"r{number}", row["cat"], day, row["review"]])
    outputs = {}
    for path in (*(DATA / name for name in FILES), reviews):
        result = huisheng("import", path, "--shop", "real", "--workspace", folder / "ws")
        assert result.returncode == 0, result.stdout + result.stderr
        outputs[path.name] = result.stdout
    result = huisheng("analyze", "--workspace", folder / "ws")
    assert result.returncode == 0, result.stderr
    for format_ in ("html", "json"):
        huisheng(
            "report", "--format", format_, "--out", folder / f"r.{format_}",
            "--workspace", folder / "ws",
        )  # fmt: skip
    return folder, outputs


def test_everything_lands_and_what_does_not_is_named(run):
    _, outputs = run
    assert "8,216" in outputs["jddc_chat.tsv"]
    assert "6,063" in outputs["tmall_orders_2020_02.csv"]
    assert "隔离" in outputs["logistics_feedback.csv"]


def test_metrics_that_need_times_have_no_value_and_the_page_says_so(run):
    folder, _ = run
    report = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    values = {metric["id"]: metric for metric in report["metrics"]}
    for name in NEEDS_TIMES:
        assert values[name]["value"] is None
        assert values[name]["quality"] == "no_data"
    assert values["gmv"]["value"] > 0
    assert "3分钟人工响应率" in (folder / "r.html").read_text(encoding="utf-8")
