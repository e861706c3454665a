"""Real workers, killed while they send: no ping is lost and none is sent twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as project

from tests.web import Web, answer

# Costs nothing when all is well.
PATIENCE_SECONDS = 90
PAGES = ["one", "two", "three"]
WRITE = """
import django, sys
django.setup()
from django.core.management import call_command
from blog import publishing
from blog.models import Post
call_command("migrate", verbosity=0)
links = "".join(f'<a href="{url}">There</a> ' for url in sys.argv[1:])
publishing.save_post(Post(title="Tea", body=f"<p>{links}</p>", status="published"))
"""
WORK = """
import django, sys
django.setup()
from django.conf import settings
settings.FETCH_LOOPBACK_PORTS = {int(sys.argv[1])}
from config.worker import Worker
Worker(is_wanted=lambda: True, poll=0.2).run()
"""


class Blog:
    """A blog with a data folder of its own, and its one worker."""

    def __init__(self, folder: Path, web: Web) -> None:
        self._file = folder / "quillback.sqlite3"
        ours = {name: os.environ[name] for name in os.environ.keys() - {"DATABASE_URL"}}
        self._environment = ours | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self._port = web.port
        self._worker: subprocess.Popen | None = None

    def write(self, *links: str) -> None:
        assert self._python(WRITE, *links).wait(PATIENCE_SECONDS) == 0

    def work(self) -> None:
        self._worker = self._python(WORK, str(self._port))

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        self._worker.send_signal(signal.SIGKILL)
        self._worker.wait(PATIENCE_SECONDS)

    def is_killed(self) -> bool:
        return self._worker.poll() == -signal.SIGKILL

    def states(self) -> dict[str, str]:
        """By the last part of its page's address, what became of each ping."""
        with sqlite3.connect(self._file) as database:
            rows = database.execute(
                "SELECT target_url, state FROM comments_outgoingping"
            ).fetchall()
        database.close()
        return {url.split("/")[-2]: state for url, state in rows}

    def is_settled(self) -> bool:
        states = self.states()
        return len(states) == len(PAGES) and "waiting" not in states.values()

    def _python(self, script: str, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-c", script, *arguments]
        return subprocess.Popen(command, cwd=project.BASE_DIR, env=self._environment)


@pytest.fixture
def blog(web, tmp_path) -> Iterator[Blog]:
    """It has published a post that links to three pages, and nobody works yet."""
    for name in PAGES:
        page = f'<link rel="webmention" href="/take/{name}/">'.encode()
        web.answers[f"/{name}/"] = page
        web.answers[f"/take/{name}/"] = lambda handler: answer(handler, 202)
    blog = Blog(tmp_path, web)
    blog.write(*(web.url(f"/{name}/") for name in PAGES))
    yield blog
    blog.kill()


def wait_for(what: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < ends_at, "It took too long."
        time.sleep(0.05)


def killing(blog: Blog, then: Callable | None = None) -> Callable:
    """Kills the worker in the moment its whole request is read; answers nothing.

    Afterwards, where there is something to do `then`, it does that.
    """
    is_done = []

    def handle(handler) -> None:
        if is_done and then:
            then(handler)
        else:
            is_done.append(True)
            blog.kill()

    return handle


def posts(web: Web) -> dict[str, int]:
    """How many whole requests each endpoint was sent."""
    told = [knock for knock in web.knocks if knock.method == "POST"]
    assert all(b"source=" in knock.body for knock in told)
    paths = [knock.path.split("/")[-2] for knock in told]
    return {name: paths.count(name) for name in PAGES}


def test_killed_while_the_answer_is_waited_for(blog, web):
    web.answers["/take/two/"] = killing(blog)
    blog.work()
    wait_for(blog.is_killed)
    blog.work()
    wait_for(blog.is_settled)
    assert posts(web) == {"one": 1, "two": 1, "three": 1}
    assert blog.states() == {"one": "sent", "two": "unsure", "three": "sent"}


def test_killed_while_it_looks_for_the_endpoint(blog, web):
    page = web.answers["/two/"]
    web.answers["/two/"] = killing(
        blog, then=lambda handler: answer(handler, body=page, Content_Type="text/html")
    )
    blog.work()
    wait_for(blog.is_killed)
    blog.work()
    wait_for(blog.is_settled)
    assert posts(web) == {"one": 1, "two": 1, "three": 1}
    assert set(blog.states().values()) == {"sent"}


def test_killed_whenever_anybody_hears_of_it(blog, web):
    for name in PAGES:
        page = web.answers[f"/{name}/"]
        web.answers[f"/{name}/"] = killing(
            blog,
            then=lambda handler, page=page: answer(
                handler, body=page, Content_Type="text/html"
            ),
        )
        web.answers[f"/take/{name}/"] = killing(blog)
    blog.work()
    kills = 0
    while kills < 2 * len(PAGES):
        wait_for(blog.is_killed)
        kills += 1
        blog.work()
    wait_for(blog.is_settled)
    assert posts(web) == {"one": 1, "two": 1, "three": 1}
    assert set(blog.states().values()) == {"unsure"}


def test_killed_between_one_ping_and_the_next(blog, web):
    blog.work()
    wait_for(lambda: blog.states().get("one") == "sent")
    blog.kill()
    blog.work()
    wait_for(blog.is_settled)
    states, told = blog.states(), posts(web)
    assert set(states.values()) <= {"sent", "unsure"}
    # An unsure one may have been killed in the moment before it would have left.
    for name in PAGES:
        assert told[name] == 1 or (states[name], told[name]) == ("unsure", 0)
