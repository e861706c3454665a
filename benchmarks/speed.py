"""`make bench`: what a blog of 2,000 posts takes, beside files sent by nginx.

    python -m benchmarks.speed
    python -m benchmarks.speed --large --folder /tmp/large
    python -m benchmarks.speed --record

Fills a SQLite database of its own (or the empty one that DATABASE_URL names) with 2,000
posts and 20,000 comments, with --large with 100,000 and a million; --folder keeps it.
Starts the server as it is shipped, and puts a load on each kind of page: made anew each
time (the page cache is off), made after each change, and kept; on the lists of the desk;
sends comments, and moves a blog in. In the same run nginx sends the bytes of each page
as a file. Prints tables; --json writes the figures, --record puts the tables into
docs/performance.md. README.md tells how to read them.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

from benchmarks import results
from benchmarks.load import after_each, body_of, put_on
from benchmarks.nginx import Files, serving_files
from benchmarks.visitors import serving
from tests.ports import free_ports

USUAL, LARGE = (2_000, 20_000), (100_000, 1_000_000)
# Posts and comments of a blog that moves in.
MOVED = (1_000, 10_000)
# Enough to keep both workers busy, and few enough that none waits for long.
AT_ONCE_MADE = 8
AT_ONCE_KEPT = 64
WORKERS = 2
MADE_SECONDS, CHANGED_SECONDS, KEPT_SECONDS, FILE_SECONDS, DESK_SECONDS = 3, 2, 3, 2, 3
SENT_COMMENTS, SENDERS = 600, 16
ONE_PAGE = "post, 1,000 on one page"
CACHE_BYTES = 16 * 2**20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--folder", type=Path, help="holds the blog, and keeps it")
    parser.add_argument("--json", help="a file for the figures, or - for the last line")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qb-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        told = _measured(folder, *(LARGE if options.large else USUAL))
    results.show(told)
    if options.record:
        results.record(told)
    if options.json == "-":
        sys.stdout.write(json.dumps(told) + "\n")
    elif options.json:
        Path(options.json).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return 1 if told["problems"] else 0


def _measured(folder: Path, posts: int, comments: int) -> dict[str, Any]:
    os.environ["DATA_DIR"] = str(folder)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/quillback.sqlite3")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["BEHIND_PROXY"] = "1"
    django.setup()
    from django.db import connection

    from benchmarks import pages

    pages.prepared(posts, comments)
    told: dict[str, Any] = {
        "posts": posts,
        "comments": comments,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": _machine(),
        "database": connection.vendor,
        "problems": [],
    }
    told |= _of_pages(pages.paths()) | {"desk": _of_desk(pages.desk_paths())}
    told["posting"] = _posting(told["problems"])
    told["moving"] = _moving(folder)
    return told


def _machine() -> str:
    """Such as `2 × Intel(R) Xeon(R) Processor, 24 GB, Python 3.11.7`."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = names[0] if names else platform.processor()
    cores = os.cpu_count()
    return f"{cores} × {name}, {memory:.0f} GB, Python {platform.python_version()}"


def _of_pages(paths: dict[str, str]) -> dict[str, Any]:
    from benchmarks import pages

    shown = {name: path for name, path in paths.items() if name != "nowhere"}
    told = {
        name: {"queries": count} for name, count in pages.queries(shown).items()
    } | {ONE_PAGE: {"queries": None}}
    memory = {}
    with _server(cache_bytes=0) as server:
        for name, url, _ in _each(server, shown):
            told[name]["made"] = asdict(put_on(url, AT_ONCE_MADE, MADE_SECONDS))
        memory["made"] = server.memory_mb()
    with _server(cache_bytes=CACHE_BYTES) as server, serving_files(WORKERS) as files:
        for name, url, body in _each(server, shown):
            told[name]["bytes"] = len(body)
            changed = after_each(pages.change, url, CHANGED_SECONDS, {})
            told[name]["changed"] = asdict(changed)
            if "/search/" not in url:  # which is never kept
                told[name]["kept"] = asdict(put_on(url, AT_ONCE_KEPT, KEPT_SECONDS))
            told[name]["file"] = _as_file(files, body)
        memory["kept"] = server.memory_mb()
        start = server.start_seconds
    return {"pages": told, "memory_mb": memory, "start_seconds": start}


