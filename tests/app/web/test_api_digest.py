"""The API over the weekly letter: everything but the mail password."""

from django.test import override_settings

from tests.app.web.two_shops import page_of


def given(port, **changed):
    return {
        "switch": "on", "host": "127.0.0.1", "port": port, "security": "none",
        "sender": "huisheng@shop.example", "recipients": ["boss@shop.example"], "version": 0,
        **changed,
    }  # fmt: skip


def test_a_letter_set_by_a_program_is_on_the_page_and_goes_out(site, program, person, mail):
    inbox, port = mail
    owner = program()
    kept = owner.tell("/settings/digest", given(port), method="PUT", key="digest-set-1")
    assert kept["on"] and kept["version"] == 1 and not kept["has_password"]
    again = owner.tell("/settings/digest", given(port), method="PUT", key="digest-set-1")
    assert again == kept
    assert "boss@shop.example" in page_of(person("owner", username="page"), "/settings/digest/")
    owner.tell("/settings/digest", given(port), 409, method="PUT")
    assert owner.tell("/settings/digest/try", {}) == {"recipients": 1}
    assert inbox.letters[0][0] == ["boss@shop.example"]
    off = given(port, version=1, switch="off")
    assert owner.tell("/settings/digest", off, method="PUT")["on"] is False
    assert owner.ask("/settings/digest")["recipients"] == ["boss@shop.example"]


def test_a_kept_password_goes_nowhere_else(site, program, tmp_path, mail):
    from huisheng.app.web.digest.posting import keep_password

    _, port = mail
    with override_settings(WORKSPACE=tmp_path):
        (tmp_path / "secrets").mkdir()
        owner = program()
        owner.tell("/settings/digest", given(port), method="PUT")
        keep_password("secret")
        moved = owner.tell(
            "/settings/digest", given(port, version=1, username="x"), 409, method="PUT"
        )
        assert "密码" in moved["error"]["message"]
        owner.tell("/settings/digest", given(port, version=1, hour=10), method="PUT")


def test_the_letter_is_for_who_sets_everywhere_and_goes_to_mail_servers_alone(site, program):
    for some in (
        program("manager", "tmall-xiaonuan", name="local"),
        program(shops=["tmall-xiaonuan"], name="narrowed"),
        program(rights=["see_numbers"], name="reader"),
    ):
        some.ask("/settings/digest", 403)
        some.tell("/settings/digest", given(465), 403, method="PUT")
        some.tell("/settings/digest/try", {}, 403)
    owner = program()
    owner.tell("/settings/digest", given(465), 409, method="PUT")
    for wrong in ({"recipients": ["no address"]}, {"password": "x"}, {"host": "a b"}):
        owner.tell("/settings/digest", given(465, **wrong), 422, method="PUT")
    owner.tell("/settings/digest/try", {}, 422)
