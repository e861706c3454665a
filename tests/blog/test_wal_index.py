"""Whether SQLite's log grew, read without asking SQLite; and nothing of SQLite's is hurt."""

import gc
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import wal_index
from blog.wal_index import HEADER_BYTES


def opened(path, mode="wal"):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("CREATE TABLE IF NOT EXISTS said (word TEXT)")
    connection.execute("SELECT * FROM said").fetchall()
    return connection


def header(index):
    return index[:HEADER_BYTES]


def run(path, code):
    """What other processes do with the database; what they print."""
    program = f"import sqlite3\ndb = sqlite3.connect({str(path)!r}, timeout=0)\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@given(st.lists(st.sampled_from(["commit", "roll back", "read", "checkpoint"])))
def test_each_commit_makes_another_header(tmp_path_factory, steps):
    path = tmp_path_factory.mktemp("log") / "blog.sqlite3"
    with closing(opened(path)) as reader, closing(opened(path)) as writer:
        index = wal_index.of_database(reader.execute)
        seen = [header(index)]
        for step in steps:
            if step == "checkpoint":
                writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                continue
            writer.execute("BEGIN IMMEDIATE" if step != "read" else "BEGIN")
            if step == "read":
                writer.execute("SELECT * FROM said").fetchall()
            else:
                writer.execute("INSERT INTO said VALUES ('x')")
            writer.execute("ROLLBACK" if step == "roll back" else "COMMIT")
            if step == "commit":
                assert header(index) not in seen
            seen.append(header(index))


def test_what_another_process_commits_is_seen(tmp_path):
    path = tmp_path / "blog.sqlite3"
    with closing(opened(path)) as reader:
        index = wal_index.of_database(reader.execute)
        before = header(index)
        run(path, "db.execute(\"INSERT INTO said VALUES ('x')\"); db.commit()")
        assert header(index) != before


def test_the_locks_of_sqlite_are_kept(tmp_path):
    """A process loses them with the first descriptor of the file that it closes."""
    path = tmp_path / "blog.sqlite3"
    with closing(opened(path)) as writer, closing(opened(path)) as reader:
        for connection in (writer, reader):
            writer.execute("BEGIN IMMEDIATE")
            assert wal_index.of_database(connection.execute)
            gc.collect()
            told = run(
                path,
                """
try: db.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error: print(error)
""",
            )
            assert told == "database is locked"
            writer.execute("ROLLBACK")


def test_it_is_opened_once_for_all_connections(tmp_path):
    path = tmp_path / "blog.sqlite3"
    with closing(opened(path)) as one, closing(opened(path)) as other:
        index = wal_index.of_database(one.execute)
        assert wal_index.of_database(other.execute) is index


def test_a_database_that_is_made_anew_has_another_one(tmp_path):
    path = tmp_path / "blog.sqlite3"
    with closing(opened(path)) as before:
        old = wal_index.of_database(before.execute)
    path.unlink()
    with closing(opened(path)) as after:
        assert wal_index.of_database(after.execute) is not old


@pytest.mark.parametrize("mode", ["delete", "memory"])
def test_without_such_a_log_there_is_none(tmp_path, mode):
    """Not even where a file of that name was left behind."""
    path = tmp_path / "blog.sqlite3"
    with closing(opened(path, mode)) as connection:
        (tmp_path / "blog.sqlite3-shm").write_bytes(bytes(32768))
        assert wal_index.of_database(connection.execute) is None


def test_what_cannot_be_read_is_none(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    with closing(opened(tmp_path / "blog.sqlite3")) as connection:
        monkeypatch.setattr(wal_index.os, "open", refused)
        assert wal_index.of_database(connection.execute) is None


def test_a_format_of_another_version_is_left_alone(tmp_path, monkeypatch):
    with closing(opened(tmp_path / "blog.sqlite3")) as connection:
        monkeypatch.setattr(wal_index, "_VERSION", b"\0\0\0\1")
        assert wal_index.of_database(connection.execute) is None
