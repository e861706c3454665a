"""How the time of each public page grows with the blog: a plot, as SVG.

    python -m benchmarks.growth --folder FOLDER docs/screenshots/growth.svg

Fills a SQLite database of its own with 1,000, 10,000 and 100,000 posts and ten times
as many comments (kept in FOLDER, so that a second run only measures), makes each page
anew through the whole of Django, and takes the median. A page that looks only at what
it shows keeps its time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from html import escape
from pathlib import Path

SIZES = (1_000, 10_000, 100_000)
COMMENTS_OF_A_POST = 10
RUNS = 15
WIDTH, ROW, TOP, LEFT, RIGHT = 760, 34, 64, 150, 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plot", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--measure", type=int, metavar="POSTS")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measured(options.measure)))
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    times = {posts: _in_a_process(options, posts) for posts in SIZES}
    options.plot.write_text(_drawn(times), encoding="utf-8")
    for name in times[SIZES[0]]:
        told = ", ".join(f"{times[posts][name]:.1f}" for posts in SIZES)
        growth = times[SIZES[-1]][name] / times[SIZES[0]][name]
        print(f"{name:24} {told} ms: ratio {growth:.2f}")
    return 0


def _in_a_process(options: argparse.Namespace, posts: int) -> dict[str, float]:
    folder: Path = options.folder / str(posts)
    folder.mkdir(exist_ok=True)
    own = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder.resolve()}/blog.sqlite3",
        "PAGE_CACHE_BYTES": "0",
    }
    command = [
        *(sys.executable, "-m", "benchmarks.growth", str(options.plot)),
        *("--folder", str(options.folder), "--measure", str(posts)),
    ]
    done = subprocess.run(
        command, env=os.environ | own, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _measured(posts: int) -> dict[str, float]:
    """Of each page the median, in milliseconds."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.test import Client

    from benchmarks.pages import prepared

    paths = prepared(posts, posts * COMMENTS_OF_A_POST, is_kept=True)
    client, found = Client(headers={"host": "localhost"}), {}
    for name, path in paths.items():
        for _ in range(3):
            assert client.get(path).status_code == 200, path
        times = []
        for _ in range(RUNS):
            began = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - began) * 1000)
        found[name] = statistics.median(times)
    return found


def _drawn(times: dict[int, dict[str, float]]) -> str:
    """A row for each page, in it a bar for each size of the blog."""
    names = list(times[SIZES[0]])
    most = max(max(of.values()) for of in times.values())
    scale = (WIDTH - LEFT - RIGHT) / most
    height = TOP + ROW * len(names) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img" '
        'aria-label="Milliseconds of each page by the number of posts">',
        "<style>text{fill:#222}.b0{fill:#9db4c8}.b1{fill:#5f86a8}.b2{fill:#2c5777}"
        "@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>",
    ]
    for place, posts in enumerate(SIZES):
        x = LEFT + place * 150
        parts.append(
            f'<rect class="b{place}" x="{x}" y="18" width="12" height="12"/>'
            f'<text x="{x + 18}" y="28">{posts:,} posts</text>'
        )
    parts.append(f'<text x="{LEFT}" y="50">milliseconds to make each page anew</text>')
    for row, name in enumerate(names):
        y = TOP + row * ROW
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 18}" text-anchor="end">{escape(name)}</text>'
        )
        for place, posts in enumerate(SIZES):
            value = times[posts][name]
            bar_y = y + 2 + place * 9
            parts.append(
                f'<rect class="b{place}" x="{LEFT}" y="{bar_y}" '
                f'width="{value * scale:.1f}" height="8"/>'
                f'<text x="{LEFT + value * scale + 4:.1f}" y="{bar_y + 8}" '
                f'font-size="9">{value:.1f}</text>'
            )
    return "".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    sys.exit(main())
