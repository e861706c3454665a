"""`make bench-all`: what all things cost, in tables. benchmarks/README.md tells how to read them.

Each benchmark runs in a process and on a database of its own, first on SQLite, then
on PostgreSQL. Exits 1 where something was lost, or where one did not come to an end.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import results
from benchmarks.servers import ServerMissing, database_on, postgres
from benchmarks.tables import say, table

# None takes a quarter of it where nothing else keeps the machine busy.
TIMEOUT_SECONDS = 600
PROCESSES = 8
REPLIES = 50
QUEUES = (10_000, 100_000)
# Posts and comments to be searched.
SEARCHED = (2_000, 20_000)
# Visitors at once, comments of all together, seconds between two of one visitor.
VISITORS = [(1, 200, 0), (64, 10_000, 1), (64, 3_000, 0)]
# Posts and comments of a blog that moves in.
MOVED = (1_000, 25_000)
# So many other blogs tell of 1,000 pages in a minute; one is a flood.
BLOGS = (500, 1)


class Failed(Exception):
    """A benchmark came to no result."""


@dataclass(frozen=True)
class Database:
    name: str
    # The address of an empty one for each run.
    address_of: Callable[[str], str]
    folder: str

    def run(self, run: str, module: str, *options: str) -> Any:
        """What `python -m benchmarks.MODULE` prints as JSON. Raises Failed."""
        command = [sys.executable, "-m", f"benchmarks.{module}", *options]
        own = {"DATABASE_URL": self.address_of(run), "DATA_DIR": self.folder}
        try:
            done = subprocess.run(
                command,
                env=os.environ | own,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{module} took more than {TIMEOUT_SECONDS} s") from error
        if not done.stdout:
            raise Failed(f"{module} ended with {done.returncode}:\n{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    problems = []
    with tempfile.TemporaryDirectory(prefix="qb-") as folder:
        for measure in (_on_sqlite, _on_postgres, _hostile, _moving, _spam_filter):
            try:
                problems += measure(folder)
            except ServerMissing as missing:
                say(f"SKIPPED PostgreSQL: {missing}")
            except Failed as failure:
                problems.append(str(failure))
    for problem in problems:
        say(f"PROBLEM: {problem}")
    return 1 if problems else 0


def _on_sqlite(folder: str) -> list[str]:
    return _measure(
        Database("SQLite", lambda run: f"sqlite:///{folder}/{run}.sqlite3", folder)
    )


def _on_postgres(folder: str) -> list[str]:
    with postgres() as server:
        return _measure(
            Database("PostgreSQL", lambda run: database_on(server, run), folder)
        )


def _measure(database: Database) -> list[str]:
    """Every benchmark that needs a database; what is wrong, a sentence each."""
    problems = []
    for benchmark in (
        _writers,
        _visitors,
        _threads,
        _long_post,
        _queue,
        _pings,
        _search,
        _pages,
    ):
        try:
            problems += benchmark(database)
        except Failed as failure:
            problems.append(f"{database.name}: {failure}")
    return problems


def _writers(database: Database) -> list[str]:
    """One writer, then eight: how much the writers cost each other."""
    rows, problems = [], []
    for count in (1, PROCESSES):
        options = ("--processes", str(count), "--replies", str(REPLIES))
        result = database.run(f"writers{count}", "writers", *options)
        rate = result["comments_per_second"]
        label = f"{count} writer{'s' * (count > 1)}"
        first = rows[0][1] if rows else rate
        sound = "no" if result["problems"] else "yes"
        rows.append([label, rate, rate / first, sound])
        problems += [f"{database.name}, {label}: {said}" for said in result["problems"]]
    columns = {"per second": "10.1f", "ratio": "5.2f", "sound": ">5"}
    table(f"comments posted through the door, {database.name}", columns, rows)
    return problems


def _visitors(database: Database) -> list[str]:
    """One visitor alone, then 64, at ease and as fast as the machine takes them."""
    rows, problems = [], []
    for visitors, comments, pause in VISITORS:
        options = {"--visitors": visitors, "--comments": comments, "--pause": pause}
        told = [str(part) for option in options.items() for part in option]
        result = database.run(f"visitors{visitors}-{pause}", "visitors", *told)
        label = f"{visitors} visitor{'s' * (visitors > 1)}, {comments:,} comments, "
        label += f"each pausing {pause} s" if pause else "without a pause"
        first = rows[0][2] if rows else result["p95_ms"]
        times = [result[name] for name in ("median_ms", "p95_ms", "p99_ms")]
        ratio, sound = times[1] / first, "no" if result["problems"] else "yes"
        rate = result["comments_per_second"]
        rows.append([label, times[0], times[1], times[2], ratio, rate, sound])
        problems += [f"{database.name}, {label}: {said}" for said in result["problems"]]
    columns = {
        "median ms": "9.1f",
        "95 % ms": "7.1f",
        "99 % ms": "7.1f",
        "ratio": "6.2f",
        "a second": "8.1f",
        "sound": ">5",
    }
    table(f"comments sent over HTTP, {database.name}", columns, rows)
    return problems


def _threads(database: Database) -> list[str]:
    """Pages of long conversations, beside that of a short one."""
    pages = database.run("threads", "threads")
    first = pages[0][1]
    rows = [[page, ms, ms / first, *more] for page, ms, *more in pages]
    columns = {"ms": "6.1f", "ratio": "5.2f", "queries": "7", "kB": "4"}
    table(f"a post's page, {database.name}", columns, rows)
    return []


def _long_post(database: Database) -> list[str]:
    """Saving a book of a post, beside saving a short one."""
    posts = database.run("long_post", "long_post")
    first = posts[0][1]
    rows = [[f"{words:,} words", ms, ms / first, more] for words, ms, more in posts]
    columns = {"ms": "6.1f", "ratio": "5.2f", "queries": "7"}
    table(f"a post, saved, {database.name}", columns, rows)
    return []


def _queue(database: Database) -> list[str]:
    """The moderation queue with ten times as many comments: what they cost."""
    few, many = (
        database.run(f"queue{count}", "queue", "--comments", str(count))
        for count in QUEUES
    )
    rows = [
        [view, cost["ms"], cost["ms"] / few["views"][view]["ms"], cost["queries"]]
        for view, cost in many["views"].items()
    ]
    title = f"the queue, {QUEUES[1]:,} comments, {database.name}"
    table(title, {"ms": "6.1f", "ratio": "5.2f", "queries": "7"}, rows)
    bulk = many["bulk"]
    say(
        f"approving {bulk['comments']:,} at once: {bulk['approve_seconds']} s, "
        f"undoing it: {bulk['undo_seconds']} s\n"
    )
    return []


def _pings(database: Database) -> list[str]:
    """Readers of one post, in quiet and while it is told of a thousand pages."""
    rows, problems = [], []
    for blogs in BLOGS:
        result = database.run(f"pings{blogs}", "pings", "--blogs", str(blogs))
        label = f"1,000 pings of {blogs} blog{'s' * (blogs > 1)} in a minute"
        times = [result[name] for name in ("quiet_p95_ms", "busy_p95_ms", "ratio")]
        states, answers = result["rows"], sum(result["answers"].values())
        verified = states.get("taken", 0)
        rows.append([label, *times, verified, answers - verified])
        problems += [f"{database.name}, {label}: {said}" for said in result["problems"]]
    columns = {
        "quiet 95 % ms": "8.1f",
        "95 % ms": "8.1f",
        "ratio": "5.2f",
        "verified": "8,",
        "refused": "7,",
    }
    table(f"a post's readers, {database.name}", columns, rows)
    return problems


def _search(database: Database) -> list[str]:
    """Questions of each kind, beside that for a rare word."""
    posts, comments = SEARCHED
    options = {"--posts": posts, "--comments": comments, "--each": 20}
    told = [str(part) for option in options.items() for part in option]
    result = database.run("search", "search", *told)
    asked = result["asked"]
    first = asked["a rare word"]["p95_ms"]
    rows = [
        [kind, cost["median_ms"], cost["p95_ms"], cost["p95_ms"] / first]
        for kind, cost in asked.items()
    ]
    title = f"a search, {posts:,} posts, {comments:,} comments, {database.name}"
    table(title, {"median ms": "9.1f", "95 % ms": "7.1f", "ratio": "5.2f"}, rows)
    size, save = result["index_mb"], result["save_ms"]
    say(
        f"the index: {size['index']} of {size['all']} MB, made in "
        f"{result['index_seconds']} s; a comment is saved in {save} ms, without its "
        f"triggers in {result['save_without_ms']} ms\n"
    )
    return []


def _pages(database: Database) -> list[str]:
    """What `make bench` measures."""
    told = database.run("pages", "speed", "--json", "-")
    results.show(told)
    problems: list[str] = told["problems"]
    return problems


def _hostile(folder: str) -> list[str]:
    database = Database("", lambda run: f"sqlite:///{folder}/{run}.sqlite3", folder)
    rows = database.run("hostile", "hostile")
    columns = {"tamed s": "7.3f", "endpoint s": "7.3f", "link s": "7.3f"}
    table("a megabyte, read", columns, rows)
    return []


def _moving(folder: str) -> list[str]:
    posts, comments = map(str, MOVED)
    return _alone(folder, "moving", "--posts", posts, "--comments", comments)


def _spam_filter(folder: str) -> list[str]:
    return _alone(folder, "spam")


def _alone(folder: str, module: str, *options: str) -> list[str]:
    """One that prints its own tables."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *options]
    own = {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/{module}.sqlite3"}
    try:
        done = subprocess.run(
            command, env=os.environ | own, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{module} took more than {TIMEOUT_SECONDS} s") from error
    return [f"{module} ended with {done.returncode}"] if done.returncode else []


if __name__ == "__main__":
    sys.exit(main())
