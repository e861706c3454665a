"""How long a search takes, among as many posts and comments as asked for.

    python -m benchmarks.search --posts 100000 --comments 1000000 --keep

Runs on the database the environment names and leaves what it wrote there; with --keep
it takes what is there. Prints one line of JSON: what the index costs to make and to
keep, and for each kind of question the median and the 95th percentile of some hundred
different ones in milliseconds, and those of all.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from benchmarks.search_texts import COMMONEST, Language, fill

EACH = 60

Ask = tuple[str, dict[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--comments", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--only")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    from blog.models import Post

    told: dict[str, Any] = {"posts": options.posts, "comments": options.comments}
    call_command("migrate", verbosity=0, interactive=False)
    if not (options.keep and Post.objects.exists()):
        told |= _timed("fill", lambda: fill(options.posts, options.comments))
    told |= _timed("index", lambda: call_command("search_index", stdout=sys.stderr))
    told["index_mb"] = _index_mb()
    told |= _writing()
    told["asked"] = _asked(options.each, options.only)
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _timed(name: str, do: Callable[[], object]) -> dict[str, float]:
    started = time.perf_counter()
    do()
    return {f"{name}_seconds": round(time.perf_counter() - started, 1)}


def _index_mb() -> dict[str, float]:
    """What the index takes on the disk, beside the texts themselves."""
    from django.db import connection

    if connection.vendor == "sqlite":
        sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
    else:
        sql = (
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        sizes = {name: size / 1e6 for name, size in cursor.fetchall()}
    own = sum(size for name, size in sizes.items() if _is_index(name))
    return {"index": round(own), "all": round(sum(sizes.values()))}


def _is_index(name: str) -> bool:
    return "search" in name or "entry" in name


def _writing() -> dict[str, float]:
    """What a comment costs its writer, with the triggers and without them."""
    from django.db import connection, transaction

    from blog.models import Post
    from blog.search import schema
    from comments.models import Comment

    post = Post.objects.order_by("pk").first()
    assert post is not None

    def saved() -> float:
        times = []
        for number in range(150):
            started = time.perf_counter()
            Comment.objects.create(post=post, body=f"A few words {number}." * 5)
            times.append((time.perf_counter() - started) * 1000)
        return round(statistics.median(times), 3)

    told = {}
    with transaction.atomic():
        told["save_ms"] = saved()
        schema.drop_triggers(connection.alias)
        told["save_without_ms"] = saved()
        transaction.set_rollback(True)
    return told


def _asked(each: int, only: str | None) -> dict[str, dict[str, float]]:
    from blog.search.query import search, suggest

    asks = Asks()
    told, every = {}, []
    for name, make in asks.kinds().items():
        if only and name != only:
            continue
        do = suggest if name == "suggested" else search
        questions = [make() for _ in range(each)]
        for text, options in questions[:5]:
            do(text, **options)
        times, found = [], 0
        for text, options in questions:
            started = time.perf_counter()
            result = do(text, **options)
            times.append((time.perf_counter() - started) * 1000)
            found += bool(result if name == "suggested" else result.hits)
        told[name] = _percentiles(times) | {"found": found / each}
        every += times
    told["all"] = _percentiles(every)
    return told


def _percentiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {
        "median_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "max_ms": round(max(times), 1),
    }


class Asks:
    """Questions as people type them, from words and pieces of the texts there are."""

    def __init__(self) -> None:
        from blog.models import Category, User

        self.dice = random.Random(2)
        self.words = Language().words
        self.categories = list(Category.objects.all())
        self.authors = list(User.objects.all())
        self.texts = self._texts()

    def _texts(self) -> Iterator[list[str]]:
        from blog.models import Post
        from comments.models import Comment

        sources = [Post.objects.published(), Comment.objects.public()]
        counts = [
            source.order_by("-pk").values_list("pk", flat=True)[0] for source in sources
        ]
        while True:
            place = self.dice.randrange(2)
            pk = self.dice.randrange(1, counts[place] + 1)
            row = sources[place].filter(pk__gte=pk).order_by("pk").first()
            words = row.body_html[3:-4].split() if row else []
            if len(words) > 8:
                yield words

    def word(self, low: int, high: int) -> str:
        return self.dice.choice(self.words[low:high])

    def some(self, count: int) -> str:
        """Words of one text, anywhere in it."""
        return " ".join(self.dice.sample(next(self.texts), count))

    def phrase(self, count: int) -> str:
        words = next(self.texts)
        start = self.dice.randrange(len(words) - count)
        return f'"{" ".join(words[start : start + count])}"'

    def slip(self) -> str:
        word = self.word(500, 20_000)
        place = self.dice.randrange(1, len(word) - 1)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    def paired(self) -> str:
        from benchmarks.search_texts import SIGNS

        return "".join(self.dice.choices(SIGNS, k=self.dice.choice([1, 2, 2, 3])))

    def kinds(self) -> dict[str, Callable[[], Ask]]:
        dice = self.dice
        return {
            "a rare word": lambda: (self.word(5_000, 100_000), {}),
            "a word": lambda: (self.word(500, 5_000), {}),
            "a common word": lambda: (self.word(60, 500), {}),
            "a very common word": lambda: (dice.choice(COMMONEST), {}),
            "two words": lambda: (self.some(2), {}),
            "three words": lambda: (self.some(3), {}),
            "a phrase": lambda: (self.phrase(dice.choice([2, 3])), {}),
            "without": lambda: (f"{self.word(60, 2_000)} -{self.word(0, 300)}", {}),
            "of a kind": lambda: (
                self.word(60, 2_000),
                {"kind": dice.choice(["post", "page", "comment"])},
            ),
            "of a year": lambda: (
                self.word(20, 2_000),
                {"year": dice.randrange(2016, 2027)},
            ),
            "in a category": lambda: (
                self.word(20, 2_000),
                {"category": dice.choice(self.categories)},
            ),
            "by an author": lambda: (
                self.word(20, 2_000),
                {"author": dice.choice(self.authors)},
            ),
            "all filters": lambda: (
                self.word(0, 500),
                {
                    "category": dice.choice(self.categories),
                    "author": dice.choice(self.authors),
                    "year": dice.randrange(2016, 2027),
                },
            ),
            "page 2": lambda: (self.word(20, 1_000), {"page": 2}),
            "a slip": lambda: (self.slip(), {}),
            "no such word": lambda: ("xq" + self.word(500, 9_000), {}),
            "a beginning": lambda: (self.word(500, 9_000)[:4], {}),
            "without spaces": lambda: (self.paired(), {}),
            "suggested": lambda: (self.word(100, 9_000)[: dice.randrange(1, 5)], {}),
        }


if __name__ == "__main__":
    sys.exit(main())
