"""How the time of each public page grows with the blog: a plot, as SVG.

    python -m benchmarks.growth docs/growth.svg --folder /tmp/growth
    python -m benchmarks.growth /tmp/growth.svg --folder /tmp/growth --sizes 1000 10000

Fills a SQLite database for each size: 1,000, 10,000 and 100,000 posts, four times as
many comments (kept in the folder, so that a second run only measures: the first takes
some ten minutes). Makes each page through the whole of Django without the page cache:
anew each time, and right after a change of a post somewhere, when nothing is kept of
the generation before but what was counted of posts that have not changed.
A page that looks only at what it shows keeps its time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import growth_plot
from benchmarks.tables import table

SIZES = (1_000, 10_000, 100_000)
COMMENTS_OF_A_POST = 4
RUNS = 15
# Of a page that takes long there are fewer runs.
MOST_SECONDS = 4
# A page may grow by half, and by what no clock tells from chance.
MOST_GROWTH, CHANCE_MS = 1.5, 0.5

# By page and way ("anew", "after a change"): milliseconds of the processor, on the clock.
Times = dict[str, dict[str, dict[str, float]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plot", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(_measured(options.measure)) + "\n")
        return 0
    times = {posts: _in_a_process(options, posts) for posts in options.sizes}
    options.plot.write_text(growth_plot.drawn(times), encoding="utf-8")
    return 1 if _show(times) else 0


def _in_a_process(options: argparse.Namespace, posts: int) -> Times:
    folder: Path = (options.folder / str(posts)).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    own = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/blog.sqlite3",
        "PAGE_CACHE_BYTES": "0",
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
    for run in range(RUNS + 2):
        before()
        begun, started = time.process_time(), time.perf_counter()
        do()
        if run > 1:
            work.append((time.process_time() - begun) * 1000)
            clock.append((time.perf_counter() - started) * 1000)
        if work and time.monotonic() > until:
            break
    return {"work": statistics.median(work), "clock": statistics.median(clock)}


def _show(times: dict[int, Times]) -> bool:
    """Print what was measured; whether anything grew by more than it may."""
    first, last = min(times), max(times)
    has_grown = False
    for way in ("anew", "after a change"):
        rows = []
        for name in times[first]:
            work = [of[name][way]["work"] for of in times.values()]
            least, most = times[first][name][way], times[last][name][way]
            grown = most["work"] > least["work"] * MOST_GROWTH + CHANCE_MS
            has_grown |= grown
            ratio = most["work"] / least["work"]
            rows.append([name, *work, ratio, "grows" if grown else ""])
        columns = {f"{posts:,}": "8.1f" for posts in times}
        table(f"made {way}, ms by posts", columns | {"ratio": "6.2f", "": ">5"}, rows)
    return has_grown


if __name__ == "__main__":
    sys.exit(main())
