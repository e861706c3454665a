"""An import that is killed and started again ends where one ends that never was."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from blog.transfer import wxr_write
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    PostRecord,
    ResponseRecord,
    UserRecord,
)
from tests.blogs import environment

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]
# Costs nothing when all is well.
PATIENCE_SECONDS = 120
KILLS = 10
# Enough to be read ahead, in another process; few enough to be stored before the last
# kill, so that some come while links and the search are settled.
POSTS = 300
# Ready to import, it does so in a process of its own, as often as it is told. What is
# so large is stored in yet another one.
WAIT = """
import django, os, sys
django.setup()
from django.core.management import call_command
from config import apart
apart.MIN_POSTS = int(sys.argv[1])
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        call_command(*line.split(), stdout=open(os.devnull, "w"))
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""
COUNTS = """
SELECT (SELECT count(*) FROM blog_post), (SELECT count(*) FROM blog_category),
       (SELECT count(*) FROM comments_comment), (SELECT sum(comment_count) FROM blog_post)
"""
# What later stages change, too.
STATE = """
SELECT (SELECT count(*) FROM blog_post), (SELECT count(*) FROM blog_redirect),
       (SELECT count(*) FROM blog_oldfile), (SELECT count(*) FROM blog_searchqueue),
       (SELECT sum(length(body)) FROM blog_post), (SELECT sum(parent_id) FROM blog_post)
"""


class Blog:
    """A blog with a data folder of its own, and a process that waits for commands."""

    def __init__(self, folder: Path, large: int) -> None:
        self._file = folder / "quillback.sqlite3"
        self._waiting = subprocess.Popen(
            [sys.executable, "-c", WAIT, str(large)],
            cwd=settings.BASE_DIR,
            env=environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *command: object) -> int:
        """The number of the process that does it."""
        self._waiting.stdin.write(" ".join(map(str, command)) + "\n")
        self._waiting.stdin.flush()
        return int(self._waiting.stdout.readline())

    def ended(self) -> int:
        """What the process ended with, when it has."""
        return int(self._waiting.stdout.readline())

    def counts(self, question: str = COUNTS) -> tuple[int, ...]:
        database = sqlite3.connect(self._file, timeout=30)
        try:
            return database.execute(question).fetchone()
        finally:
            database.close()

    def close(self) -> None:
        self._waiting.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def make_blog(tmp_path, put_empty_blog) -> Iterator:
    blogs = []

    def make(name: str, large: int = POSTS + 1) -> Blog:
        put_empty_blog(tmp_path / name)
        blogs.append(Blog(tmp_path / name, large))
        return blogs[-1]

    yield make
    for blog in blogs:
        blog.close()


@pytest.fixture
def export(tmp_path) -> Path:
    path = tmp_path / "export.xml"
    path.write_text("".join(wxr_write.written(BlogRecord(
        title="A log",
        url="https://log.example",
        # Who is called by her login alone has a slug that is drawn by lot.
        users=[UserRecord("mara", 1, display_name="Mara Quay")],
        categories=[CategoryRecord("boats", "Boats"), CategoryRecord("oars", "Oars", "boats")],
        posts=[_post(number) for number in range(1, POSTS + 1)],
    ))))  # fmt: skip
    return path


def _post(number: int) -> PostRecord:
    moment = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    is_page = number % 10 == 0
    guid = f"https://log.example/?p={number}"
    responses = [
        ResponseRecord(
            guid=f"{guid}#{place}",
            number=number * 10 + place,
            text=f"Response {place}",
            created_at=moment,
            author_name="Ole",
            parent=f"{guid}#{place - 1}" if place else None,
        )
        for place in range(3)
    ]
    return PostRecord(
        guid=guid,
        title=f"Entry {number}",
        # To one that was before it, to one that comes later; and a file that is away.
        body=f'<p>Some <a href="https://log.example/?p={number // 2}">words</a> of '
        f'<a href="https://log.example/?p={number + 60}#more">it</a>.'
        f'<img src="https://log.example/wp-content/uploads/2009/01/{number}.jpg"></p>',
        published_at=moment,
        slug=f"entry-{number}",
        kind="page" if is_page else "post",
        # Every page but the last stands below the one behind it.
        parent=number + 10 if is_page and number < POSTS else None,
        author="mara",
        categories=[] if is_page else ["oars"],
        responses=responses,
        number=number,
        addresses=[f"/{number}/"],
    )


def exported(blog: Blog, path: Path) -> list[str]:
    """All of the blog, without the moment it was written down."""
    blog.start("export_blog", path)
    assert blog.ended() == 0
    lines = path.read_text().splitlines()
    return [line for line in lines if "<pubDate>" not in line]


def killed_after_something_changed(blog: Blog, export: Path) -> bool:
    """Whether it was still at work."""
    before = blog.counts(STATE)
    pid = blog.start("import_blog", export)
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while is_there(pid) and blog.counts(STATE) == before:
        assert time.monotonic() < ends_at, "It took too long."
        time.sleep(0.01)
    if is_there(pid):
        os.kill(pid, signal.SIGKILL)
    return blog.ended() == signal.SIGKILL


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("large", [POSTS + 1, POSTS], ids=["here", "apart"])
def test_killed_ten_times_it_ends_as_if_it_never_was(
    make_blog, export, tmp_path, large
):
    whole = make_blog("whole")
    whole.start("import_blog", export)
    assert whole.ended() == 0
    killed = make_blog("killed", large)
    kills = [killed_after_something_changed(killed, export) for _ in range(KILLS)]
    assert kills[0]
    killed.start("import_blog", export)
    assert killed.ended() == 0
    assert killed.counts() == whole.counts() == (POSTS, 2, 3 * POSTS, 3 * POSTS)
    assert exported(killed, tmp_path / "killed.xml") == exported(
        whole, tmp_path / "whole.xml"
    )
    assert killed.counts(STATE) == whole.counts(STATE)
    for proof in (["checktrees"], ["search_index", "--check"]):
        killed.start(*proof)
        assert killed.ended() == 0
