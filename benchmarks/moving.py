"""What it takes to move a large blog in: time, memory, and whether all is sound then.

    python -m benchmarks.moving
    python -m benchmarks.moving --posts 1000 --comments 25000 --folder /tmp/moving

Writes a WordPress export (moving_export.py) and imports it into an empty blog on
SQLite, as whoever moves does: one command. Prints how long that and each of its stages
took, how long it takes once more, and what its processes held; exits with 1 where a tree
is broken, a text is not found as it is written, or more was held than MAX_MEGABYTES. With
--folder the export stays there, and is taken again.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import moving_export

ROOT = Path(__file__).parent.parent
MEMORY_EVERY_SECONDS = 0.2
MAX_MEGABYTES = 300
# What reading costs by itself: twice, as an import does.
READ = """
import django, sys
from pathlib import Path
django.setup()
from blog.transfer import wxr
for post in wxr.read(Path(sys.argv[1])).posts:
    pass
"""
# The rows alone, with their indexes and triggers, from one database into another.
BARE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
ATTACH '{whole}' AS whole;
BEGIN IMMEDIATE;
INSERT INTO blog_user SELECT * FROM whole.blog_user WHERE id NOT IN (SELECT id FROM blog_user);
INSERT INTO blog_post SELECT * FROM whole.blog_post;
INSERT INTO comments_comment SELECT * FROM whole.comments_comment;
COMMIT;
"""


@dataclass
class Run:
    """`together`: what all its processes held at most, at one time; `each`: every one.

    In megabytes. What several share is counted once in the first, in full in the others.
    """

    seconds: float
    code: int
    together: float = 0.0
    each: dict[int, float] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--comments", type=int, default=500_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qb-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        export = folder / f"{options.posts}-{options.comments}.xml"
        if not export.exists():
            moving_export.write(export, options.posts, options.comments)
        return _measure(export, Path(temporary), options.comments)


def _measure(export: Path, folder: Path, comments: int) -> int:
    report = folder / "report.json"
    for name in ("blog", "bare"):
        manage(folder / name, "setup", "--empty")
        manage(folder / name, "search_index")
    # Nobody is asked for pictures: what is measured is this machine's own work.
    told = ["import_blog", export, "--verbosity", "0", "--report", report]
    told.append("--media-later")
    first = manage(folder / "blog", *told)
    stages = json.loads(report.read_text())["seconds"]
    again = manage(folder / "blog", *told)
    trees = manage(folder / "blog", "checktrees")
    search = manage(folder / "blog", "search_index", "--check")
    read = _run([sys.executable, "-c", READ, export], folder / "blog")
    bare = _bare(folder)
    rows = [("all of it", first.seconds)]
    rows += [(f"  {name}", seconds) for name, seconds in stages.items()]
    rows += [
        ("the same once more", again.seconds),
        ("reading the export alone", read.seconds),
        ("storing its bare rows alone", bare),
    ]
    _table(export, comments, rows, first)
    proofs = {
        "the import": first.code == 0,
        "the same once more": again.code == 0,
        "reading alone": read.code == 0,
        "all trees are sound": trees.code == 0,
        "every text is found as it is written": search.code == 0,
        f"less than {MAX_MEGABYTES} MB": first.together < MAX_MEGABYTES,
    }
    sys.stdout.writelines(
        f"{'ok' if is_so else 'NOT SO':8}{name}\n" for name, is_so in proofs.items()
    )
    return 0 if all(proofs.values()) else 1


def _table(
    export: Path, comments: int, rows: list[tuple[str, float]], first: Run
) -> None:
    size = export.stat().st_size / 1e6
    title = f"moving in, {comments:,} comments, {size:,.0f} MB"
    lines = [f"{title:44}{'s':>9}{'ratio':>8}{'comments/s':>12}"]
    lines += [
        f"{name:44}{seconds:9.1f}{seconds / first.seconds:8.2f}"
        f"{comments / max(seconds, 0.1):12,.0f}"
        for name, seconds in rows
    ]
    each = ", ".join(
        f"{held:.0f}" for held in sorted(first.each.values(), reverse=True)
    )
    lines.append(f"memory, at most: {first.together:.0f} MB; its processes: {each} MB")
    sys.stdout.write("\n".join(lines) + "\n\n")


def manage(folder: Path, *arguments: object) -> Run:
    return _run([sys.executable, "manage.py", *arguments], folder)


def _run(command: list[object], folder: Path) -> Run:
    """Run it for the blog in `folder`, and watch its memory meanwhile."""
    own = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    started = time.monotonic()
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=env | own, stdout=subprocess.DEVNULL
    )
    run = Run(0.0, 0)
    while process.poll() is None:
        run.together = max(run.together, _watch(process.pid, run.each))
        time.sleep(MEMORY_EVERY_SECONDS)
    run.seconds, run.code = time.monotonic() - started, process.returncode
    return run


def _watch(pid: int, each: dict[int, float]) -> float:
    """What a process and its children hold, each its part of what they share."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended, or this is no Linux
        return 0.0
    held = {
        name.rstrip(":"): int(size) / 1024
        for name, size, *_ in map(str.split, told.splitlines()[1:])
    }
    each[pid] = max(each.get(pid, 0.0), held["Rss"])
    return held["Pss"] + sum(_watch(int(child), each) for child in children)


def _bare(folder: Path) -> float:
    started = time.monotonic()
    with closing(sqlite3.connect(folder / "bare" / "quillback.sqlite3")) as database:
        database.executescript(BARE.format(whole=folder / "blog" / "quillback.sqlite3"))
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
