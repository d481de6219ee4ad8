"""The API over people and the audit: never more than the page, and no way in for the program."""

from tests.app.web.two_shops import page_of

LU = {"username": "lu", "name": "小鹿", "places": [{"role": "qa", "shop_id": "s"}]}
AGENT = {"role": "agent", "shop_id": "s", "agent_id": "anna"}


def user(username):
    from huisheng.app.web.accounts.models import User

    return User.objects.get(username=username)


def places(username):
    return sorted(user(username).memberships.values_list("shop_id", "role", "agent_id"))


def test_a_person_added_by_a_program_gets_the_password_on_the_page(small, program, person):
    from django.test import Client

    owner = program()
    made = owner.tell("/people", LU, 201, key="person-lu-1")
    assert owner.tell("/people", LU, 201, key="person-lu-1") == made
    assert "password" not in str(made) and "first" not in str(made)
    assert "username" in owner.tell("/people", LU, 409)["error"]["message"]
    browser = person("owner", username="page")
    assert "小鹿" in page_of(browser, "/people/")
    given = browser.post(f"/people/{made['id']}/password").content.decode()
    lu = user("lu")
    assert lu.must_change_password and "第一个密码" in given
    assert not Client().login(username="lu", password="")
    assert [place["role"] for place in made["memberships"]] == ["qa"]


def test_what_the_page_refuses_the_api_refuses(small, program):
    owner = program()
    wrong = (
        ({**LU, "places": [{"role": "qa", "shop_id": "nowhere"}]}, 404),
        ({**LU, "places": [{**AGENT, "agent_id": "nobody"}]}, 422),
        ({**LU, "places": [{"role": "agent", "shop_id": "s"}]}, 422),
        ({**LU, "places": [{"role": "department", "shop_id": "s", "department": "moon"}]}, 422),
        ({**LU, "places": [LU["places"][0], AGENT]}, 422),
        ({**LU, "username": " "}, 422),
        ({**LU, "places": []}, 422),
        ({**LU, "password": "x"}, 422),
    )
    for body, status in wrong:
        owner.tell("/people", body, status)
    assert {one["id"] for one in owner.ask("/people/places")["shops"]} == {"*", "s", "t"}
    assert owner.ask("/people")["total"] == 1


def test_places_change_at_the_version_read_and_never_one_s_own(small, program, person):
    owner = program()
    made = owner.tell("/people", LU, 201)
    address = f"/people/{made['id']}"
    changed = {"version": 1, "name": "小路", "places": [AGENT, {"role": "reader", "shop_id": "t"}]}
    shown = owner.tell(address, changed, method="PUT")
    assert (shown["name"], shown["version"]) == ("小路", 2)
    assert places("lu") == [("s", "agent", "anna"), ("t", "reader", "")]
    assert "小路" in page_of(person("owner", username="page"), address + "/")
    owner.tell(address, changed, 409, method="PUT")
    owner.tell(address, {"version": 2, "places": [AGENT, AGENT]}, 422, method="PUT")
    named = owner.tell(address, {"version": 2, "name": "鹿"}, method="PUT")
    assert len(named["memberships"]) == 2
    me = owner.ask("/me")["person"]["id"]
    version = owner.ask(f"/people/{me}")["version"]
    own = {"version": version, "places": [{"role": "reader", "shop_id": "*"}]}
    owner.tell(f"/people/{me}", own, 403, method="PUT")
    owner.tell(f"/people/{me}/active", {"active": False}, 404)
    owner.tell(f"/people/{me}", {"version": version, "name": "店主"}, method="PUT")
    assert user("owner").name == "店主"


def test_who_goes_is_signed_out_and_can_come_back(small, program, person):
    owner = program()
    browser = person("qa", "s", username="lu")
    id_ = user("lu").pk
    assert len(owner.ask(f"/people/{id_}")["sessions"]) == 1
    assert owner.tell(f"/people/{id_}/sign-out", {}) == {"ended": 1}
    assert browser.get("/findings/").status_code == 302
    assert owner.tell(f"/people/{id_}/active", {"active": False})["is_active"] is False
    assert owner.ask("/people", active="false")["total"] == 1
    owner.tell(f"/people/{id_}/active", {"active": True})
    program(name="second")
    assert owner.ask("/people", role="owner", q="second")["total"] == 1
    local = program("owner", "s", name="local")
    local.tell(f"/people/{user('second').pk}/active", {"active": False}, 404)


