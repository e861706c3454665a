"""A thousand pings to one post in a minute: do readers notice?

    python -m benchmarks.pings --pings 1000 --seconds 60 --blogs 500

Starts the server as it is shipped, on the database the environment names, and a web
of `--blogs` other blogs on this machine, each page of which links to the one post.
Readers ask for that post's page all the time, in quiet first, then while the pings
come in: half as pingbacks, half as webmentions, each blog from an address of its own.
With `--blogs 1` it is a flood that the limits are there for. Prints one line of JSON;
exits 1 where a ping is neither verified nor refused in the end. Leaves what it wrote,
so give it a database of its own.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from xmlrpc.client import dumps

import django

from benchmarks.visitors import serving
from tests.ports import free_ports

QUIET_SECONDS = 20
READERS = 4
# What each reader does between two pages.
PAUSE_SECONDS = 0.2
SETTLED_SECONDS = 240
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_FAULT = re.compile(rb"<int>(-?\d+)</int>")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pings", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--blogs", type=int, default=500)
    parser.add_argument("--workers", type=int, default=1, help="of the server")
    options = parser.parse_args()
    web_port, port = free_ports(2)
    post = _prepare(web_port, port)
    _serve_web(web_port, f"http://127.0.0.1:{port}{post}")
    with serving(port, options.workers):
        load = Load(port, web_port, post, options.blogs)
        asyncio.run(load.run(options.pings, options.seconds))
        began = time.perf_counter()
        states = _wait_until_settled()
        settled_after = time.perf_counter() - began
    problems = [] if "waiting" not in states else [f"{states['waiting']} still wait"]
    quiet, busy = _p95(load.quiet), _p95(load.busy)
    print(
        json.dumps(
            {
                "quiet_median_ms": round(statistics.median(load.quiet) * 1000, 1),
                "quiet_p95_ms": round(quiet * 1000, 1),
                "busy_median_ms": round(statistics.median(load.busy) * 1000, 1),
                "busy_p95_ms": round(busy * 1000, 1),
                "ratio": round(busy / quiet, 2),
                "answers": dict(load.answers),
                "rows": states,
                "settled_after_seconds": round(settled_after, 1),
                "problems": problems,
            }
        )
    )
    return 1 if problems else 0


class Load:
    """The readers, and the other blogs."""

    def __init__(self, port: int, web_port: int, post: str, blogs: int) -> None:
        self.port, self.web_port, self.post, self.blogs = port, web_port, post, blogs
        self.quiet: list[float] = []
        self.busy: list[float] = []
        self.answers: Counter[str] = Counter()
        self.is_over = False
        self.dice = random.Random(2006)

    async def run(self, pings: int, seconds: float) -> None:
        await self._read_for(QUIET_SECONDS, self.quiet)
        readers = [asyncio.create_task(self._read(self.busy)) for _ in range(READERS)]
        started = time.perf_counter()
        sent = []
        for number in range(pings):
            due = started + number * seconds / pings
            await asyncio.sleep(max(0, due - time.perf_counter()))
            sent.append(asyncio.create_task(self._ping(number)))
        await asyncio.gather(*sent)
        self.is_over = True
        await asyncio.gather(*readers)

    async def _read_for(self, seconds: float, waited: list[float]) -> None:
        self.is_over = False
        readers = [asyncio.create_task(self._read(waited)) for _ in range(READERS)]
        await asyncio.sleep(seconds)
        self.is_over = True
        await asyncio.gather(*readers)
        self.is_over = False
        # The first ones wake the server up.
        del waited[: 2 * READERS]

    async def _read(self, waited: list[float]) -> None:
        while not self.is_over:
            await asyncio.sleep(self.dice.expovariate(1 / PAUSE_SECONDS))
            began = time.perf_counter()
            head, _ = await self._ask("GET", self.post, b"", "10.255.0.1")
            waited.append(time.perf_counter() - began)
            assert b" 200 " in head.split(b"\r\n", 1)[0], head

    async def _ping(self, number: int) -> None:
        blog = number % self.blogs
        source = f"http://blog{blog}.example:{self.web_port}/{number}/"
        target = f"http://127.0.0.1:{self.port}{self.post}"
        address = f"10.1.{blog // 250}.{blog % 250}"
        if number % 2:
            body = dumps((source, target), "pingback.ping").encode()
            head, answer = await self._ask("POST", "/xmlrpc.php", body, address)
            fault = _FAULT.search(answer) if b"<fault>" in answer else None
            said = f"fault {fault[1].decode()}" if fault else "accepted"
            self.answers[f"pingback {said}"] += 1
        else:
            body = urlencode({"source": source, "target": target}).encode()
            head, _ = await self._ask("POST", "/webmention/", body, address)
            self.answers[f"webmention {head.split(b' ', 2)[1].decode()}"] += 1

    async def _ask(
        self, method: str, path: str, body: bytes, address: str
    ) -> tuple[bytes, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        kind = "text/xml" if "xmlrpc" in path else "application/x-www-form-urlencoded"
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: http\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"User-Agent: benchmark\r\n\r\n".encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        answer = await reader.readexactly(int(length[1])) if length else b""
        writer.close()
        return head, answer


def _prepare(web_port: int, port: int) -> str:
    """A blog with one post; the post's path."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.ping_settings"
    os.environ["PEER_PORTS"] = str(web_port)
    os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from blog.models import Post, SiteSettings

    call_command("setup", empty=True, verbosity=0, stdout=sys.stderr)
    SiteSettings(moderator_mail="off").save()
    post = Post.objects.create(title="A post", status="published", body="<p>x</p>")
    connection.close()
    return post.get_absolute_url()


def _serve_web(port: int, target: str) -> None:
    """Every page of every other blog: so much text, and a link to the post."""
    words = "The talks go on, and nobody knows what will come of them. " * 30
    page = (
        f"<!doctype html><title>A page</title><p>{words}</p><p>It has been said "
        f'<a href="{target}">over there</a> as well.</p><p>{words}</p>'
    ).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *args) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _wait_until_settled() -> dict[str, int]:
    """How many incoming pings are in which state, when none waits any more."""
    from django.db import close_old_connections
    from django.db.models import Count

    from comments.models import IncomingPing

    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        rows = IncomingPing.objects.order_by().values_list("state")
        states = dict(rows.annotate(Count("pk")))
        if "waiting" not in states or time.monotonic() > deadline:
            return states
        close_old_connections()
        time.sleep(0.5)


def _p95(waited: list[float]) -> float:
    return sorted(waited)[int(len(waited) * 0.95)]


if __name__ == "__main__":
    sys.exit(main())
