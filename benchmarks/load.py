"""A load of plain requests on one address of this machine: how many, how fast.

By wrk where it is installed, else by connections of asyncio, which cost so much
themselves that only their ratios mean anything.
"""

# ruff: noqa: TID251  http.client asks this machine's own servers

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """Requests a second, milliseconds, and how many were not answered with 200."""

    per_second: float
    median_ms: float
    p99_ms: float
    failed: int


# What readers' browsers say, as far as answers depend on it.
READER = {"Accept-Encoding": "br"}


def put_on(
    url: str, connections: int, seconds: float, headers: dict[str, str] | None = None
) -> Told:
    """As many requests as that many connections get answered, one behind another."""
    by = _by_wrk if shutil.which("wrk") else _by_asyncio
    return by(url, connections, seconds, READER | (headers or {}))


def after_each(
    change: Callable[[], object], url: str, seconds: float, headers: dict[str, str]
) -> Told:
    """One reader, who asks right after each change; what the change takes is not in it."""
    waited: list[float] = []
    failed, until = 0, time.perf_counter() + seconds
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc)) as connection:
        while time.perf_counter() < until:
            change()
            began = time.perf_counter()
            connection.request("GET", _path(url), headers=READER | headers)
            answer = connection.getresponse()
            answer.read()
            waited.append((time.perf_counter() - began) * 1000)
            failed += answer.status != 200
    return _told(waited, sum(waited) / 1000, failed)


def body_of(url: str, headers: dict[str, str]) -> bytes:
    """Raises AssertionError where it is not answered with 200."""
    with closing(HTTPConnection(urlsplit(url).netloc)) as connection:
        connection.request("GET", _path(url), headers=READER | headers)
        answer = connection.getresponse()
        assert answer.status == 200, f"{url}: {answer.status}"
        return answer.read()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _by_wrk(
    url: str, connections: int, seconds: float, headers: dict[str, str]
) -> Told:
    told = [f"{name}: {value}" for name, value in headers.items()]
    command = [
        *("wrk", "-t1", f"-c{connections}", f"-d{round(seconds)}s", "--latency"),
        *(part for header in told for part in ("-H", header)),
        url,
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    return Told(
        float(rate[1]) if rate else 0.0,
        _milliseconds(told, "50%"),
        _milliseconds(told, "99%"),
        int(failed[1]) if failed else 0,
    )


def _milliseconds(told: str, percent: str) -> float:
    found = re.search(rf"{percent}\s+([\d.]+)(us|ms|s|m)\b", told)
    return float(found[1]) * _UNITS[found[2]] if found else 0.0


def _by_asyncio(
    url: str, connections: int, seconds: float, headers: dict[str, str]
) -> Told:
    return asyncio.run(_visits(url, connections, seconds, headers))


async def _visits(
    url: str, connections: int, seconds: float, headers: dict[str, str]
) -> Told:
    until = time.perf_counter() + seconds
    waited: list[float] = []
    failed = 0

    async def visit() -> None:
        nonlocal failed
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        asked = f"GET {_path(url)} HTTP/1.1\r\nHost: {parts.netloc}\r\n{told}\r\n"
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(asked.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            waited.append((time.perf_counter() - began) * 1000)
            failed += b" 200 " not in head[:20]
        writer.close()

    await asyncio.gather(*(visit() for _ in range(connections)))
    return _told(waited, seconds, failed)


def _told(waited: list[float], seconds: float, failed: int) -> Told:
    cuts = statistics.quantiles(waited, n=100, method="inclusive")
    return Told(len(waited) / seconds, cuts[49], cuts[98], failed)
