"""Thousands who send or take slowly: what do they cost those who read?

    python -m benchmarks.slow_clients --slow 10000

Starts the server as it is shipped, on the database the environment names. Four readers,
in a process of their own, ask for the home page in quiet; then again beside `--slow` connections of each kind: some
send their headers letter by letter, some announce a comment and send nothing of it, some
ask for a file and take nothing of what they are sent. Who is hung up on comes again.
Prints one line of JSON; exits 1 where a reader was not answered.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.visitors import _prepare, serving
from tests.ports import free_ports

READERS = 4
MEASURE_SECONDS = 10
LETTER_SECONDS = 2
# More than lies on the way between two sockets.
FILE_BYTES = 32 * 2**20
# So many connections are begun between two looks at the readers.
AT_ONCE = 100
HEADERS = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 1000
BODY = (
    b"POST /comments/preview/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
)
FILE = b"GET /media/slow.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PAGE = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2, help="of the server")
    parser.add_argument("--read", type=int, metavar="PORT", help="be the readers")
    options = parser.parse_args()
    if options.read:
        print(json.dumps(asyncio.run(_be_readers(options.read))))
        return 0
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    _prepare(5)
    media = Path(os.environ["DATA_DIR"]) / "media"
    media.mkdir(exist_ok=True)
    (media / "slow.bin").write_bytes(bytes(FILE_BYTES))
    [port] = free_ports(1)
    with serving(port, options.workers):
        result = asyncio.run(_measure(port, min(options.slow, most - 500)))
    print(json.dumps(result))
    return 1 if result["problems"] else 0


async def _measure(port: int, count: int) -> dict:
    quiet, problems = await _read(port)
    result = {"slow": count, "quiet_p95_ms": quiet, "kinds": {}, "problems": problems}
    for kind, slow in {"headers": _headers, "bodies": _body, "files": _file}.items():
        crowd = Crowd(port, slow)
        await crowd.gather(count)
        p95, problems = await _read(port)
        result["kinds"][kind] = {
            "open": crowd.count,
            "p95_ms": p95,
            "ratio": round(p95 / quiet, 2),
            "cut_off": crowd.cut_off,
            "answers": crowd.answers,
        }
        result["problems"] += [f"{kind}: {said}" for said in problems]
        await crowd.leave()
    return result


class Crowd:
    """So many slow clients; one that is hung up on comes again."""

    def __init__(self, port: int, slow) -> None:
        self.port, self.slow = port, slow
        self.count = self.cut_off = 0
        self.answers: Counter[str] = Counter()
        self._tasks: list[asyncio.Task] = []

    async def gather(self, count: int) -> None:
        for number in range(count):
            self._tasks.append(asyncio.create_task(self._stay()))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0.05)
        deadline = time.monotonic() + 60
        while self.count < count and time.monotonic() < deadline:
            await asyncio.sleep(0.1)

    async def _stay(self) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, limit=1024
                )
            except OSError:
                await asyncio.sleep(1)
                continue
            self.count += 1
            try:
                await self.slow(self, reader, writer)
            except OSError:
                pass
            finally:
                self.count -= 1
                writer.close()
            self.cut_off += 1
            await asyncio.sleep(1)

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(1)


async def _headers(crowd: Crowd, reader, writer) -> None:
    for letter in HEADERS:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(LETTER_SECONDS)
        if reader.at_eof():
            return


async def _body(crowd: Crowd, reader, writer) -> None:
    writer.write(BODY)
    told = await reader.read(12)
    crowd.answers[told[9:].decode()] += 1


async def _file(crowd: Crowd, reader, writer) -> None:
    writer.transport.pause_reading()
    writer.write(FILE)
    while not writer.is_closing():
        await asyncio.sleep(LETTER_SECONDS)


async def _read(port: int) -> tuple[float, list[str]]:
    """What 95 % of the readers wait at most, in milliseconds; who was not answered."""
    command = [sys.executable, "-m", "benchmarks.slow_clients", "--read", str(port)]
    readers = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await readers.communicate()
    p95, problems = json.loads(told)
    return p95, problems


async def _be_readers(port: int) -> tuple[float, list[str]]:
    waited: list[float] = []
    problems: list[str] = []
    until = time.monotonic() + MEASURE_SECONDS
    await asyncio.gather(*(_ask(port, until, waited, problems) for _ in range(READERS)))
    return round(sorted(waited)[int(len(waited) * 0.95)] * 1000, 1), problems


async def _ask(port: int, until: float, waited: list, problems: list) -> None:
    while time.monotonic() < until:
        began = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(PAGE)
            page = await reader.read(-1)
            writer.close()
        except OSError as error:
            page = repr(error).encode()
        waited.append(time.perf_counter() - began)
        if not page.startswith(b"HTTP/1.1 200"):
            problems.append(page[:60].decode(errors="replace"))
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
