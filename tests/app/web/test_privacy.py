"""Privacy: buyers found without their names being kept, handed out, erased; old things let go."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from huisheng.app.llm import GroupName, suggested_names
from huisheng.app.llm.answers import keep_names
from huisheng.lake import open_engine
from huisheng.privacy import Pseudonyms
from huisheng.records import all_tables
from tests.app.web.two_shops import HOSTILE, label, message, publish, talk, text_of
from tests.app.web.working import do_job, do_jobs, held_worker, until, worker

NICK = "小明爱买买"
AT = "2026-08-10 10:00:00"
FORMULA = "=cmd|' /C calc'!A0"


def about(workspace, order="o-x", shop="s"):
    """Return rows of one buyer in every table that can be about one, and the same of another."""
    keys = Pseudonyms(workspace.salt(shop))

    def of(nick, n):
        key, own = keys.key(nick), {"shop_id": shop}
        return {
            "orders": [{**own, "order_no": f"{order}{n}", "customer_key": key, "created_at": AT,
                        "buyer_memo": FORMULA if n == 1 else "谢谢", "pay_amount": "9.90"}],
            "order_items": [{**own, "order_no": f"{order}{n}", "sub_order_no": f"i{n}",
                             "title": HOSTILE}],
            "conversations": [talk(f"cv{n}", "anna", customer=key) | {"order_no": f"{order}{n}"}],
            "messages": [message(f"cv{n}", 1, f"我是第{n}个人 {HOSTILE}")],
            "refunds": [{**own, "refund_no": f"rf{n}", "order_no": f"{order}{n}", "applied_at": AT,
                         "return_tracking_no": f"back{n}"}],
            "disputes": [{**own, "dispute_no": f"dp{n}", "refund_no": f"rf{n}", "launched_at": AT}],
            "reviews": [{**own, "review_no": f"rv{n}", "order_no": f"{order}{n}",
                         "content": f"评{n}", "created_at": AT}],
            "session_ratings": [{**own, "rating_id": f"g{n}x", "customer_key": key,
                                 "rated_at": AT}],
            "tickets": [{**own, "ticket_no": f"T{n}x", "conv_id": f"cv{n}", "created_at": AT}],
            "ticket_events": [{**own, "event_id": f"e{n}", "ticket_no": f"T{n}x", "at": AT}],
            "surveys": [{**own, "survey_id": f"sv{n}", "ticket_no": f"T{n}x", "sent_at": AT}],
            "survey_answers": [{**own, "survey_id": f"sv{n}", "question_code": "q",
                                "value_text": f"答{n}", "value_num": 3}],
            "shipments": [{**own, "tracking_no": f"SF{n}", "order_no": f"{order}{n}",
                           "shipped_at": AT}],
            "shipment_events": [{**own, "tracking_no": f"SF{n}", "seq": 1, "time": AT},
                                {**own, "tracking_no": f"back{n}", "seq": 1, "time": AT}],
            "labels": [label(f"cv{n}-1", "scene", "MID06"), label(f"rv{n}", "aspect", "L06", -1,
                                                                  table="reviews")],
            "customers": [{**own, "customer_key": key, "nick_masked": "小***买"}],
        }  # fmt: skip

    one, other = of(NICK, 1), of("另一个人", 2)
    return {name: one[name] + other[name] for name in one}


def bring(workspace, rows=None):
    """Publish rows and leave nothing beside the tables."""
    publish(workspace, rows or about(workspace))
    for path in workspace.lake.glob("*.parquet"):
        path.unlink()


@pytest.fixture
def filled(own):
    """Serve shops with one buyer in every table, quoted in a run, in the quarantine, judged."""
    from huisheng.app.web import library

    library._shelf.engine = None  # it is known by its versions, and every test has the same ones
    bring(own)
    run = json.loads((own.runs / "current.json").read_text("utf-8"))
    quotes = [{"table": "messages", "id": f"cv{n}-1", "quote": f"我是第{n}个人"} for n in (1, 2)]
    run |= {"data_hash": "abc", "findings": [{"id": "f", "evidence": quotes}]}
    (own.runs / "current.json").write_text(json.dumps(run), "utf-8")
    (own.runs / "history").mkdir()
    (own.runs / "history" / "old.json").write_text(json.dumps({"findings": [quotes[0]]}), "utf-8")
    lines = [("file", "sheet", "row", "column", "reason", "cells")] + [
        ("a.csv", "", n, "x", "坏", json.dumps({"order_no": f"o-x{n}"})) for n in (1, 2)
    ]
    own.quarantine.mkdir(exist_ok=True)
    with (own.quarantine / "0123456789abcdef.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return own


def judged(user):
    from django.utils import timezone

    from huisheng.app.web.voices.models import Correction

    for n in (1, 2):
        Correction.objects.create(
            shop_id="s", table_name="messages", row_id=f"cv{n}-1", head="scene", number=1,
            at=timezone.now(), user=user, before=[], after=[], model_said=[], agreed=True,
            version="1",
        )  # fmt: skip


def find(browser, value=NICK, by="nick", shop="s"):
    return browser.post("/privacy/find", {"shop": shop, "found_by": by, "value": value})


def rows_of(workspace):
    engine = open_engine(workspace)
    return {
        name: engine.arrow(engine.table(name)).select(list(all_tables()[name].lake_key)).to_pylist()
        for name in about(workspace)
    }


def counts(workspace):
    engine = open_engine(workspace)
    return {name: engine.table(name).count().to_pyarrow().as_py() for name in about(workspace)}


def everything(workspace):
    """Return the bytes of every file of a workspace but its secrets."""
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if "secrets" not in path.parts}


@pytest.mark.parametrize(
    "role", ["supervisor", "qa", "agent", "trainer", "department", "supplier", "reader"]
)
def test_most_roles_do_not_handle_privacy(person, small, role):
    browser = person(role, department="cs")
    for address in ("/privacy/", "/privacy/requests/1/", "/privacy/retention"):
        assert browser.get(address).status_code == 403, address
    for address in ("find", "requests/1/export", "requests/1/erase", "retention/days",
                    "retention/switch", "retention/run"):  # fmt: skip
        assert browser.post(f"/privacy/{address}").status_code == 403, address


def test_requests_of_other_shops_do_not_exist(person, filled):
    owner, other = person("owner"), person("manager", shop_id="t")
    address = find(owner).url
    assert other.get(address).status_code == 404
    for act in ("export", "erase"):
        assert other.post(f"{address}{act}", {"confirmation": "删除"}).status_code == 404
    assert find(other).status_code == 200, "the shop is not among theirs"
    assert "请求 1" not in text_of(other.get("/privacy/").content.decode())
    assert other.post("/privacy/retention/switch", {"on": "1", "version": "0"}).status_code == 403


def test_a_buyer_is_found_by_nick_and_by_order_and_the_name_is_kept_nowhere(person, filled):
    from huisheng.app.web.audit.models import Event
    from huisheng.app.web.privacy.models import SubjectRequest

    owner = person("owner")
    before = everything(filled)
    by_nick = owner.get(find(owner, f"  {NICK}\t").url).content.decode()
    by_order = owner.get(find(owner, "o-x1", "order").url).content.decode()
    assert "现在有 18 条记录" in text_of(by_nick) and "现在有 18 条记录" in text_of(by_order)
    key = Pseudonyms(filled.salt("s")).key(NICK)
    assert "现在有 18 条记录" in text_of(owner.get(find(owner, key.upper()).url).content.decode())
    assert [r.customer_keys for r in SubjectRequest.objects.all()] == [[key]] * 3
    kept = json.dumps([*Event.objects.values_list("about", flat=True)], ensure_ascii=False)
    assert NICK not in kept and "o-x1" not in kept
    assert everything(filled) == before, "looking changes nothing"
    assert NICK not in by_nick


@pytest.mark.parametrize(
    ("value", "by"),
    [("没有这个人", "nick"), ("o-nothing", "order"), (HOSTILE, "nick"), ("' OR 1=1 --", "order")],
)
def test_nobody_is_found_where_nobody_is(person, filled, value, by):
    from huisheng.app.web.privacy.models import SubjectRequest

    page = find(person("owner"), value, by).content.decode()
    assert "没有关于他的记录" in page
    assert "<script>alert" not in page
    assert not SubjectRequest.objects.exists()


def test_the_archive_holds_everything_about_the_buyer_and_of_nobody_else(person, filled):
    from huisheng.app.web.audit.models import Event

    owner = person("owner")
    answer = owner.post(f"{find(owner).url}export")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    data = json.loads(packed.read("data.json"))
    assert set(data) == set(about(filled))
    assert sum(len(rows) for rows in data.values()) == 18
    assert data["orders"][0]["pay_amount"] == 9.9
    whole = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert "我是第1个人" in whole and "我是第2个人" not in whole
    order = list(csv.reader(io.StringIO(packed.read("订单.csv").decode("utf-8-sig"))))[1]
    assert any(cell.startswith("'=cmd") for cell in order)
    event = Event.objects.get(act="exported")
    assert (event.shop_id, event.about) == ("s", "导出一位买家的资料（请求 1），18 行")


def test_erasing_takes_the_word_for_it(person, filled):
    owner = person("owner")
    address = find(owner).url
    for word in ("", "删", "delete"):
        assert "删除" in owner.post(f"{address}erase", {"confirmation": word}).content.decode()
    assert not do_job()
    for _ in range(2):
        owner.post(f"{address}erase", {"confirmation": "删除"})
    from huisheng.app.web.jobs.models import Job

    (job,) = Job.objects.all()  # a double click makes one job
    assert owner.get(f"/data/jobs/{job.pk}").status_code == 404, "no business of the data room"
    assert "排队中" in owner.get(f"{address}progress").content.decode()


def test_an_erased_buyer_is_nowhere_and_everybody_else_is_as_before(person, filled):
    from huisheng.app.web.accounts.models import User
    from huisheng.app.web.audit.models import Event
    from huisheng.app.web.privacy.models import SubjectRequest
    from huisheng.app.web.voices.models import Correction

    owner = person("owner")
    judged(User.objects.get())
    keep_names(filled, {"g1": GroupName("刻字定制", "")})
    before = rows_of(filled)
    address = find(owner).url
    owner.post(f"{address}erase", {"confirmation": "删除"})
    assert do_job()
    assert not (filled.root / "llm" / "answers.sqlite3").exists()
    assert suggested_names(filled) == {}
    request = SubjectRequest.objects.get()
    assert request.erased_at is not None
    assert request.erased["quotes"] == 2 and request.erased["rejected"] == 1
    assert request.erased["messages"] == 1 and request.erased["shipment_events"] == 2
    key = Pseudonyms(filled.salt("s")).key(NICK)
    theirs = {key, "o-x1", "cv1", "cv1-1", "rf1", "dp1", "rv1", "g1x", "T1x", "e1", "sv1", "SF1",
              "back1", "i1"}  # fmt: skip
    for name, rows in rows_of(filled).items():
        left = [row for row in before[name] if not theirs & set(map(str, row.values()))]
        assert sorted(rows, key=str) == sorted(left, key=str), name
    for path, content in everything(filled).items():
        for trace in ("我是第1个人", "o-x1", "cv1-1", "rv1", key):
            assert trace.encode() not in content, (path, trace)
    assert [c.row_id for c in Correction.objects.all()] == ["cv2-1"]
    page = text_of(owner.get(address).content.decode())
    assert "现在没有关于这位买家的记录" in page and "已删除" in page
    assert "abc" in owner.get("/privacy/").content.decode(), "a run that cannot be made again"
    assert Event.objects.filter(about__startswith="删除一位买家的资料", shop_id="s").exists()
    do_jobs()


def test_an_old_export_that_brings_the_buyer_back_is_erased_again(person, filled):
    from django.utils import timezone

    from huisheng.app.web.jobs.models import Job
    from huisheng.app.web.privacy.retaining import schedule

    owner = person("owner")
    owner.post(f"{find(owner).url}erase", {"confirmation": "删除"})
    do_job()
    left = counts(filled)
    Job.objects.filter(kind="analyze").delete()
    schedule(timezone.now())
    assert not do_job(), "there is nothing to erase"
    bring(filled)
    assert counts(filled) != left
    schedule(timezone.now())
    schedule(timezone.now())
    assert do_job()
    assert counts(filled) == left
    assert not Job.objects.filter(kind="erase").exclude(state="done").exists()


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_finishes(person, filled, database):
    from huisheng.app.web.jobs.models import Job

    bring(filled, {"messages": [message("cv1", n % 10, f"第{n}句", msg_id=f"many-{n}")
                                  for n in range(20_000)]})  # fmt: skip
    owner = person("owner")
    owner.post(f"{find(owner).url}erase", {"confirmation": "删除"})
    with held_worker(filled, database, "删除") as process:
        process.kill()
        process.wait()
    assert Job.objects.get(kind="erase").state == "running"
    assert counts(filled)["messages"] > 20_000, "nothing half done is seen"
    with worker(filled, database):
        until(lambda: Job.objects.get(kind="erase").state == "done")
    assert Job.objects.get(kind="erase").attempts == 2
    assert b"o-x1" not in b"".join(everything(filled).values())
    assert counts(filled)["messages"] == 8


NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def dated(workspace):
    """Add rows of very different ages."""
    old, new = "2023-01-05 10:00:00", "2026-11-20 10:00:00"
    publish(workspace, {
        "messages": [message("m-old", 1, "很久以前", msg_id="old") | {"sent_at": old},
                     message("m-new", 1, "前天", msg_id="new") | {"sent_at": new}],
        "orders": [{"shop_id": "s", "order_no": "old", "customer_key": "k" * 32, "created_at": old,
                    "buyer_memo": "备注", "pay_amount": "5"},
                   {"shop_id": "s", "order_no": "new", "customer_key": "k" * 32, "created_at": new,
                    "buyer_memo": "备注"}],
        "labels": [label("old", "scene", "MID06") | {"at": old},
                   label("new", "scene", "MID06") | {"at": new}],
        "surveys": [{"shop_id": "s", "survey_id": "old", "sent_at": old, "customer_key": "k" * 32},
                    {"shop_id": "s", "survey_id": "new", "sent_at": new}],
        "survey_answers": [{"shop_id": "s", "survey_id": which, "question_code": "q",
                            "value_num": 4, "value_text": "答"} for which in ("old", "new")],
    })  # fmt: skip


def one(workspace, table, key, value):
    engine = open_engine(workspace)
    rows = engine.table(table)
    return engine.arrow(rows.filter(rows[key] == value)).to_pylist()


def test_nothing_is_let_go_before_somebody_switched_it_on(person, own):
    from huisheng.app.web.privacy.retaining import schedule

    dated(own)
    owner = person("owner")
    assert "自动清理没有开启" in owner.get("/privacy/retention").content.decode()
    owner.post("/privacy/retention/run")
    schedule(NOW)
    assert not do_job()


def test_what_waits_is_not_let_go_once_somebody_switched_it_off(person, own):
    from huisheng.app.web.jobs.models import Job

    dated(own)
    owner = person("owner")
    owner.post("/privacy/retention/switch", {"on": "1", "version": "0"})
    owner.post("/privacy/retention/run")
    owner.post("/privacy/retention/switch", {"on": "0", "version": "1"})
    assert do_job()
    assert "已经关闭" in Job.objects.get(kind="retain").error
    assert one(own, "messages", "msg_id", "old")[0]["text"] == "很久以前"


def test_what_is_due_is_foreseen_and_then_let_go(person, own):
    from django.utils import timezone

    from huisheng.app.web.audit.models import Event
    from huisheng.app.web.jobs.models import Job
    from huisheng.app.web.privacy.retaining import schedule

    dated(own)
    owner = person("owner")
    Event.objects.create(act="looked", about="很久以前看过")
    Event.objects.update(at=timezone.now() - timedelta(days=400))
    preview = owner.get("/privacy/retention?preview=1").content.decode()
    assert not Job.objects.exists()
    assert one(own, "messages", "msg_id", "old")[0]["text"] == "很久以前", "a look changes nothing"
    owner.post("/privacy/retention/switch", {"on": "1", "version": "0"})
    schedule(timezone.now())
    schedule(timezone.now())
    assert Job.objects.filter(kind="retain").count() == 1, "once a day"
    assert do_job()
    done = Job.objects.get(kind="retain").result["touched"]
    for count in done.values():
        assert f"{count:,} 行" in preview
    assert done["orders"] >= 1 and done["labels"] == 1 and done["audit"] == 1
    assert done["survey_answers"] == 2
    assert not Event.objects.filter(about="很久以前看过").exists()
    only_what_was_due_is_gone(own)
    owner.post("/privacy/retention/run")
    assert do_job()
    assert not any(Job.objects.filter(kind="retain").latest("id").result["touched"].values())


def only_what_was_due_is_gone(own):
    (gone,), (kept,) = one(own, "messages", "msg_id", "old"), one(own, "messages", "msg_id", "new")
    assert gone["text"] is None and gone["role"] == "buyer" and kept["text"] == "前天"
    (gone,), (kept,) = one(own, "orders", "order_no", "old"), one(own, "orders", "order_no", "new")
    assert gone["customer_key"] is None and gone["buyer_memo"] is None
    assert gone["pay_amount_fen"] == 500 and kept["customer_key"] == "k" * 32
    assert not one(own, "labels", "row_id", "old") and one(own, "labels", "row_id", "new")
    rows = one(own, "survey_answers", "question_code", "q")
    answers = {row["survey_id"]: (row["value_text"], row["value_num"]) for row in rows}
    assert answers == {"old": (None, 4), "new": ("答", 4)}
    words = [content for path, content in everything(own).items() if "/messages/" in path]
    assert not any("很久以前".encode() in content for content in words)


def days(browser, version, **changed):
    given = {"chat_text": 180, "survey_answers": 365, "labels": 730, "orders": 1095, "audit": 365}
    return browser.post("/privacy/retention/days", given | changed | {"version": version})


def test_days_are_changed_within_bounds_and_never_over_another(person, own):
    from huisheng.app.web.privacy.retaining import policy

    owner = person("owner")
    assert "最少 180 天" in days(owner, 0, audit=30).content.decode()
    assert days(owner, 0, chat_text=90).status_code == 302
    assert policy().days["chat_text"] == 90
    assert "别人刚刚改过" in days(owner, 0, chat_text=60).content.decode()
    assert policy().days["chat_text"] == 90
    assert (
        "别人刚刚改过"
        in owner.post("/privacy/retention/switch", {"on": "1", "version": "0"}).content.decode()
    )
    assert not policy().on
