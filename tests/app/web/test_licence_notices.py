"""Whom a page or a file scores by labels, it says so: without a licence they only inform."""

import csv
import io
from urllib.parse import urlencode

import pytest

from huisheng.app.licences import FOR_INFORMATION, Measurement, keep, path_of
from huisheng.language import MODEL_VERSION, licence

pytestmark = pytest.mark.xdist_group("pipeline")
SHOP = "tmall-xiaonuan"
JUDGED = f"/metrics/negative_emotion_rate?shop={SHOP}&by=agent_id"


@pytest.fixture
def licensed(site, shop):
    """Let the shop license the one label that the metric rests on."""
    from huisheng.app.web import library

    cells = licence.Cells.plain(95, 5, 5, 300)
    one = licence.Licence("upset", "upset", licence.Origin.SHOP, cells)
    path = path_of(library.workspace(), SHOP)
    before = path.read_bytes() if path.exists() else None
    keep(
        library.workspace(), SHOP, Measurement("2026-08-01", "<b>我", MODEL_VERSION, 400, 1, (one,))
    )
    yield
    path.unlink()
    if before is not None:
        path.write_bytes(before)


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def exported(browser):
    query = urlencode({"metric": "negative_emotion_rate", "shop": SHOP, "by": "agent_id"})
    asked = {"source": "parts", "format": "csv", "query": query, "reason": ""}
    answer = browser.post("/exports/new", asked)
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_breakdown_by_agent_is_marked(person):
    owner = person("owner")
    assert FOR_INFORMATION in page(owner, JUDGED)
    assert FOR_INFORMATION not in page(owner, JUDGED.replace("agent_id", "hour"))
    assert FOR_INFORMATION not in page(owner, JUDGED.replace("negative_emotion", "unreplied"))
    rows = exported(owner)
    assert rows and all(row["说明"].startswith(FOR_INFORMATION) for row in rows)


def test_with_a_licence_of_the_shop_it_is_not(licensed, person):
    owner = person("owner")
    assert FOR_INFORMATION not in page(owner, JUDGED)
    rows = exported(owner)
    assert rows and "说明" not in rows[0]


def test_a_damaged_file_of_licences_grants_nothing(licensed, person):
    from huisheng.app.web import library

    path_of(library.workspace(), SHOP).write_text("{")
    assert FOR_INFORMATION in page(person("owner"), JUDGED)


def test_the_page_of_labels_says_what_each_shop_licensed(licensed, person):
    owner = person("owner")
    html = page(owner, "/voices/labels")
    assert "情绪不快「焦躁及以上」" in html and "方面「使用效果」" in html
    assert "2026-08-01 &lt;b&gt;我，1 人标了 400 条" in html and "<b>我" not in html
    assert "还没有量过" in html, "the other shop"
    from huisheng.app.web import library

    path_of(library.workspace(), SHOP).write_text("{")
    html = page(owner, "/voices/labels")
    assert "看不懂" in html and "焦躁及以上" not in html
