"""Many visitors at once: how long does each wait, and is all they said there?

    python -m benchmarks.visitors --visitors 64 --comments 10000 --posts 50 --pause 1

Starts the server as it is shipped, on the database the environment names, and
posts through the public form over HTTP: the first comments open threads, most of
the rest answer what somebody said. After each comment a visitor pauses, as long as
`--pause` says on average; with 0 they send the next as soon as the last was taken,
and what is measured is how much the machine takes. Prints one line of JSON; exits
1 if anything is lost, doubled or out of place. Leaves what it wrote, so give it a
database of its own.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import django

from tests.ports import free_ports

START_SECONDS = 30
# One comment in so many opens a thread of its own.
ROOT_EVERY = 4
_LOCATION = re.compile(rb"\r\nlocation: [^\r\n]*#comment-(\d+)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=64)
    parser.add_argument("--comments", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=50)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds, on average")
    parser.add_argument("--workers", type=int, default=2, help="of the server")
    options = parser.parse_args()
    posts = _prepare(options.posts)
    [port] = free_ports(1)
    with serving(port, options.workers):
        load = Load(port, posts, options.comments, options.pause)
        started = time.perf_counter()
        asyncio.run(load.run(options.visitors))
        seconds = time.perf_counter() - started
    problems = [*load.problems, *_problems(load.written, options.comments)]
    waited = sorted(load.waited)
    print(
        json.dumps(
            {
                "comments": len(load.written),
                "comments_per_second": round(len(load.written) / seconds, 1),
                "median_ms": round(statistics.median(waited) * 1000, 1),
                "p95_ms": round(waited[int(len(waited) * 0.95)] * 1000, 1),
                "p99_ms": round(waited[int(len(waited) * 0.99)] * 1000, 1),
                "problems": problems,
            }
        )
    )
    return 1 if problems else 0


class Load:
    """The visitors: what they have yet to say, and what became of what they said.

    Where others said something before, `first` is beyond their numbers: who says the
    same again is refused.
    """

    def __init__(
        self, port: int, posts: list[int], comments: int, pause: float, first: int = 0
    ) -> None:
        self.port = port
        self.pause = pause
        self.posts = posts
        self.left = comments
        self.first = first
        self.said: dict[int, list[int]] = {post: [] for post in posts}
        self.written: list[int] = []
        self.waited: list[float] = []
        self.problems: list[str] = []
        self.dice = random.Random(2006)

    async def run(self, visitors: int) -> None:
        await asyncio.gather(*(self._visit() for _ in range(visitors)))

    async def _visit(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while self.left > 0 and not self.problems:
            if self.pause:
                await asyncio.sleep(self.dice.expovariate(1 / self.pause))
            if self.left <= 0:
                break
            self.left -= 1
            post = self.dice.choice(self.posts)
            request = self._request(self.first + self.left, post)
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length:
                await reader.readexactly(int(length[1]))
            self.waited.append(time.perf_counter() - began)
            location = _LOCATION.search(head)
            if location is None:
                self.problems.append(f"refused: {head.splitlines()[0].decode()}")
                break
            pk = int(location[1])
            self.written.append(pk)
            self.said[post].append(pk)
        writer.close()

    def _request(self, number: int, post: int) -> bytes:
        said = self.said[post]
        is_root = not said or number % ROOT_EVERY == 0
        fields = {
            "body": f"Visitor number {number} has something to say about this. " * 4,
            "author_name": f"Visitor {number}",
            "author_email": f"visitor{number}@example.org",
            "parent": "" if is_root else self.dice.choice(said),
        }
        body = urlencode(fields).encode()
        # Each from an address of its own, or flood control would rightly refuse.
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        head = (
            f"POST /comments/reply/{post}/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: http\r\n"
            "Sec-Fetch-Site: same-origin\r\nUser-Agent: benchmark\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _prepare(count: int) -> list[int]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from blog.models import Post, SiteSettings

    call_command("setup", empty=True, verbosity=0, stdout=sys.stderr)
    SiteSettings(hold_first=False, proof_of_work="never", moderator_mail="off").save()
    posts = [
        Post.objects.create(title=f"Post {number}", status="published", body="<p>x</p>")
        for number in range(count)
    ]
    connection.close()
    return [post.pk for post in posts]


@contextmanager
def serving(port: int, workers: int):
    """The server as it is shipped, on this port, until the block ends."""
    command = [
        sys.executable, "manage.py", "serve",
        "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
    ]  # fmt: skip
    environment = os.environ | {"BEHIND_PROXY": "1"}
    server = subprocess.Popen(command, env=environment, stdout=sys.stderr)
    try:
        wait_for(port)
        yield server
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("The server did not start.")


def _problems(written: list[int], expected: int) -> list[str]:
    from benchmarks.soundness import problems
    from comments.models import Comment

    found = []
    if len(set(written)) != expected:
        found.append(f"{expected} sent, {len(set(written))} answered for")
    stored = Comment.objects.count()
    if stored != expected:
        found.append(f"{expected} sent, {stored} stored")
    return [*found, *problems()]


if __name__ == "__main__":
    sys.exit(main())
