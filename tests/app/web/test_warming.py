"""What a server opens before the first visitor asks."""

import threading

from django.test import override_settings

from huisheng.lake import create_workspace


def test_the_first_breakdown_finds_its_days_opened(visitor):
    from django.core.cache import cache

    from huisheng.app.web import library
    from huisheng.app.web.measures import answers
    from huisheng.app.web.warming import warm_in_background

    cache.clear()
    answers._shelf.stretches.clear()
    warm_in_background().join()
    (opened,) = answers._shelf.stretches
    period = library.document()["period"]
    assert (opened.end.isoformat(), opened.before().end < opened.start) == (period["end"], True)
    assert opened.start.isoformat() <= period["start"]


def test_the_first_search_finds_its_tables_opened(visitor):
    from django.db import connections

    from huisheng.app.web import library
    from huisheng.app.web.warming import warm

    library._shelf.engine = None
    left = []

    def in_a_thread():
        warm()
        left.extend(c for c in connections.all(initialized_only=True) if c.connection)

    warming = threading.Thread(target=in_a_thread)
    warming.start()
    warming.join()
    assert {"messages", "reviews", "labels"} <= set(library._shelf.engine._tables)
    assert not left, "the thread ends with an open connection to the operational store"


def test_a_workspace_without_a_run_or_with_a_broken_one_is_left_alone(visitor, tmp_path):
    from huisheng.app.web.measures import answers
    from huisheng.app.web.warming import warm

    answers._shelf.stretches.clear()
    place = create_workspace(tmp_path / "ws")
    with override_settings(WORKSPACE=place.root):
        warm()
        (place.runs / "current.json").write_text("{", "utf-8")
        warm()
        (place.lake / "manifest.json").write_text("{", "utf-8")
        warm()
    assert not answers._shelf.stretches
