"""People: edited without overwriting, added by list, never without an owner, with two factors."""

import base64
import io
import re

import pytest
from openpyxl import Workbook, load_workbook

from tests.app.web.conftest import PASSWORD
from tests.app.web.programs import Program
from tests.app.web.two_shops import HOSTILE, text_of

ROLES = ["manager", "supervisor", "qa", "agent", "trainer", "department", "supplier", "reader"]
HEADER = "登录名,姓名,店铺,角色,部门,客服账号,快递\n"


def user_of(username):
    from huisheng.app.web.accounts.models import User

    return User.objects.get(username=username)


def places_of(username):
    members = user_of(username).memberships.order_by("shop_id")
    return [(m.shop_id, m.role, m.department, m.agent_id, m.carrier) for m in members]


def record(user, *rows, version=None, name=None, removed=()):
    """Return what the page of a person sends."""
    given = {
        "name": name or user.name,
        "version": version or user.version,
        "p-TOTAL_FORMS": len(rows),
        "p-INITIAL_FORMS": 0 if not removed else len(rows),
    }
    for at, row in enumerate(rows):
        fields = zip(("shop_id", "role", "department", "agent_id", "carrier"), row, strict=False)
        given |= {f"p-{at}-{field}": value for field, value in fields}
        if at in removed:
            given[f"p-{at}-DELETE"] = "on"
    return given


def edit(browser, username, *rows, **more):
    user = user_of(username)
    return browser.post(f"/people/{user.pk}/", record(user, *rows, **more))


def upload(browser, content, name="people.csv"):
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return browser.post("/people/import", {"file": file})


def token_in(page):
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_about_people_is_for_owners(person, small, role):
    owner_id = (person("owner"), user_of("owner").pk)[1]
    browser = person(role, department="cs")
    for address in ("/people/", "/people/new", "/people/import", f"/people/{owner_id}/",
                    "/people/import/template.csv"):  # fmt: skip
        assert browser.get(address).status_code == 403, address
    for act in ("active", "password", "sign-out", "second-factor"):
        assert browser.post(f"/people/{owner_id}/{act}").status_code == 403
    assert browser.post("/people/import/confirm").status_code == 403


def test_a_person_has_a_role_in_each_of_several_shops(person, small):
    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    edit(owner, "wang", ("s", "agent", "ops", "anna"), ("t", "supplier", "carrier", "x", "顺丰"))
    assert places_of("wang") == [
        ("s", "agent", "", "anna", ""), ("t", "supplier", "carrier", "", "顺丰"),
    ]  # fmt: skip
    edit(owner, "wang", ("s", "agent", "", "anna"), ("t", "reader"), removed=(0,))
    assert places_of("wang") == [("t", "reader", "", "", "")]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([("s", "department", "")], "请选择部门"),
        ([("s", "agent", "", "")], "请填写客服账号"),
        ([("s", "agent", "", "nobody")], "这家店没有这个客服账号。已知的有 anna、ben"),
        ([("s", "agent", "", "dora")], "没有这个客服账号"),
        ([("s", "qa"), ("s", "reader")], "同一家店只能有一个角色"),
        ([("elsewhere", "qa")], "elsewhere"),
        ([("s", "king")], "king"),
    ],
)
def test_a_place_that_makes_no_sense_changes_nothing(person, small, rows, complaint):
    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    answer = edit(owner, "wang", *rows)
    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert places_of("wang") == [("s", "qa", "", "", "")]


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(person, small):
    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    second = person("owner", username="owner2")
    seen = user_of("wang").version
    assert edit(owner, "wang", ("s", "trainer"), name="王一").status_code == 302
    late = edit(second, "wang", ("s", "reader"), name="王二", version=seen)
    assert "别人刚刚改过这个人" in late.content.decode()
    assert 'value="王一"' in late.content.decode()
    assert user_of("wang").name == "王一"
    assert places_of("wang") == [("s", "trainer", "", "", "")]
    assert edit(second, "wang", ("s", "reader"), name="王二").status_code == 302


def test_nobody_changes_their_own_rights_nor_locks_themselves_out(person, small):
    owner = person("owner")
    edit(owner, "owner", ("s", "reader"), name="新名字")
    assert places_of("owner") == [("*", "owner", "", "", "")]
    assert user_of("owner").name == "新名字"
    me = user_of("owner").pk
    for act in ("active", "password", "sign-out", "second-factor"):
        assert owner.post(f"/people/{me}/{act}", {"active": "0"}).status_code == 404
    assert owner.get("/people/").status_code == 200


def test_an_owner_of_all_shops_always_remains(person, small):
    from huisheng.app.web.accounts.editing import LastOwnerError, change_person, set_active

    person("owner")
    last = user_of("owner")
    with pytest.raises(LastOwnerError):
        change_person(
            last, seen_version=last.version, name="x", places=[], governs=lambda shop: True
        )
    with pytest.raises(LastOwnerError):
        set_active(last, False)
    assert places_of("owner") == [("*", "owner", "", "", "")]
    assert user_of("owner").is_active and user_of("owner").name != "x"


