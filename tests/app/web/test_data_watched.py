"""Files that arrive in a folder: taken when whole, once, and put away with a word."""

import zipfile

import pytest
from django.test import override_settings

from huisheng.lake import create_workspace
from tests.app.web.working import do_job, do_jobs, held_worker, orders, rows_of, until, worker


@pytest.fixture
def place(visitor, tmp_path):
    """Return an empty workspace that the site serves for the length of a test."""
    made = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=made.root):
        yield made


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def post(place, tmp_path):
    """Return a watched folder for one shop, its watcher and the clock it goes by."""
    from huisheng.app.web.jobs.models import WatchedFolder
    from huisheng.app.web.jobs.watching import Watcher

    root = tmp_path / "post"
    root.mkdir()
    WatchedFolder.objects.create(path=str(root), shop_id="shop-a", analyze=False)
    clock = Clock()
    return root, Watcher(clock), clock


def pass_(post, seconds=6.0, times=3):
    """Let the watcher look several times."""
    _, watcher, clock = post
    for _ in range(times):
        clock.now += seconds
        watcher.look()


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def jobs():
    from huisheng.app.web.jobs.models import Job

    return Job.objects.filter(kind="collect").count()


def test_what_arrives_is_imported_once_and_put_away(post, place):
    root, _, _ = post
    (root / "orders.csv").write_bytes(orders(5))
    (root / "说明.pdf").write_bytes(b"%PDF")
    (root / "坏.csv").write_text("流水,怎么说\nA1,不热\n")
    pass_(post, times=1)
    assert jobs() == 0
    pass_(post)
    assert jobs() == 1
    pass_(post)
    assert jobs() == 1, "a file that waits for its import is not taken again"
    do_jobs()
    assert rows_of(place, "orders") == 5
    assert names(root) == [
        "已导入/orders.csv",
        "已导入/orders.csv.说明.txt",
        "未能导入/坏.csv",
        "未能导入/坏.csv.说明.txt",
        "未能导入/说明.pdf",
        "未能导入/说明.pdf.说明.txt",
    ]
    assert "对一下列" in (root / "未能导入/坏.csv.说明.txt").read_text("utf-8-sig")
    assert "不支持的文件类型" in (root / "未能导入/说明.pdf.说明.txt").read_text("utf-8-sig")
    pass_(post)
    assert jobs() == 1
    (root / "orders.csv").write_bytes(orders(6))
    pass_(post)
    do_jobs()
    assert rows_of(place, "orders") == 6
    assert "已导入/orders (2).csv" in names(root)


def test_a_file_being_written_is_left_alone_and_others_wait_for_it(post, place):
    root, watcher, clock = post
    (root / "agents.csv").write_text("agent_id\na1\n")
    with (root / "orders.csv").open("wb") as stream:
        for piece in orders(50).splitlines(keepends=True):
            stream.write(piece)
            stream.flush()
            clock.now += 6
            watcher.look()
            if clock.now > 1_090:
                break
        assert jobs() == 0
    (root / "orders.csv").write_bytes(orders(50))
    pass_(post)
    do_jobs()
    assert jobs() == 1
    assert rows_of(place, "orders") == 50
    assert rows_of(place, "agents") == 1


def test_hidden_files_locks_links_and_downloads_under_way_are_no_files(post, tmp_path):
    root, _, _ = post
    (tmp_path / "secret.csv").write_bytes(orders(3))
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    for name in (".hidden.csv", "~$orders.xlsx", "orders.csv.part", "a.csv.crdownload"):
        (root / name).write_bytes(b"x")
    pass_(post)
    assert jobs() == 0
    assert len(names(root)) == 5


