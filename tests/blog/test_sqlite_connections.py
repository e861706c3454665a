"""SQLite's connections are kept, and begin each request as new ones would."""

import shutil
import sqlite3
import threading
from contextlib import closing
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from blog import generations
from blog.models import SiteSettings
from blog.sqlite3.base import Cursor
from tests.builders import make_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's alone"),
]


@pytest.fixture
def kept():
    """A connection as a thread of the server has it."""
    kept = connections.create_connection("default")
    kept.connect()
    yield kept
    kept.close()


def get(path):
    environ = {"PATH_INFO": path, "QUERY_STRING": "", "REQUEST_METHOD": "GET"}
    environ |= {"HTTP_HOST": "localhost", "wsgi.input": BytesIO()}
    setup_testing_defaults(environ)
    answer = WSGIHandler()(environ, lambda *told: None)
    with closing(answer):
        return b"".join(answer).decode()


def elsewhere(act):
    def run():
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_one_is_opened_for_many_requests():
    get("/")
    opened = connection.connection
    get("/")
    assert opened is not None
    assert connection.connection is opened


def test_what_was_left_unread_holds_nobody_at_an_old_commit():
    """A page of the same thread's next request, on the same connection."""
    SiteSettings(title="Number 0").save()
    for number in range(3):
        make_post(f"Post {number}")
    get("/")
    opened = connection.connection
    left = connection.cursor()
    left.execute("SELECT id FROM blog_post")
    left.fetchone()
    elsewhere(lambda: SiteSettings.objects.update(title="Number 1"))
    assert SiteSettings.objects.values_list("title", flat=True).get() == "Number 0"
    assert "Number 1" in get("/opensearch.xml")
    assert connection.connection is opened


def test_what_was_left_unread_keeps_the_log_of_changes_from_being_folded_in(kept):
    """SQLite's write-ahead log would grow for as long as somebody reads."""
    SiteSettings(title="Number 0").save()
    for number in range(3):
        make_post(f"Post {number}")
    left = kept.cursor()
    left.execute("SELECT id FROM blog_post")
    left.fetchone()
    SiteSettings.objects.update(title="Number 1")

    def fold_in():
        with connection.cursor() as cursor:
            _, pages, folded = cursor.execute("PRAGMA wal_checkpoint").fetchone()
        return pages == folded

    assert not fold_in()
    kept.close_if_unusable_or_obsolete()
    assert fold_in()


def test_one_that_broke_is_opened_anew(kept):
    with pytest.raises(OperationalError), kept.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nothing_of_this_name")
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is None


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A small database that is the blog's while generations are asked for."""

    def make(name, number):
        with closing(sqlite3.connect(tmp_path / name)) as database:
            database.execute("CREATE TABLE blog_generation (number)")
            database.execute("INSERT INTO blog_generation VALUES (?)", [number])
            database.commit()
        return tmp_path / name

    monkeypatch.setitem(connection.settings_dict, "NAME", make("blog.sqlite3", 1))
    make("other.sqlite3", 2)
    return tmp_path / "blog.sqlite3"


def test_another_file_in_its_place_is_noticed(file, kept, monkeypatch):
    monkeypatch.setattr(generations, "FILE_SECONDS", 0)
    told = generations.SQLiteGenerations("default")
    assert told.current() == (1,)
    shutil.move(file.with_name("other.sqlite3"), file)
    assert told.current() == (2,)
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is None
    told.close()


def test_where_none_lies_the_one_that_is_open_goes_on(file, kept, monkeypatch):
    monkeypatch.setattr(generations, "FILE_SECONDS", 0)
    told = generations.SQLiteGenerations("default")
    assert told.current() == (1,)
    file.rename(file.with_name("aside.sqlite3"))
    assert told.current() == (1,)
    kept.close_if_unusable_or_obsolete()
    assert kept.connection is not None
    assert not file.exists()
    told.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 WHERE 2 = %s",
        "SELECT '100%%', %s",
        "SELECT '%%s' || %s",
        "SELECT %s, %s -- 50%% of %%s",
        f"SELECT {', '.join(['%s'] * 5000)}",
    ],
)
def test_a_query_is_written_for_sqlite_as_django_writes_it(query):
    ours, django = Cursor(sqlite3.connect(":memory:")), SQLiteCursorWrapper
    for _ in range(2):
        assert ours.convert_query(query) == django.convert_query(ours, query)
    named = "SELECT %(a)s"
    assert ours.convert_query(named, param_names=["a"]) == "SELECT :a"
    ours.connection.close()
