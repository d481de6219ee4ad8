"""Group robots over a real HTTP server: what they are sent, when, and what their answers do."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from tests.app.web.conftest import PASSWORD
from tests.app.web.two_shops import page_of, text_of

TMALL = "tmall-xiaonuan"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PATHS = {
    "dingtalk": "/robot/send?access_token=abcd1234",
    "feishu": "/open-apis/bot/v2/hook/abcd1234",
    "wecom": "/cgi-bin/webhook/send?key=abcd1234",
}
WELL = {"dingtalk": {"errcode": 0}, "feishu": {"code": 0}, "wecom": {"errcode": 0}}
BUSY = {
    "dingtalk": {"errcode": 130101, "errmsg": "send too fast"},
    "feishu": {"code": 11232, "msg": "frequency limited"},
    "wecom": {"errcode": 45009, "errmsg": "freq out of limit"},
}
REFUSED = {
    "dingtalk": {"errcode": 310000, "errmsg": "sign not match"},
    "feishu": {"code": 19021, "msg": "sign match fail"},
    "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
}


class Group:
    """A platform of our own: keeps what comes, and answers as it was told to, at last well."""

    def __init__(self):
        self.came, self.answers, self.go_on = [], [], threading.Event()
        group = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                group.came.append((self.path, json.loads(body)))
                status, said = (
                    group.answers.pop(0) if group.answers else (200, {"errcode": 0, "code": 0})
                )
                if status == "silent":
                    group.go_on.wait(30)
                    return
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", f"{group.origin}/elsewhere")
                self.end_headers()
                self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def group(monkeypatch):
    from huisheng.app.web.channels import telling

    monkeypatch.setattr(telling, "WAITS_S", (0.01, 0.01))
    made = Group()
    with override_settings(ROBOT_HOSTS=[made.origin]):
        yield made
    made.stop()


@pytest.fixture
def owner(person, site):
    yield person()
    for secret in (site / "secrets").glob("channel-*.key"):
        secret.unlink()


def form(group, platform="dingtalk", /, **changed):
    return {
        "name": "早会群", "platform": platform, "address": group.origin + PATHS[platform],
        "secret": "", "subjects": ["weekly", "morning", "failures"], "hour": 8, "weekday": 0,
        "is_on": "on", "version": 0, **changed,
    }  # fmt: skip


def added(owner, group, platform="dingtalk", /, **changed):
    from huisheng.app.web.channels.models import Channel

    answer = owner.post("/settings/channels/new", form(group, platform, **changed))
    assert answer.status_code == 302, text_of(answer.content.decode())
    made = Channel.objects.latest("id")
    Channel.objects.filter(pk=made.pk).update(made_at=MONDAY - timedelta(days=30))
    return made


def job_of(channel, subject="weekly", mark="x", about=()):
    from huisheng.app.web.channels.models import Message
    from huisheng.app.web.jobs.models import Kind
    from huisheng.app.web.jobs.queue import enqueue

    message = Message.objects.create(
        channel=channel, subject=subject, mark=mark, about=list(about), made_at=MONDAY
    )
    return enqueue(Kind.TELL, {"message": message.pk}, shop_id="*", by=None)


def work():
    """Do every job that waits, as the worker does."""
    from huisheng.app.web.jobs.loop import work_once

    while work_once("test", timedelta(seconds=30), threading.Event()):
        pass


def text_sent(platform, body):
    return body["content"]["text"] if platform == "feishu" else body["text"]["content"]


def states():
    from huisheng.app.web.jobs.models import Job

    return list(Job.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("platform", list(PATHS))
def test_each_platform_is_sent_its_own_body_signed_where_it_signs(owner, group, platform):
    secret = "" if platform == "wecom" else "SECabc"
    channel = added(owner, group, platform, secret=secret)
    answer = owner.post(f"/settings/channels/{channel.pk}/try")
    assert "已发到「早会群」" in text_of(answer.content.decode())
    [(path, body)] = group.came
    assert path.startswith(PATHS[platform])
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert "测试消息" in text_sent(platform, body)
    if platform == "dingtalk":
        key, said, sign = secret, f"{query['timestamp']}\n{secret}", query["sign"]
        assert len(query["timestamp"]) == 13 and body["msgtype"] == "text"
    elif platform == "feishu":
        key, said, sign = f"{body['timestamp']}\n{secret}", "", body["sign"]
        assert len(body["timestamp"]) == 10 and body["msg_type"] == "text"
    else:
        assert body["msgtype"] == "text" and "sign" not in query
        return
    right = hmac.new(key.encode(), said.encode(), hashlib.sha256).digest()
    assert base64.b64decode(sign) == right


def test_the_address_is_seen_once_and_kept_for_the_owner_alone(owner, group, site):
    channel = added(owner, group, secret="SECabc")
    kept = site / "secrets" / f"channel-{channel.pk}.key"
    assert kept.stat().st_mode & 0o077 == 0 and "abcd1234" in kept.read_text("utf-8")
    for address in ("/settings/channels/", f"/settings/channels/{channel.pk}/"):
        page = owner.get(address).content.decode()
        assert "127.0.0.1/…1234" in page
        assert "abcd1234" not in page and "SECabc" not in page
    change = form(group, address="", name="夜班群", version=1)
    assert owner.post(f"/settings/channels/{channel.pk}/", change).status_code == 302
    assert "abcd1234" in kept.read_text("utf-8") and "SECabc" in kept.read_text("utf-8")
    other = form(group, address=group.origin + "/robot/send?access_token=zz9999", version=2)
    answer = owner.post(f"/settings/channels/{channel.pk}/", other)
    assert "请重新填加签密钥" in answer.content.decode()
    owner.post(f"/settings/channels/{channel.pk}/", other | {"no_secret": "on"})
    assert "SECabc" not in kept.read_text("utf-8") and "zz9999" in kept.read_text("utf-8")
    owner.post(f"/settings/channels/{channel.pk}/remove")
    assert not kept.exists()


@pytest.mark.parametrize(
    ("platform", "address", "told"),
    [
        ("dingtalk", "https://evil.example/robot/send?access_token=1", "只能在 https://oapi"),
        ("dingtalk", "http://oapi.dingtalk.com/robot/send?access_token=1", "只能在 https://oapi"),
        ("dingtalk", "https://oapi.dingtalk.com:8443/robot/send?access_token=1", "只能在"),
        ("dingtalk", "https://oapi.dingtalk.com@evil.example/robot/send?access_token=1", "只能在"),
        ("dingtalk", "https://u:p@oapi.dingtalk.com/robot/send?access_token=1", "只能在"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send", "不像钉钉机器人的地址"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/", "不像飞书机器人的地址"),
        ("feishu", "https://oapi.dingtalk.com/robot/send?access_token=1", "只能在 https://open.f"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/user/get?key=1", "不像企业微信机器人"),
        ("wecom", "https://[::1/x", "不是网址"),
        ("wecom", "", "请填写机器人地址"),
    ],
)
def test_an_address_that_is_not_the_platform_s_own_is_refused(owner, platform, address, told):
    from huisheng.app.web.channels.models import Channel

    group = type("Nowhere", (), {"origin": ""})
    answer = owner.post("/settings/channels/new", form(group, platform, address=address))
    assert answer.status_code == 400
    assert told in text_of(answer.content.decode()).replace("&#39;", "'")
    assert not Channel.objects.exists()


def test_each_is_told_once_what_it_asked_for_when_it_is_due(owner, group):
    from huisheng.app.web.channels.telling import schedule

    added(owner, group, subjects=["weekly", "morning"], shops=[TMALL])
    schedule(MONDAY - timedelta(hours=3))
    work()
    assert group.came == [], "nothing is due before its hour"
    for hours in range(3):
        schedule(MONDAY + timedelta(hours=hours))
        work()
    told = sorted(text_sent("dingtalk", body) for _, body in group.came)
    assert len(told) == 2
    assert "班前会" in told[0] and "三处卡点" in told[0]
    assert told[1].startswith("回声周报：") and "先治这几处" in told[1]
    schedule(MONDAY + timedelta(days=1))
    work()
    assert len(group.came) == 3 and "班前会" in text_sent("dingtalk", group.came[2][1])


def test_nothing_unmasked_and_nothing_of_other_shops_leaves(owner, group, site):
    from huisheng.app.web import library

    channel = added(owner, group, shops=[TMALL])
    for subject in ("weekly", "morning"):
        job_of(channel, subject)
    work()
    said = "".join(text_sent("dingtalk", body) for _, body in group.came)
    document = library.document()
    people = [found for found in document["findings"] if "agent_id" in found["segment"]]
    assert not [found for found in people if found["title"] in said]
    quotes = [e["quote"] for f in document["findings"] for e in f["evidence"]]
    assert not [quote for quote in quotes if len(quote) > 6 and quote in said]
    names = document["names"]["shops"]
    assert names[TMALL] in said
    for shop in set(document["shops"]) - {TMALL}:
        assert names[shop] not in said
    assert not [
        name for name in document["names"]["agents"].values() if len(name) > 1 and name in said
    ]


def test_failed_jobs_are_told_without_their_errors_and_never_of_themselves(owner, group):
    from django.utils import timezone

    from huisheng.app.web.channels.telling import schedule
    from huisheng.app.web.jobs.models import Job, Kind, State

    channel = added(owner, group, subjects=["failures"], shops=[TMALL])
    now = timezone.now()
    failed = {"state": State.FAILED, "ended_at": now, "error": "订单.csv：张三的电话 13812345678"}
    mine = Job.objects.create(kind=Kind.IMPORT, shop_id=TMALL, **failed)
    Job.objects.create(kind=Kind.IMPORT, shop_id="another", **failed)
    Job.objects.create(kind=Kind.TELL, shop_id="*", **failed)
    type(channel).objects.update(made_at=now - timedelta(hours=1))
    for _ in range(2):
        schedule(timezone.now())
        work()
    [(_, body)] = group.came
    text = text_sent("dingtalk", body)
    assert f"导入（任务 {mine.pk}" in text and "1 个任务没有完成" in text
    assert "张三" not in text and "another" not in text


@pytest.mark.parametrize("platform", list(PATHS))
def test_a_platform_that_is_busy_is_asked_again(owner, group, platform):
    channel = added(owner, group, platform)
    group.answers = [(500, {}), (200, BUSY[platform])]
    job_of(channel)
    work()
    assert len(group.came) == 3 and states() == ["done"]
    channel.refresh_from_db()
    assert channel.is_well and "已发出：每周周报" in channel.last_result


@pytest.mark.parametrize("platform", list(PATHS))
@pytest.mark.parametrize("fault", ["refused", "redirect", "nonsense", "not found"])
def test_what_trying_again_cannot_mend_is_said_at_once(owner, group, platform, fault):
    from huisheng.app.web.channels.models import Message
    from huisheng.app.web.channels.telling import MOST_ASKED

    answers = {
        "refused": ((200, REFUSED[platform]), "没有收下"),
        "redirect": ((302, WELL[platform]), "要求转到别的地址，没有照办"),
        "nonsense": ((200, b"<html>"), "看不懂"),
        "not found": ((404, {}), "回答 404"),
    }
    answer, told = answers[fault]
    channel = added(owner, group, platform)
    group.answers = [answer]
    job_of(channel)
    work()
    assert len(group.came) == 1 and states() == ["failed"]
    channel.refresh_from_db()
    assert channel.is_well is False and told in channel.last_result
    assert told in text_of(owner.get("/settings/channels/").content.decode())
    assert Message.objects.get().asked == MOST_ASKED, "nobody asks again by the hour"


def test_a_platform_that_never_answers_is_not_waited_for(owner, group, monkeypatch):
    from huisheng.app.web.channels import sending

    monkeypatch.setattr(sending, "SECONDS", 0.3)
    channel = added(owner, group)
    group.answers = [("silent", None)] * 3
    job_of(channel)
    work()
    assert len(group.came) == 3 and states() == ["failed"]
    channel.refresh_from_db()
    assert "没有回答" in channel.last_result


def test_a_message_that_failed_is_asked_for_again_the_next_hour(owner, group):
    from huisheng.app.web.channels.telling import schedule

    added(owner, group, subjects=["morning"])
    group.answers = [(500, {})] * 3
    schedule(MONDAY)
    work()
    assert states() == ["failed"]
    schedule(MONDAY + timedelta(hours=1))
    work()
    assert states() == ["failed", "done"] and len(group.came) == 4
    schedule(MONDAY + timedelta(hours=2))
    assert len(states()) == 2


def test_a_job_that_is_done_twice_sends_once(owner, group, site):
    from huisheng.app.web.channels.telling import tell
    from huisheng.lake import open_workspace

    job = job_of(added(owner, group))
    for _ in range(2):
        tell(open_workspace(site), job, lambda step: None)
    assert len(group.came) == 1


def test_a_channel_that_is_off_or_gone_hears_nothing(owner, group):
    from huisheng.app.web.channels.models import Channel
    from huisheng.app.web.channels.telling import schedule

    channel = added(owner, group)
    job_of(channel)
    switched = {"on": "0", "version": channel.version}
    assert owner.post(f"/settings/channels/{channel.pk}/switch", switched).status_code == 302
    assert owner.post(f"/settings/channels/{channel.pk}/switch", switched).status_code == 409
    schedule(MONDAY)
    work()
    Channel.objects.all().delete()
    assert group.came == []


def test_a_text_too_long_for_a_group_is_cut_between_lines():
    from huisheng.app.web.channels.models import Platform
    from huisheng.app.web.channels.robots import MORE, request_of

    text = "\n".join(f"第 {n} 行：顾客催发货" for n in range(500))
    _, body = request_of(Platform.WECOM, "https://x/y?key=1", "", text, 1)
    said = json.loads(body)["text"]["content"]
    assert len(said.encode()) <= 2048 and said.endswith(MORE)
    assert said.removesuffix(MORE).splitlines() == text.splitlines()[: said.count("\n")]


def test_no_text_calls_the_whole_group(owner, group):
    channel = added(owner, group, "feishu", name='<at user_id="all">所有人</at>')
    owner.post(f"/settings/channels/{channel.pk}/try")
    [(_, body)] = group.came
    assert "<" not in body["content"]["text"] and "所有人" in body["content"]["text"]
    assert "<at user_id" not in owner.get("/settings/channels/").content.decode()


def test_one_shop_s_people_do_not_come_in(person, group):
    browser = person("manager", TMALL)
    for address in ("", "new", "1/"):
        assert browser.get(f"/settings/channels/{address}").status_code == 403
    for act in ("try", "switch", "remove"):
        assert browser.post(f"/settings/channels/1/{act}").status_code == 403
    assert browser.login(username="manager", password=PASSWORD)


def test_the_settings_lead_to_the_letter_and_the_channels_those_who_may_set_them(person, site):
    whole, part = person().get("/settings/"), person("manager", TMALL).get("/settings/")
    for address in ("/settings/digest/", "/settings/channels/"):
        card = f'<li><a href="{address}"><h2>'
        assert card in whole.content.decode()
        assert card not in part.content.decode()


def test_programs_list_try_switch_and_remove_what_a_page_added(owner, program, group):
    owner.post("/settings/channels/new", form(group))
    maker = program("owner", name="programs")
    [shown] = maker.ask("/settings/channels")
    assert (shown["name"], shown["is_on"], shown["is_well"]) == ("早会群", True, None)
    assert "abcd1234" not in json.dumps(shown)
    place = f"/settings/channels/{shown['id']}"
    assert maker.tell(f"{place}/try", {}) == {"sent": True}
    assert len(group.came) == 1
    group.answers.append((200, REFUSED["dingtalk"]))
    maker.tell(f"{place}/try", {}, 503)
    assert maker.ask("/settings/channels")[0]["is_well"] is False
    version = maker.ask("/settings/channels")[0]["version"]
    off = maker.tell(f"{place}/switch", {"is_on": False, "version": version})
    assert off["is_on"] is False
    maker.tell(f"{place}/switch", {"is_on": True, "version": version}, 409)
    assert "关闭" in page_of(owner, "/settings/channels/")
    assert maker.tell(place, {}, method="DELETE") == []
    maker.tell(f"{place}/try", {}, 404)
    local = program("manager", TMALL, name="local")
    local.ask("/settings/channels", 403)