def test_folders_inside_name_the_shops(place, tmp_path):
    from huisheng.app.web.jobs.models import WatchedFolder
    from huisheng.app.web.jobs.watching import Watcher
    from huisheng.lake import open_engine

    root, clock = tmp_path / "post", Clock()
    for shop in ("甲店", "shop-b", "bad name!"):
        (root / shop).mkdir(parents=True)
        (root / shop / "orders.csv").write_bytes(orders(4))
    WatchedFolder.objects.create(path=str(root), analyze=False)
    pass_((root, Watcher(clock), clock))
    assert jobs() == 3
    do_jobs()
    pass_((root, Watcher(clock), clock))
    assert open_engine(place).shops("orders") == {"甲店", "shop-b"}
    assert "已导入/甲店/orders.csv" in names(root)
    assert "未能导入/bad name!/orders.csv" in names(root)


def test_two_files_of_one_name_and_an_archive_that_is_half_good(post, place):
    root, _, _ = post
    for month, first in (("七月", 0), ("八月", 100)):
        (root / month).mkdir()
        (root / month / "orders.csv").write_bytes(orders(3, first=first))
    with zipfile.ZipFile(root / "全部.zip", "w") as archive:
        archive.writestr("orders.csv", orders(3, first=200))
        archive.writestr("坏.csv", "流水,怎么说\nA1,不热\n")
    pass_(post)
    do_jobs()
    assert rows_of(place, "orders") == 9
    assert {"已导入/七月/orders.csv", "已导入/八月/orders.csv", "未能导入/全部.zip"} <= set(
        names(root)
    )
    said = (root / "未能导入/全部.zip.说明.txt").read_text("utf-8-sig")
    assert "全部.zip/orders.csv：已导入" in said
    assert "全部.zip/坏.csv" in said


def test_a_cancelled_or_failed_job_puts_its_files_away_and_does_not_take_them_again(post, place):
    from huisheng.app.web.jobs.models import Job
    from huisheng.app.web.jobs.queue import cancel

    root, _, _ = post
    (root / "orders.csv").write_bytes(orders(5))
    pass_(post)
    cancel(Job.objects.get())
    pass_(post)
    assert jobs() == 1
    assert rows_of(place, "orders") == 0
    assert "未能导入/orders.csv" in names(root)


def test_a_file_that_changes_between_taking_and_reading_is_taken_again(post, place):
    root, _, _ = post
    (root / "orders.csv").write_bytes(orders(5))
    pass_(post)
    (root / "orders.csv").write_bytes(orders(7))
    assert do_job()
    assert rows_of(place, "orders") == 0
    pass_(post)
    do_jobs()
    assert rows_of(place, "orders") == 7
    assert "已导入/orders.csv" in names(root)


def test_a_worker_killed_while_reading_loses_nothing_and_doubles_nothing(post, place, database):
    from huisheng.app.web.jobs.models import Arrival

    root, _, _ = post
    (root / "orders_1.csv").write_bytes(orders(300))
    (root / "orders_2.csv").write_bytes(orders(20_000, first=10**6))
    pass_(post)
    assert jobs() == 1

    def away():
        return not Arrival.objects.filter(settled_at=None).exists()

    with held_worker(place, database, "读取 orders_2.csv") as first:
        first.kill()
        first.wait()
    assert "orders_2.csv" in names(root)
    with worker(place, database):
        until(away)
    assert rows_of(place, "orders") == 20_300
    assert {"已导入/orders_1.csv", "已导入/orders_2.csv"} <= set(names(root))
    assert jobs() == 1


def test_a_worker_takes_what_arrives_by_itself(place, tmp_path, database):
    from huisheng.app.web.jobs.models import Arrival, WatchedFolder

    root = tmp_path / "post"
    root.mkdir()
    WatchedFolder.objects.create(path=str(root), shop_id="shop-a", analyze=False)
    (root / "orders.csv").write_bytes(orders(5))
    with worker(place, database):
        until(lambda: Arrival.objects.filter(taken=True, settled_at__isnull=False).exists())
    assert rows_of(place, "orders") == 5


