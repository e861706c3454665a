"""`make bench`: every benchmark, as a table of ratios."""

import json
import os
import subprocess
import sys
import tempfile

from benchmarks.servers import ServerMissing, postgres

PROCESSES = 8
REPLIES = 50
QUEUES = (100, 100_000)


def main() -> int:
    rows = []
    with tempfile.TemporaryDirectory(prefix="qb-") as folder:
        url = "sqlite:///{}/{}.sqlite3"
        rows += _writers("SQLite", lambda run: url.format(folder, run), folder)
        _threads("SQLite", url.format(folder, "threads"), folder)
        _queue("SQLite", lambda run: url.format(folder, run), folder)
        try:
            with postgres() as server:
                _threads("PostgreSQL", _database(server, "threads"), folder)
                rows += _writers(
                    "PostgreSQL", lambda run: _database(server, run), folder
                )
                _queue("PostgreSQL", lambda run: _database(server, run), folder)
        except ServerMissing as missing:
            print(f"SKIPPED PostgreSQL: {missing}")
        _spam_filter(folder)
    width = max(len(name) for name, *_ in rows)
    print(f"{'comments posted through the door':{width}}  per second  ratio  sound")
    for name, rate, ratio, problems in rows:
        sound = "yes" if not problems else "; ".join(problems)
        print(f"{name:{width}}  {rate:10.1f}  {ratio:5.2f}  {sound}")
    return 1 if any(problems for *_, problems in rows) else 0


def _writers(name: str, database, folder: str) -> list[tuple]:
    """One writer, then eight: how much the writers cost each other."""
    rows = []
    alone = None
    for processes in (1, PROCESSES):
        result = _run(database(f"writers{processes}"), processes, folder)
        rate = result["comments_per_second"]
        alone = alone or rate
        label = f"{name}, {processes} writer{'s' * (processes > 1)}"
        rows.append((label, rate, rate / alone, result["problems"]))
    return rows


def _run(url: str, processes: int, folder: str) -> dict:
    command = [
        sys.executable, "-m", "benchmarks.writers",
        "--processes", str(processes), "--replies", str(REPLIES),
    ]  # fmt: skip
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": folder}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    return json.loads(done.stdout)


def _threads(name: str, url: str, folder: str) -> None:
    """Pages of long conversations, beside that of a short one."""
    command = [sys.executable, "-m", "benchmarks.threads"]
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": folder}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    pages = json.loads(done.stdout)
    width = max(len(page) for page, *_ in pages)
    title = f"a post's page on {name}"
    print(f"{title:{width}}  ms median  ratio  queries  kB")
    for page, milliseconds, queries, size in pages:
        ratio = milliseconds / pages[0][1]
        print(
            f"{page:{width}}  {milliseconds:9.1f}  {ratio:5.2f}  {queries:7}  {size:3}"
        )
    print()


def _queue(name: str, database, folder: str) -> None:
    """The moderation queue with a thousand times as many comments: what it costs."""
    results = {}
    for count in QUEUES:
        command = [sys.executable, "-m", "benchmarks.queue", "--comments", str(count)]
        environment = os.environ | {
            "DATABASE_URL": database(f"queue{count}"),
            "DATA_DIR": folder,
        }
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, check=True
        )
        results[count] = json.loads(done.stdout)
    few, many = (results[count]["views"] for count in QUEUES)
    width = max(map(len, many))
    print(
        f"{f'the queue, {name}, {QUEUES[1]} comments':{width}}     ms  queries  ratio"
    )
    for view, cost in many.items():
        ratio = cost["ms"] / few[view]["ms"]
        print(f"{view:{width}}  {cost['ms']:5.0f}  {cost['queries']:7}  {ratio:5.1f}")
    bulk = results[QUEUES[1]]["bulk"]
    print(
        f"approving {bulk['comments']} at once: {bulk['approve_seconds']} s, "
        f"undoing it: {bulk['undo_seconds']} s"
    )


def _spam_filter(folder: str) -> None:
    command = [sys.executable, "-m", "benchmarks.spam"]
    subprocess.run(command, env=os.environ | {"DATA_DIR": folder}, check=True)
    print()


def _database(server: str, name: str) -> str:
    """A new database on a PostgreSQL server; its URL."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.replace("/postgres?", f"/{name}?")


if __name__ == "__main__":
    sys.exit(main())
