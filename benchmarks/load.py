"""A load of plain requests on one address of this machine: how many, how fast.

By wrk where it is installed, else by connections of asyncio, which cost so much
themselves that only their ratios mean anything.
"""

import asyncio
import re
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
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


def put_on(url: str, connections: int, seconds: int) -> Told:
    """As many requests as that many connections get answered, one behind another."""
    if shutil.which("wrk"):
        return _by_wrk(url, connections, seconds)
    return asyncio.run(_by_asyncio(url, connections, seconds))


def _by_wrk(url: str, connections: int, seconds: int) -> Told:
    command = [
        *("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"),
        *("-H", "Accept-Encoding: br", url),
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


async def _by_asyncio(url: str, connections: int, seconds: int) -> Told:
    until = time.perf_counter() + seconds
    waited: list[float] = []
    failed = 0

    async def visit() -> None:
        nonlocal failed
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        asked = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\n\r\n"
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
    cuts = statistics.quantiles(waited, n=100, method="inclusive")
    return Told(len(waited) / seconds, cuts[49], cuts[98], failed)