def test_only_who_may_change_settings_everywhere_names_folders(person, place, tmp_path):
    from huisheng.app.web.jobs.models import WatchedFolder

    root = tmp_path / "post"
    root.mkdir()
    owner, form = person("owner"), {"path": str(root), "shop_id": "shop-a", "analyze": "1"}
    for browser in (person("manager", shop_id="shop-a"), person("reader")):
        assert browser.get("/data/folders/").status_code == 403
        assert browser.post("/data/folders/", form).status_code == 403
    for wrong, why in (
        ("post", "完整路径"),
        (str(tmp_path / "none"), "没有这个文件夹"),
        (str(place.root / "lake"), "工作区"),
        (str(tmp_path), "工作区"),
    ):
        assert why in owner.post("/data/folders/", {**form, "path": wrong}).content.decode()
    bad = owner.post("/data/folders/", {**form, "shop_id": "<script>"}).content.decode()
    assert "编号只能含" in bad
    assert "<script>" not in bad
    assert owner.post("/data/folders/", form).status_code == 302
    assert "重叠" in owner.post("/data/folders/", form).content.decode()
    page = owner.get("/data/folders/").content.decode()
    assert str(root) in page
    folder = WatchedFolder.objects.get()
    owner.post(f"/data/folders/{folder.pk}/stop")
    assert not WatchedFolder.objects.exists()


def test_a_folder_that_is_gone_is_said_on_the_page(person, post):
    root, _, _ = post
    root.rename(root.with_name("elsewhere"))
    pass_(post)
    assert "打不开这个文件夹" in person("owner").get("/data/folders/").content.decode()


def test_names_that_nothing_can_hold_stop_nobody(post, place):
    """A name in GBK out of a Windows archive, one too long, and a line break in one."""
    import os

    from huisheng.app.web.jobs.models import WatchedFolder

    root, _, _ = post
    for name in (b"\xb6\xa9\xb5\xa5.csv", b"a\nb.csv"):
        (root / os.fsdecode(name)).write_bytes(orders(3))
    deep = root / ("x" * 200) / ("y" * 200) / ("z" * 200)
    deep.mkdir(parents=True)
    (deep / "o.csv").write_bytes(orders(3))
    (root / "orders.csv").write_bytes(orders(5))
    pass_(post)
    do_jobs()
    assert rows_of(place, "orders") == 5
    assert "有 3 个文件没有收取" in WatchedFolder.objects.get().problem


def test_a_folder_inside_that_can_be_no_shop_is_said(place, tmp_path):
    from huisheng.app.web.jobs.models import WatchedFolder
    from huisheng.app.web.jobs.watching import Watcher

    root, clock = tmp_path / "post", Clock()
    for name in ("*", "s" * 121):
        (root / name).mkdir(parents=True)
        (root / name / "orders.csv").write_bytes(orders(3))
    WatchedFolder.objects.create(path=str(root), analyze=False)
    pass_((root, Watcher(clock), clock))
    assert jobs() == 0
    assert "有 2 个文件没有收取" in WatchedFolder.objects.get().problem


def test_a_link_put_in_a_file_s_place_is_not_read(post, place, tmp_path):
    import os

    root, _, _ = post
    (root / "orders.csv").write_bytes(orders(5))
    state = (root / "orders.csv").stat()
    pass_(post)
    (tmp_path / "secret.csv").write_bytes(orders(5, first=7))
    os.utime(tmp_path / "secret.csv", ns=(state.st_atime_ns, state.st_mtime_ns))
    (root / "orders.csv").unlink()
    (root / "orders.csv").symlink_to(tmp_path / "secret.csv")
    do_jobs()
    assert rows_of(place, "orders") == 0


@pytest.mark.parametrize("path", ["/", "/etc", "/usr/lib", "/home", "/var/log"])
def test_the_machine_s_own_folders_are_not_watched(person, place, path):
    from huisheng.app.web.jobs.models import WatchedFolder

    answer = person().post("/data/folders/", {"path": path, "shop_id": "a"})
    assert not WatchedFolder.objects.exists()
    assert any(word in answer.content.decode() for word in ("系统", "没有这个文件夹"))
