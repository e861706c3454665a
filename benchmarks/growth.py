"""How the time of each public page grows with the blog: a plot, as SVG.

    python -m benchmarks.growth docs/growth.svg --folder /tmp/growth
    python -m benchmarks.growth /tmp/growth.svg --folder /tmp/growth --sizes 1000 10000
    python -m benchmarks.growth /tmp/postgres.svg --folder /tmp/growth --postgres

Fills a SQLite database for each size, or one of a PostgreSQL it starts: 1,000, 10,000
and 100,000 posts, four times as many comments (kept in the folder, so that a second run
only measures: the first takes some ten minutes). Makes each page through the whole of
Django without the page cache: anew each time, and right after a change of a post
somewhere, when nothing is kept of the generation before but what was counted of posts
that have not changed.
A page that looks only at what it shows keeps its time.

The time of the processor is that of the blog, and of what PostgreSQL does for it, which
is a process beside it. A query may have others help it there, which only the clock
tells: on PostgreSQL neither may grow.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import growth_plot
from benchmarks.servers import database_on, postgres
from benchmarks.tables import table

SIZES = (1_000, 10_000, 100_000)
COMMENTS_OF_A_POST = 4
RUNS = 15
# Of a page that takes long there are fewer runs.
MOST_SECONDS = 4
# A page may grow by half, and by what no clock tells from chance.
MOST_GROWTH, CHANCE_MS = 1.5, 0.5
KINDS = {"work": "of the processor", "clock": "on the clock"}

# By page and way ("anew", "after a change"): milliseconds of the processor, on the clock.
Times = dict[str, dict[str, dict[str, float]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plot", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(_measured(options.measure)) + "\n")
        return 0
    with _databases(options) as address_of:
        times = {
            posts: _in_a_process(options, posts, address_of(posts))
            for posts in options.sizes
        }
    options.plot.write_text(growth_plot.drawn(times), encoding="utf-8")
    kinds = list(KINDS) if options.postgres else ["work"]
    grown = [_has_grown(times, way, kind) for kind in kinds for way in growth_plot.WAYS]
    return 1 if any(grown) else 0


@contextmanager
def _databases(options: argparse.Namespace) -> Iterator[Callable[[int], str]]:
    """The address of the one with so many posts."""
    folder: Path = options.folder.resolve()
    if options.postgres:
        with postgres(folder) as server:
            yield lambda posts: database_on(server, f"posts-{posts}")
    else:
        yield lambda posts: f"sqlite:///{folder}/{posts}/blog.sqlite3"


def _in_a_process(options: argparse.Namespace, posts: int, address: str) -> Times:
    folder: Path = (options.folder / str(posts)).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    own = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": address,
        "PAGE_CACHE_BYTES": "0",
        # Longer than it takes: another connection would be another process.
        "CONN_MAX_AGE": "3600",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [
        *(sys.executable, "-m", "benchmarks.growth", str(options.plot)),
        *("--folder", str(options.folder), "--measure", str(posts)),
    ]
    done = subprocess.run(
        command, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=True
    )
    found: Times = json.loads(done.stdout.splitlines()[-1])
    return found


def _measured(posts: int) -> Times:
    import django

    django.setup()
    import logging

    from django.test import Client

    from benchmarks import pages

    logging.disable(logging.WARNING)  # one page is nowhere
    pages.prepared(posts, posts * COMMENTS_OF_A_POST)
    client, found = Client(headers={"host": "localhost"}), {}
    for name, path in pages.paths().items():

        def ask(path: str = path) -> Any:
            return client.get(path)

        assert ask().status_code == (404 if name == "nowhere" else 200), path
        found[name] = {
            "anew": _timed(lambda: None, ask),
            "after a change": _timed(pages.change, ask),
        }
    return found


def _timed(before: Callable[[], object], do: Callable[[], object]) -> dict[str, float]:
    """The medians of the runs, after two that are not counted."""
    work, clock, until = [], [], time.monotonic() + MOST_SECONDS
    beside = _processes_of_database()
    for run in range(RUNS + 2):
        before()
        begun, started = _seconds_of(beside), time.perf_counter()
        do()
        ended, done = time.perf_counter(), _seconds_of(beside)
        if run > 1:
            work.append((done - begun) * 1000)
            clock.append((ended - started) * 1000)
        if work and time.monotonic() > until:
            break
    return {"work": statistics.median(work), "clock": statistics.median(clock)}


def _processes_of_database() -> list[int]:
    """Those that answer this one; SQLite has none of its own."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _seconds_of(beside: list[int]) -> float:
    """Of the processor, until now, by this process and by those, as Linux tells it."""
    told = [Path(f"/proc/{pid}/schedstat").read_text() for pid in beside]
    return time.process_time() + sum(int(each.split()[0]) for each in told) / 1e9


def _has_grown(times: dict[int, Times], way: str, kind: str) -> bool:
    """Print a table of what was measured; whether any page took more than it may."""
    first, last = min(times), max(times)
    rows, has_grown = [], False
    for name in times[first]:
        each = [of[name][way][kind] for of in times.values()]
        least, most = times[first][name][way][kind], times[last][name][way][kind]
        grown = most > least * MOST_GROWTH + CHANCE_MS
        has_grown |= grown
        rows.append([name, *each, most / least, "grows" if grown else ""])
    columns = {f"{posts:,}": "8.1f" for posts in times}
    title = f"made {way}, ms {KINDS[kind]} by posts"
    table(title, columns | {"ratio": "6.2f", "": ">5"}, rows)
    return has_grown


if __name__ == "__main__":
    sys.exit(main())
