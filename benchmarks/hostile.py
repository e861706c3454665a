"""Pages of a megabyte that are made to hurt: how long does reading one take?

    python -m benchmarks.hostile

Needs no database and no server. Each shape is read in the three ways pages of other
blogs are: made tame, asked where it wants to be told, and asked for a link to a post.
Prints one line of JSON: for each page the seconds of each, the best of three.
"""

import json
import os
import sys
import time
from collections.abc import Callable

import django

MB = 2**20
RUNS = 3
TARGET = "https://blog.example/2006/11/30/talks/"
PAGES = {
    "prose": "<p>The talks go on, and nobody knows what comes next.</p>" * (MB // 58),
    "a div in a div in a div": "<div>" * (MB // 5),
    "one tag, its attributes": f"<a {' '.join(f'a{i:x}=1' for i in range(MB // 9))}>",
    "> and nothing else": ">" * MB,
    "< and nothing else": "<" * MB,
    "links": "<a>" * (MB // 3),
    "links that lead somewhere": "<a href=../x?%aa>a</a>" * (MB // 22),
    "comments": "<!---->" * (MB // 7),
    "formatting never closed": "".join(f"<b x={i}>" for i in range(2000))
    + "<p>x" * (MB // 4 - 5000),
    "tables in forms in lists": "<table><form><li><b><a rel=webmention>" * (MB // 38),
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps([[name, *_seconds(page)] for name, page in PAGES.items()]))
    return 0


def _seconds(page: str) -> list[float]:
    from django.utils.datastructures import CaseInsensitiveMapping

    from blog.fetch import Answer
    from comments.pings import sources
    from comments.pings.discover import find_endpoint
    from comments.pings.refusals import NoLink
    from comments.pings.tame import tame

    headers = CaseInsensitiveMapping({"Content-Type": "text/html; charset=utf-8"})
    answer = Answer("https://far.example/", 200, headers, page.encode(), "utf-8")

    def read() -> None:
        try:
            sources.read(answer, TARGET)
        except NoLink:
            return
        raise AssertionError("There is no such link.")

    return [
        _best(lambda: tame(page)),
        _best(lambda: find_endpoint(answer, TARGET)),
        _best(read),
    ]


def _best(act: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return round(min(times), 3)


if __name__ == "__main__":
    sys.exit(main())
