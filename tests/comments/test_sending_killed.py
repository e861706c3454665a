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
from django.conf import settings

from tests.blogs import environment
from tests.web import Web, answer

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]
# Costs nothing when all is well.
PATIENCE_SECONDS = 90
PAGES = ["one", "two", "three"]
# Ready to do anything, it has each thing done by a process of its own.
WAIT = """
import django, os, sys
django.setup()
from django.conf import settings
settings.FETCH_LOOPBACK_PORTS = {int(sys.argv[1])}
from blog import publishing
from blog.models import Post
from config.worker import Worker
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        if line == "work\\n":
            Worker(is_wanted=lambda: True, poll=0.2).run()
        body = "".join(f'<p><a href="{url}">There</a></p>' for url in line.split())
        publishing.save_post(Post(title="Tea", body=body, status="published"))
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class Blog:
    """A blog with a data folder of its own, and its one worker."""

    def __init__(self, folder: Path, web: Web) -> None:
        self._file = folder / "quillback.sqlite3"
        self._waiting = subprocess.Popen(
            [sys.executable, "-c", WAIT, str(web.port)],
            cwd=settings.BASE_DIR,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._worker: int | None = None

    def write(self, *links: str) -> None:
        self._start(" ".join(links))
        assert self._end() == 0

    def work(self) -> None:
        self._worker = self._start("work")

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        os.kill(self._worker, signal.SIGKILL)
        assert self._end() == signal.SIGKILL
        self._worker = None

    def is_killed(self) -> bool:
        return self._worker is None

    def close(self) -> None:
        if self._worker:
            self.kill()
        self._waiting.communicate(timeout=PATIENCE_SECONDS)

    def _start(self, what: str) -> int:
        """The number of the process that does it."""
        self._waiting.stdin.write(f"{what}\n")
        self._waiting.stdin.flush()
        return int(self._waiting.stdout.readline())

    def _end(self) -> int:
        """What the process ended with, when it has."""
        return int(self._waiting.stdout.readline())

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


@pytest.fixture
def blog(web, tmp_path, put_empty_blog) -> Iterator[Blog]:
    """It has published a post that links to three pages, and nobody works yet."""
    for name in PAGES:
        page = f'<link rel="webmention" href="/take/{name}/">'.encode()
        web.answers[f"/{name}/"] = page
        web.answers[f"/take/{name}/"] = lambda handler: answer(handler, 202)
    put_empty_blog(tmp_path)
    blog = Blog(tmp_path, web)
    blog.write(*(web.url(f"/{name}/") for name in PAGES))
    yield blog
    blog.close()


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