def _each(server: "Server", paths: dict[str, str]) -> Iterator[tuple[str, str, bytes]]:
    """The name, the URL and the bytes of each page, when it has been asked for before."""
    from blog.models import SiteSettings

    for name, path in paths.items():
        yield name, server.url(path), server.warmed(path)
    path = paths["post, 1,000 comments"]
    SiteSettings.objects.update(paginate_comments=False)
    yield ONE_PAGE, server.url(path), server.warmed(path)
    SiteSettings.objects.update(paginate_comments=True)


def _as_file(files: Files | None, body: bytes) -> dict[str, float] | None:
    return files and asdict(put_on(files.put(body), AT_ONCE_KEPT, FILE_SECONDS))


def _of_desk(paths: dict[str, str]) -> dict[str, Any]:
    """What an editor sees, who asks for one page after the other."""
    from django.test import Client

    from benchmarks import pages
    from blog.models import User

    client = Client()
    client.force_login(User.objects.get(username="alice"))
    mine = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    counts, told = pages.queries(paths, "alice"), {}
    with _server(cache_bytes=CACHE_BYTES) as server:
        for name, path in paths.items():
            url = server.url(path)
            told[name] = {
                "queries": counts[name],
                "bytes": len(body_of(url, mine)),
                **asdict(put_on(url, AT_ONCE_MADE, DESK_SECONDS, mine)),
            }
    return told


def _posting(problems: list[str]) -> dict[str, Any]:
    """Many send comments below fifty quiet posts, one behind another."""
    import asyncio

    from benchmarks import pages
    from benchmarks.visitors import Load
    from blog.models import Post
    from comments.models import Comment

    public = Post.objects.published().posts().filter(password="", comments_open=True)
    quiet = public.filter(comment_count__lt=min(pages.LONG)).order_by("-pk")
    posts = list(quiet.values_list("pk", flat=True)[:50])
    first = Comment.objects.count()
    with _server(cache_bytes=CACHE_BYTES) as server:
        load = Load(server.port, posts, SENT_COMMENTS, pause=0, first=first)
        began = time.perf_counter()
        asyncio.run(load.run(SENDERS))
        seconds = time.perf_counter() - began
    problems += load.problems
    waited = sorted(load.waited)
    return {
        "comments": len(load.written),
        "per_second": len(load.written) / seconds,
        "median_ms": waited[len(waited) // 2] * 1000,
        "p99_ms": waited[int(len(waited) * 0.99)] * 1000,
    }


def _moving(folder: Path) -> dict[str, float]:
    from benchmarks import moving_export
    from benchmarks.moving import manage

    posts, comments = MOVED
    with tempfile.TemporaryDirectory(prefix="qb-", dir=folder) as name:
        export = Path(name) / "blog.xml"
        moving_export.write(export, posts, comments)
        manage(Path(name), "setup", "--empty")
        run = manage(Path(name), "import_blog", export, "-v0", "--media-later")
    return {
        "posts": posts,
        "comments": comments,
        "seconds": run.seconds,
        "memory_mb": run.together,
    }


class Server:
    """The server as it is shipped; `start_seconds` from its beginning to /readyz."""

    def __init__(self, process: subprocess.Popen, port: int, seconds: float) -> None:
        self._process, self.port, self.start_seconds = process, port, seconds

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def warmed(self, path: str) -> bytes:
        """What is compiled and read once is, in each process; the page."""
        put_on(self.url(path), 2 * WORKERS, 1)
        return body_of(self.url(path), {})

    def memory_mb(self) -> list[int]:
        """Of each of its processes that answer."""
        told = subprocess.run(
            ["ps", "-o", "rss=", "--ppid", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [round(int(size) / 1024) for size in told.stdout.split()]


@contextmanager
def _server(*, cache_bytes: int) -> Iterator[Server]:
    [port] = free_ports(1)
    os.environ["PAGE_CACHE_BYTES"] = str(cache_bytes)
    os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        began = time.perf_counter()
        process = stack.enter_context(serving(port, WORKERS))
        _wait_until(lambda: bool(body_of(f"http://127.0.0.1:{port}/readyz", {})))
        yield Server(process, port, time.perf_counter() - began)


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if is_so():
                return
        except (OSError, AssertionError):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
