"""The server is told to reload, loses a process, or its parent: nobody's request is lost."""

import os
import signal
import sqlite3
import threading
from contextlib import closing

import pytest

from tests.blogs import manage
from tests.served import get, serving, start, wait_until, workers_of

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    assert manage(folder, "setup", "--empty").returncode == 0
    return folder


# Python reads it as it begins.
BREAKS_WORKERS = """
import sys
sys.modules["config.serving.process"] = None
"""


class Asking(threading.Thread):
    """Somebody who asks for a page, again and again, until the block ends."""

    def __init__(self, port):
        super().__init__()
        self.port, self.seen, self.is_over = port, [], threading.Event()

    def run(self):
        while not self.is_over.is_set():
            try:
                self.seen.append(get(self.port, "/healthz")[0].status)
            except OSError as error:
                self.seen.append(repr(error))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join()


def is_over(pid) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_reloads_and_loses_no_request(folder):
    with serving(folder, "--workers", "2") as (process, port):
        before = workers_of(process)
        with Asking(port) as asking, Asking(port) as other:
            process.send_signal(signal.SIGHUP)
            wait_until(lambda: not set(before) & set(workers_of(process)))
            count = len(asking.seen)
            wait_until(lambda: len(asking.seen) > count + 5)
        assert set(asking.seen + other.seen) == {200}
        assert process.poll() is None
        assert len(workers_of(process)) == 2


def test_what_would_not_serve_is_not_reloaded(tmp_path, put_empty_blog):
    """Here: files of a newer version, before `migrate` was run."""
    put_empty_blog(tmp_path)
    told = tmp_path / "told"
    with (
        told.open("w") as stderr,
        serving(tmp_path, "--workers", "1", stderr=stderr) as (process, port),
    ):
        before = workers_of(process)
        path = tmp_path / "quillback.sqlite3"
        with closing(sqlite3.connect(path, timeout=60)) as database, database:
            database.execute("DELETE FROM django_migrations WHERE app = 'reversion'")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "The database is older" in told.read_text())
        assert "the server goes on as it is" in told.read_text()
        assert workers_of(process) == before
        assert get(port, "/healthz")[0].status == 200


def test_what_breaks_in_its_workers_is_not_reloaded_and_can_be_mended(
    tmp_path, put_empty_blog, monkeypatch
):
    """What `--check` does not see. Those of before are seen to as they were."""
    put_empty_blog(tmp_path)
    told, program = tmp_path / "told", tmp_path / "sitecustomize.py"
    program.write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        told.open("w") as stderr,
        serving(tmp_path, "--workers", "2", stderr=stderr) as (process, port),
    ):
        before = workers_of(process)
        program.write_text(BREAKS_WORKERS)
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: "The new program does not serve" in told.read_text())
        wait_until(lambda: workers_of(process) == before)
        program.write_text("")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: not set(before) & set(workers_of(process)))
        assert get(port, "/healthz")[0].status == 200


def test_told_to_stop_while_it_reloads_it_stops(folder):
    process, _ = start(folder, "--workers", "1")
    [worker] = workers_of(process)
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: workers_of(process) != [worker])  # it is being tried
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0


def test_a_worker_that_died_is_replaced(folder):
    with serving(folder, "--workers", "1") as (process, port):
        [pid] = workers_of(process)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: workers_of(process) not in ([], [pid]))
        assert get(port, "/healthz")[0].status == 200


def test_no_worker_outlives_its_parent(folder):
    process, _ = start(folder, "--workers", "1")
    [pid] = workers_of(process)
    process.kill()
    process.wait()
    wait_until(lambda: is_over(pid))


def test_a_request_that_is_begun_is_answered_before_it_stops(folder):
    with serving(folder, "--workers", "1") as (process, port), Asking(port) as asking:
        wait_until(lambda: asking.seen)
        process.send_signal(signal.SIGTERM)
        asking.is_over.set()
        assert process.wait(90) == 0
    assert set(asking.seen) == {200}


def test_the_access_log_tells_no_secret(folder, tmp_path):
    log = tmp_path / "log"
    with log.open("w") as out, serving(folder, "--access-log", stdout=out) as (_, port):
        get(port, "/preview/abc:def/?q=private")
        wait_until(lambda: "/preview/" in log.read_text())
    [line] = [line for line in log.read_text().splitlines() if "/preview/" in line]
    assert line.startswith("127.0.0.0 - - [")
    assert '"GET /preview/%E2%80%A6/ HTTP/1.1" 404 ' in line
    assert "abc" not in line
    assert "private" not in line
