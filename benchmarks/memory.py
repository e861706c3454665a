"""What a process of the server takes after a while of mixed load, and whether it grows.

    python -m benchmarks.memory --minutes 5
    python -m benchmarks.memory --minutes 60 --rate 20

Starts the server as it is shipped, on the database the environment names, with posts in
it. Visitors read pages, feeds and files, search, follow links to nowhere, send comments;
an editor opens the lists and a post to write in: as many requests as are answered, or
`--rate` of them a second. Every few seconds it is looked how much memory each process
takes (RSS, with what it shares; Linux). Says once a minute what they took at most, and
prints one line of JSON at the end; exits 1 where a process took more than `--limit` MB.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.visitors import _prepare, serving
from tests.ports import free_ports

POSTS = 200
CLIENTS = 6
LOOK_SECONDS = 5
# A process fills its caches first: growth is what comes after.
WARM_SHARE = 0.4
WORDS = "negotiation resolution envoy ambassador treaty weather harbour letter".split()
PARAGRAPH = "<p>Some words about the talks, and what came of them in the end.</p>"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--workers", type=int, default=2, help="of the server")
    parser.add_argument("--limit", type=float, default=120, help="MB")
    parser.add_argument("--rate", type=float, default=0, help="requests a second")
    options = parser.parse_args()
    posts, session = _blog()
    [port] = free_ports(1)
    with serving(port, options.workers) as server:
        load = Load(port, posts, session, options.rate)
        looks = asyncio.run(load.run(server.pid, options.minutes * 60))
    result = _result(looks, load)
    print(json.dumps(result))
    return 1 if result["most_mb"] > options.limit or load.problems else 0


def _blog() -> tuple[list[tuple[int, str]], str]:
    """Numbers and addresses of its posts, and the session of an editor."""
    _prepare(POSTS)
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection
    from django.test import Client

    from blog.models import Post
    from tests.builders import make_user

    posts = []
    for number, post in enumerate(Post.objects.all()):
        post.body = PARAGRAPH * (10 + number)
        post.save()
        posts.append((post.pk, post.get_absolute_url()))
    client = Client()
    client.force_login(make_user("alice", role="Editor"))
    session = client.cookies["sessionid"].value
    assert SessionStore(session).exists(session)
    connection.close()
    return posts, session


class Load:
    def __init__(self, port: int, posts: list, session: str, rate: float) -> None:
        self.port, self.posts, self.session = port, posts, session
        self.pause = CLIENTS / rate if rate else 0.0
        self.dice = random.Random(2006)
        self.requests = 0
        self.problems: list[str] = []

    async def run(self, parent: int, seconds: float) -> list[tuple[float, list[float]]]:
        """The times and what each process took then, in MB."""
        began = time.monotonic()
        until = began + seconds
        clients = [asyncio.create_task(self._ask(until)) for _ in range(CLIENTS)]
        looks: list[tuple[float, list[float]]] = []
        told = 0
        while time.monotonic() < until and not self.problems:
            await asyncio.sleep(LOOK_SECONDS)
            looks.append((time.monotonic() - began, _taken(parent)))
            if looks[-1][0] // 60 > told:
                told += 1
                print(f"{told} min: {by_minute(looks)[-1]} MB", file=sys.stderr)
        await asyncio.gather(*clients)
        return looks

    async def _ask(self, until: float) -> None:
        while time.monotonic() < until and not self.problems:
            if self.pause:
                await asyncio.sleep(self.dice.expovariate(1 / self.pause))
            request = self._request()
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(request)
            answer = await reader.read(-1)
            writer.close()
            self.requests += 1
            if not answer.startswith(b"HTTP/1.1 ") or answer[9:10] == b"5":
                self.problems.append(f"{request[:80]!r}: {answer[:80]!r}")

    def _request(self) -> bytes:
        pk, path = self.dice.choice(self.posts)
        word, number = self.dice.choice(WORDS), self.dice.randrange(10**9)
        kind = self.dice.random()
        if kind < 0.1:
            return self._comment(pk, number)
        if kind < 0.2:
            pages = ["", "blog/post/", f"blog/post/{pk}/change/", "comments/comment/"]
            return self._get(f"/admin/{self.dice.choice(pages)}", self.session)
        paths = [
            path, path, path, "/", "/feed/", f"{path}feed/", "/archives/",
            f"/search/?q={word}+{number % 50}", f"/nowhere-{number}/", "/robots.txt",
            "/sitemap.xml", f"{path}?utm_source={number}", f"/?x={number}",
        ]  # fmt: skip
        return self._get(self.dice.choice(paths))

    def _get(self, path: str, session: str = "") -> bytes:
        encoding = self.dice.choice(["br", "gzip", "zstd", "identity"])
        cookie = f"Cookie: sessionid={session}\r\n" if session else ""
        head = self._head("GET", path) + f"Accept-Encoding: {encoding}\r\n{cookie}"
        return f"{head}\r\n".encode()

    def _comment(self, pk: int, number: int) -> bytes:
        fields = {"body": f"{number} says something.", "author_name": f"V{number}"}
        body = urlencode(fields | {"author_email": f"v{number}@example.org"})
        head = self._head("POST", f"/comments/reply/{pk}/") + (
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.1\r\n"
            "Sec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n"
        )
        return f"{head}\r\n{body}".encode()

    def _head(self, method: str, path: str) -> str:
        return (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "X-Forwarded-Proto: http\r\nConnection: close\r\nUser-Agent: benchmark\r\n"
        )


def _taken(parent: int) -> list[float]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [_resident_mb(pid) for pid in children]


def _resident_mb(pid: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def by_minute(looks: list[tuple[float, list[float]]]) -> list[list[int]]:
    """What each process took at most in each whole minute, in MB."""
    minutes: dict[int, list[list[float]]] = {}
    for seconds, taken in looks:
        minutes.setdefault(int(seconds // 60), []).append(taken)
    return [
        [round(max(process)) for process in zip(*taken, strict=True)]
        for _, taken in sorted(minutes.items())
        if len(taken) > 1
    ]


def _result(looks: list[tuple[float, list[float]]], load: Load) -> dict:
    warm = looks[int(len(looks) * WARM_SHARE) :]
    times = [when for when, _ in warm]
    means = [statistics.mean(taken) for _, taken in warm]
    growth, _ = statistics.linear_regression(times, means)
    return {
        "minutes": round((looks[-1][0] - looks[0][0]) / 60, 1),
        "requests": load.requests,
        "first_mb": [round(taken) for taken in looks[0][1]],
        "warm_mb": [round(taken) for taken in warm[0][1]],
        "last_mb": [round(taken) for taken in warm[-1][1]],
        "most_mb": round(max(max(taken) for _, taken in looks), 1),
        "growth_mb_a_minute": round(growth * 60, 3),
        "by_minute_mb": by_minute(looks),
        "problems": load.problems,
    }


if __name__ == "__main__":
    sys.exit(main())
