"""The API over watched folders and rows that were set aside."""

import csv
import io

import pytest
from django.test import override_settings

from huisheng.lake import create_workspace
from tests.app.web.programs import API
from tests.app.web.two_shops import page_of
from tests.app.web.working import do_jobs, import_job, orders, rows_of


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


def test_a_folder_is_watched_and_stopped_by_a_program(place, program, person, tmp_path):
    from huisheng.app.web.jobs.models import Arrival, Job, Kind, WatchedFolder

    owner, post = program(), tmp_path / "post"
    post.mkdir()
    given = {"path": str(post), "shop_id": "shop-a", "analyze": False}
    made = owner.tell("/data/folders", given, 201, key="folder-post-1")
    assert owner.tell("/data/folders", given, 201, key="folder-post-1")["id"] == made["id"]
    page = page_of(person("owner", username="page"), "/data/folders/")
    assert str(post) in page
    overlap = owner.tell("/data/folders", {"path": str(post)}, 409)
    assert "重叠" in overlap["error"]["message"]
    owner.tell("/data/folders", {"path": str(place.root)}, 409)
    owner.tell("/data/folders", {"path": "relative"}, 422)
    folder = WatchedFolder.objects.get()
    job = Job.objects.create(kind=Kind.COLLECT, payload={}, shop_id="shop-a")
    arrival = Arrival.objects.create(
        folder=folder, job=job, path="a.csv", size=1, changed_ns=1, taken=None
    )
    (seen,) = owner.ask("/data/folders/arrivals")
    assert (seen["path"], seen["imported"], seen["job_id"]) == ("a.csv", None, job.pk)
    owner.tell(f"/data/folders/{made['id']}/stop", {}, 409)
    arrival.settled_at = arrival.at
    arrival.save()
    assert owner.tell(f"/data/folders/{made['id']}/stop", {})["path"] == str(post)
    assert owner.ask("/data/folders") == []
    owner.tell(f"/data/folders/{made['id']}/stop", {}, 404)


def test_folders_of_the_machine_are_for_who_sets_everywhere(place, program, tmp_path):
    given = {"path": str(tmp_path)}
    for some in (
        program("owner", "shop-a", name="local"),
        program(shops=["shop-a"], name="narrowed"),
        program(rights=["import_data"], name="importer"),
        program(rights=["change_settings"], name="setter"),
        program("qa", name="qa"),
    ):
        some.ask("/data/folders", 403)
        some.ask("/data/folders/arrivals", 403)
        some.tell("/data/folders", given, 403)
        some.tell("/data/folders/1/stop", {}, 403)


def test_rows_set_aside_are_fetched_corrected_and_handed_in_again(place, program):
    owner = program()
    import_job({"orders_a.csv": orders(10, bad_every=5)})
    do_jobs()
    (file,) = owner.ask("/data/quarantine")["rows"]
    assert (file["rows"], rows_of(place, "orders")) == (2, 8)
    address = f"/data/quarantine/{file['mark']}"
    (reason,) = owner.ask(f"{address}/reasons")
    assert reason["rows"] == 2
    answer = owner.raw("GET", f"{address}/file")
    assert answer.headers["Content-Type"].startswith("text/csv")
    table = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row["原因"] for row in table] == [reason["reason"]] * 2
    for stranger in (program("manager", "shop-b", name="b"), program("qa", "shop-a", name="q")):
        status = 404 if stranger.token.user.username == "b" else 403
        stranger.ask(f"{address}/reasons", status)
        stranger.ask(f"{address}/file", status)
        assert hand_in(stranger, address, orders(10)).status_code == status
    assert hand_in(owner, address, orders(10), key="corrected-a").status_code == 202
    made = hand_in(owner, address, orders(10), key="corrected-a").json()
    assert owner.ask("/jobs")["total"] == 2, "the same file under the same key is imported once"
    other = hand_in(owner, address, orders(9), key="corrected-a")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")
    do_jobs()
    assert owner.ask(f"/jobs/{made['id']}")["state"] == "done"
    assert rows_of(place, "orders") == 10
    assert owner.ask("/data/quarantine")["total"] == 0
    owner.ask(f"{address}/reasons", 404)


def hand_in(who, address, content, key=""):
    from django.test import Client

    file = io.BytesIO(content)
    file.name = "改好的.csv"
    headers = {"Authorization": f"Bearer {who.secret}"} | ({"Idempotency-Key": key} if key else {})
    return Client().post(f"{API}{address}/corrected", {"files": file}, headers=headers)