def test_a_list_is_added_whole_or_not_at_all(small, program):
    owner = program()
    people = [{**LU, "username": f"p{n}", "name": f"人{n}"} for n in range(3)]
    people[2]["places"] = [{**AGENT, "agent_id": "nobody"}]
    judged = owner.tell("/people/import", {"people": people, "preview": True})
    assert [bool(row["problems"]) for row in judged["rows"]] == [False, False, True]
    refused = owner.tell("/people/import", {"people": people}, 422)
    assert "p2" in refused["error"]["message"]
    assert owner.ask("/people")["total"] == 1
    people[2]["places"] = [AGENT, {"role": "reader", "shop_id": "t"}]
    made = owner.tell("/people/import", {"people": people}, key="people-list")
    assert [one["username"] for one in made["added"]] == ["p0", "p1", "p2"]
    assert owner.tell("/people/import", {"people": people}, key="people-list") == made
    assert places("p2") == [("s", "agent", "anna"), ("t", "reader", "")]
    away = {"people": [{**LU, "username": "x", "places": [{"role": "qa", "shop_id": "nowhere"}]}]}
    owner.tell("/people/import", away, 404)


def test_a_shop_s_owner_and_a_narrow_token_govern_their_own_alone(small, program):
    boss = program(name="boss")
    both = [{"role": "qa", "shop_id": "s"}, {"role": "qa", "shop_id": "t"}]
    shared = boss.tell("/people", {**LU, "places": both}, 201)
    foreign = boss.tell(
        "/people", {**LU, "username": "t", "places": [{"role": "qa", "shop_id": "t"}]}, 201
    )
    for local in (
        program("owner", "s", name="local"),
        program("owner", shops=["s"], name="narrowed"),
    ):
        address = f"/people/{shared['id']}"
        seen = local.ask(address)
        assert [place["shop_id"] for place in seen["memberships"]] == ["s"]
        assert seen["governed"] is False and seen["sessions"] == []
        local.tell(address, {"version": seen["version"], "name": "x"}, 403, method="PUT")
        local.tell(f"{address}/active", {"active": False}, 404)
        local.tell(f"{address}/sign-out", {}, 404)
        local.ask(f"/people/{foreign['id']}", 404)
        local.tell("/people", {**LU, "username": "y", "places": both[1:]}, 404)
        everywhere = [{"role": "owner", "shop_id": "*"}]
        local.tell("/people", {**LU, "username": "y", "places": everywhere}, 404)
    without = program(rights=["change_settings", "see_numbers"], name="without")
    without.ask("/people", 403)
    without.tell("/people", {**LU, "username": "z"}, 403)
    program("manager", name="manager").tell("/people", {**LU, "username": "z"}, 403)


def test_the_audit_is_found_by_person_act_shop_and_words(small, program):
    owner = program()
    owner.tell("/people", LU, 201)
    lines = owner.ask("/audit", q="添加人员", act="changed", days="7")["rows"]
    assert [line["shop_id"] for line in lines] == ["s"] and lines[0]["about"].startswith("［令牌")
    mine = owner.ask("/me")["person"]["id"]
    assert owner.ask("/audit", user_id=mine)["total"] == 1
    assert owner.ask("/audit", user_id=mine + 1000)["total"] == 0
    assert owner.ask("/audit", shop_id="t")["total"] == 0
    owner.ask("/audit", 422, days="5")
    owner.ask("/voices/conversation", shop_id="s", conv_id="c1")
    (viewer,) = owner.ask("/audit/viewers")
    assert viewer["user_id"] == mine and viewer["looked"] >= 1
    assert program("manager", "t", name="stranger").ask("/audit", q="lu")["rows"] == []
    program("qa", "s").ask("/audit/viewers", 403)