def test_the_owner_of_one_shop_rules_there_alone(person, small):
    person("owner")
    one = person("owner", username="one", shop_id="s")
    person("qa", username="both", shop_id="s")
    from huisheng.app.web.accounts.models import Membership

    Membership.objects.create(user=user_of("both"), shop_id="t", role="manager")
    person("qa", username="other", shop_id="t")
    page = one.get("/people/").content.decode()
    assert "both" in page and "other" not in page
    assert one.get(f"/people/{user_of('other').pk}/").status_code == 404
    edit(one, "both", ("s", "reader"), name="改名")
    assert places_of("both") == [("s", "reader", "", "", ""), ("t", "manager", "", "", "")]
    assert user_of("both").name == "qa", "they work for another as well"
    assert one.post(f"/people/{user_of('both').pk}/password").status_code == 404
    assert edit(one, "both", ("*", "owner")).status_code == 200
    assert edit(one, "both", ("t", "owner")).status_code == 200
    assert ("t", "manager", "", "", "") in places_of("both")
    assert one.get(f"/people/{user_of('owner').pk}/").status_code == 404


def test_a_reset_password_ends_the_old_sessions(person, small):
    owner, wang = person("owner"), person("qa", username="wang", shop_id="s")
    assert wang.get("/account/").status_code == 200
    made = owner.post(f"/people/{user_of('wang').pk}/password").content.decode()
    first = made.split('第一个密码</dt><dd class="id">')[1].split("<")[0]
    assert wang.get("/account/").url.startswith("/sign-in")
    wang.post("/sign-in", {"username": "wang", "password": first})
    assert wang.get("/account/").url == "/password"


def reset(owner, wang):
    owner.post(f"/people/{user_of('wang').pk}/password")


def change_own(owner, wang):
    new = {"password": "another-horse-8", "again": "another-horse-8"}
    answer = wang.post("/password", {"current": PASSWORD, **new})
    assert answer.status_code == 302, answer.content.decode()


def let_go_and_back(owner, wang):
    for active in "01":
        owner.post(f"/people/{user_of('wang').pk}/active", {"active": active})


def take_every_role_and_give_one_back(owner, wang):
    edit(owner, "wang", ("s", "qa"), removed=(0,))
    assert places_of("wang") == []
    edit(owner, "wang", ("s", "qa"))


@pytest.mark.parametrize(
    "act", [reset, change_own, let_go_and_back, take_every_role_and_give_one_back]
)
def test_a_token_ends_with_what_it_was_made_by(person, small, act):
    owner, wang = person("owner"), person("qa", username="wang", shop_id="s")
    mine, theirs = token_of("owner"), token_of("wang")
    theirs.ask("/me")
    assert "有效的接口令牌 1 个" in text_of(
        owner.get(f"/people/{user_of('wang').pk}/").content.decode()
    )
    act(owner, wang)
    from huisheng.app.web.accounts.models import User

    User.objects.update(must_change_password=False)
    theirs.ask("/me", 401)
    assert places_of("wang") == [("s", "qa", "", "", "")]
    mine.ask("/me")
    assert "已作废" in owner.get("/tokens/").content.decode()


def test_a_token_stays_with_a_change_that_leaves_a_role(person, small):
    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    token = token_of("wang")
    edit(owner, "wang", ("s", "trainer"))
    token.ask("/me")


def test_people_are_not_found_by_what_they_are_in_another_shop(person, small):
    from huisheng.app.web.accounts.models import Membership

    everywhere, one = person("owner"), person("owner", username="one", shop_id="s")
    person("qa", username="both", shop_id="s")
    Membership.objects.create(user=user_of("both"), shop_id="t", role="agent", agent_id="dora")
    for query, there in (({"q": "dor"}, False), ({"role": "agent"}, False), ({"role": "qa"}, True)):
        assert ("both" in people_found(one, **query)) == there, query
        assert "both" in people_found(everywhere, **query), query
    assert not people_found(everywhere, role="qa", q="dora"), "one place must fit, not two halves"
    page = text_of(one.get(f"/people/{user_of('both').pk}/").content.decode())
    assert "您不管的店铺里还有别的角色" in page and "dora" not in page


def test_the_audit_speaks_of_people_and_roles_in_words(person, small):
    from huisheng.app.web.audit.models import Event

    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    edit(owner, "wang", ("s", "trainer"), name="王一")
    owner.post(f"/people/{user_of('wang').pk}/password")
    said = [event.about for event in Event.objects.filter(act="changed")]
    assert said == [
        "重设 王一（wang）的密码",
        "修改人员 qa（wang）：qa（s质检） → 王一（s机器人训练师）",
    ]


def people_found(browser, **query):
    page = browser.get("/people/", query).content.decode()
    return re.findall(r'<td class="id">([^<]+)</td>', page)


def token_of(username):
    from datetime import timedelta

    from django.utils import timezone

    from huisheng.app.web.accounts.roles import Right
    from huisheng.app.web.api.tokens import make_token

    until = timezone.now() + timedelta(days=1)
    return Program(make_token(user_of(username), "报表", list(Right), (), until)[1])


