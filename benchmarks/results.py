"""The figures of speed.py as tables: for a terminal, and for docs/performance.md."""

from pathlib import Path
from typing import Any

from benchmarks.tables import Rows, markdown, say, table

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
# What is between these is written by --record; `{posts}` as 2000.
BEGIN, END = "<!-- measured {posts} -->\n", "<!-- /measured {posts} -->\n"

Table = tuple[str, dict[str, str], Rows]


def show(told: dict[str, Any]) -> None:
    say(f"\n{_heading(told)}\n")
    for title, columns, rows in _tables(told):
        table(title, columns, rows)
    for line in [*_lines(told), *(f"PROBLEM: {said}" for said in told["problems"])]:
        say(line)


def record(told: dict[str, Any]) -> None:
    """Put them into the page, in place of those of a blog as large. Raises ValueError."""
    begin, end = (mark.format(posts=told["posts"]) for mark in (BEGIN, END))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{PAGE} has no {begin.strip()}")
    tables = [markdown(*shown) for shown in _tables(told)]
    lines = "".join(f"- {line}\n" for line in _lines(told))
    written = "\n".join([f"{_heading(told)}\n", *tables, lines])
    PAGE.write_text(f"{before}{begin}\n{written}\n{end}{after}", encoding="utf-8")


def _heading(told: dict[str, Any]) -> str:
    posts, comments = told["posts"], told["comments"]
    database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[told["database"]]
    return (
        f"{posts:,} posts, {comments:,} comments, {database}; "
        f"{told['date']}, {told['machine']}"
    )


def _tables(told: dict[str, Any]) -> list[Table]:
    return [_made(told["pages"]), _kept(told["pages"]), _desk(told["desk"])]


def _made(pages: dict[str, Any]) -> Table:
    columns = {
        "queries": ">7",
        "a second": "8.0f",
        "50 % ms": "7.1f",
        "99 % ms": "7.1f",
        "after a change, 50 % ms": "7.1f",
        "99 % ms ": "7.1f",
        "% of nginx": "10.2f",
    }
    rows = []
    for name, page in pages.items():
        made, changed = page["made"], page["changed"]
        share = _share(made["per_second"], page["file"])
        queries = "–" if page["queries"] is None else str(page["queries"])
        rows.append(
            [
                name,
                queries,
                *_times(made),
                changed["median_ms"],
                changed["p99_ms"],
                share,
            ]
        )
    return "made anew each time", columns, rows


def _kept(pages: dict[str, Any]) -> Table:
    columns = {
        "bytes": "7,d",
        "a second": "8.0f",
        "50 % ms": "7.1f",
        "99 % ms": "7.1f",
        "nginx a second": "8.0f",
        "50 % ms ": "7.1f",
        "99 % ms ": "7.1f",
        "% of nginx": "10.0f",
    }
    rows = []
    for name, page in pages.items():
        if "kept" not in page:
            continue
        kept, file = page["kept"], page["file"]
        beside = _times(file) if file else [0.0, 0.0, 0.0]
        share = _share(kept["per_second"], file)
        rows.append([name, page["bytes"], *_times(kept), *beside, share])
    return "kept, 64 at once", columns, rows


def _desk(desk: dict[str, Any]) -> Table:
    columns = {
        "queries": "7d",
        "bytes": "7,d",
        "a second": "8.0f",
        "50 % ms": "7.1f",
        "99 % ms": "7.1f",
    }
    rows = [
        [name, page["queries"], page["bytes"], *_times(page)]
        for name, page in desk.items()
    ]
    return "at the desk", columns, rows


def _lines(told: dict[str, Any]) -> list[str]:
    posting, moving, memory = told["posting"], told["moving"], told["memory_mb"]
    return [
        f"Comments sent: {posting['per_second']:.0f} a second by 16 visitors at once, "
        f"50 % within {posting['median_ms']:.0f} ms, 99 % within "
        f"{posting['p99_ms']:.0f} ms.",
        f"A blog of {moving['posts']:,} posts and {moving['comments']:,} comments moved "
        f"in: {moving['seconds']:.0f} s, {moving['memory_mb']:.0f} MB.",
        f"Memory of the two server processes after the load: {_both(memory['made'])} "
        f"without the page cache, {_both(memory['kept'])} with it.",
        f"From the start to the first answer: {told['start_seconds']:.1f} s.",
    ]


def _times(told: dict[str, float]) -> list[float]:
    return [told["per_second"], told["median_ms"], told["p99_ms"]]


def _share(per_second: float, file: dict[str, float] | None) -> float:
    """Percent of what nginx sends; 0 without nginx."""
    return 100 * per_second / file["per_second"] if file else 0.0


def _both(sizes: list[int]) -> str:
    return " and ".join(f"{size} MB" for size in sizes)