def test_sessions_of_others_and_of_oneself_elsewhere_end(person, small):
    owner, wang = person("owner"), person("qa", username="wang", shop_id="s")
    elsewhere = type(wang)()
    elsewhere.post(
        "/sign-in",
        {"username": "wang", "password": PASSWORD},
        headers={"user-agent": "Chrome/1 Windows"},
    )
    assert "Windows · Chrome" in wang.get("/account/").content.decode()
    wang.post("/account/sign-out-elsewhere")
    assert wang.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    owner.post(f"/people/{user_of('wang').pk}/sign-out")
    assert wang.get("/account/").status_code == 302
    assert owner.get("/people/").status_code == 200


def test_hostile_names_are_text(person, small):
    owner, _ = person("owner"), person("qa", username="wang", shop_id="s")
    edit(owner, "wang", ("s", "qa"), name=HOSTILE)
    for address in ("/people/", f"/people/{user_of('wang').pk}/", "/people/?q=<script>"):
        page = owner.get(address).content.decode()
        assert "<script>alert" not in page
    assert HOSTILE in text_of(owner.get("/people/").content.decode())
    found = upload(owner, HEADER + f'w2,"{HOSTILE}",s,质检\n').content.decode()
    assert "<script>alert" not in found


def test_a_list_makes_everybody_or_nobody(person, small):
    owner = person("owner")
    good = "w1,王一,s,质检\nw2,李二,所有店铺,只读\nw3,赵三,s,客服,,anna\nw3,赵三,t,客服,,dora\n"
    bad = upload(owner, HEADER + good + "w4,钱四,s,客服,,nobody\nowner,x,s,质检\n")
    page = text_of(bad.content.decode())
    assert "6 行里有 2 行不对，一个人也不会添加" in page
    assert "没有这个客服账号" in page and "这个登录名已经有人用了" in page
    assert 'name="token"' not in bad.content.decode()
    shown = upload(owner, HEADER + good)
    assert "会添加 3 人" in text_of(shown.content.decode())
    from huisheng.app.web.accounts.models import User

    assert User.objects.count() == 1, "a preview makes nobody"
    token = token_in(shown)
    made = owner.post("/people/import/confirm", {"token": token}).content.decode()
    assert places_of("w3") == [("s", "agent", "", "anna", ""), ("t", "agent", "", "dora", "")]
    assert places_of("w2") == [("*", "reader", "", "", "")]
    uri = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', made)[1]
    lines = base64.b64decode(uri).decode("utf-8-sig").splitlines()
    assert lines[0] == "登录名,姓名,第一个密码" and len(lines) == 4
    browser = type(owner)()
    browser.post("/sign-in", {"username": "w1", "password": lines[1].split(",")[2].lstrip("'")})
    assert browser.get("/account/").url == "/password"
    again = owner.post("/people/import/confirm", {"token": token})
    assert "已经添加过" in again.content.decode()
    assert User.objects.count() == 4


def test_a_list_that_was_overtaken_makes_nobody(person, small):
    owner = person("owner")
    token = token_in(upload(owner, HEADER + "w1,王一,s,质检\nw2,李二,s,质检\n"))
    person("reader", username="w2")
    answer = owner.post("/people/import/confirm", {"token": token})
    assert "一个人也没有添加" in answer.content.decode()
    from huisheng.app.web.accounts.models import User

    assert not User.objects.filter(username="w1").exists()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "空"),
        ("姓名\n王\n", "没有「登录名」「店铺」「角色」这一列"),
        (HEADER, "只有表头"),
        (HEADER + "w,王,s,质检\n" * 501, "一次最多 500 行"),
        (b"PK\x03\x04broken", "打不开"),
        (b"\x00\x01\x02", "不是 CSV 或 XLSX"),
        (b"x" * (2 * 1024 * 1024 + 1), "超过 2 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(person, small, content, complaint):
    answer = upload(person("owner"), content)
    assert answer.status_code == 200
    assert complaint in answer.content.decode()


def test_the_template_comes_back_filled_in_as_a_workbook(person, small):
    """The known agents without an account stand in it; a GBK file of an old Excel is read too."""
    owner = person("owner")
    person("agent", username="a", shop_id="s", agent_id="anna")
    sheet = load_workbook(io.BytesIO(owner.get("/people/import/template.xlsx").content)).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert [row[5] for row in rows[1:]] == ["ben", "dora"]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    assert "会添加 2 人" in text_of(upload(owner, file.getvalue(), "p.xlsx").content.decode())
    gbk = (HEADER + "1001,王一,s,质检\n").encode("gbk")
    assert "会添加 1 人" in text_of(upload(owner, gbk).content.decode())
    csv_text = owner.get("/people/import/template.csv").content.decode("utf-8-sig")
    assert csv_text.splitlines()[1] == "ben@s,ben,s,客服,,ben,"


def test_an_owner_of_one_shop_cannot_list_people_into_another(person, small):
    person("owner")
    one = person("owner", username="one", shop_id="s")
    for shop in ("t", "*", "所有店铺"):
        page = upload(one, HEADER + f"w1,王一,{shop},店主\n").content.decode()
        assert "1 行里有 1 行不对" in text_of(page)
