"""A long conversation, read: how long does its page take, and how many queries?

    python -m benchmarks.threads

Runs on the database the environment names and leaves what it wrote there, so give
it one of its own. Posts with 50 comments and with 10,000, these in many trees, in
trees of fifty, and in one tree; each page is asked for through the whole of
Django, with nothing cached but the templates. Prints one line of JSON: for each
page the median milliseconds and the number of queries.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

FEW, MANY = 50, 10_000
RUNS = 9
# Name, comments, comments in a tree, page.
PAGES = [
    (f"{FEW} comments, answers to {FEW // 5} roots", FEW, 5, ""),
    (f"{MANY:,} comments, all of them roots", MANY, 1, ""),
    (f"{MANY:,} comments, five in a tree", MANY, 5, ""),
    ("the same, the oldest page", MANY, 5, "comment-page-1/"),
    (f"{MANY:,} comments, fifty in a tree", MANY, 50, ""),
    (f"{MANY:,} comments, all in one tree", MANY, MANY, ""),
]
TEXT = (
    "<p>Whoever reads a long conversation reads a little of it at a time, and comes "
    "back <em>another day</em> to see what was answered.</p>"
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    posts = {}
    results = []
    for name, comments, in_a_tree, page in PAGES:
        shape = (comments, in_a_tree)
        if shape not in posts:
            posts[shape] = make_post(*shape).get_absolute_url()
        _analyze()
        milliseconds, queries, size = _measure(posts[shape] + page)
        results.append([name, milliseconds, queries, size])
    print(json.dumps(results))
    return 0


def make_post(comments: int, in_a_tree: int, title: str = "A long talk") -> Any:
    """A post with so many comments, three levels deep."""
    from blog.models import Post
    from comments.posting import recount

    post = Post.objects.create(title=title, status="published", body="<p>x</p>")
    for start in range(0, comments, in_a_tree):
        _make_tree(post, start, min(in_a_tree, comments - start))
    recount([post.pk])
    return post


def _make_tree(post, start: int, size: int) -> None:
    """Written as rows: through the door it would take minutes."""
    from datetime import timedelta

    from django.utils import timezone

    from blog import trees
    from comments.models import Comment, new_tree_ids

    now = timezone.now() - timedelta(days=30)
    comments = [
        Comment(
            post=post,
            state=Comment.State.APPROVED,
            author_name=f"Reader {number % 997}",
            author_email=f"reader{number % 997}@example.org",
            body=TEXT,
            body_html=TEXT,
            created_at=now + timedelta(seconds=number),
            tree_id=0,
            lft=0,
            rght=1,
            level=0,
        )
        for number in range(start, start + size)
    ]
    (tree_id,) = new_tree_ids(1)
    # Each second one answers the root, the next one answers that.
    above = [
        None if place == 0 else 0 if place % 2 else place - 1 for place in range(size)
    ]
    places = trees.number(enumerate(above), lambda root: tree_id)
    for number, place in places.items():
        comment = comments[number]
        comment.tree_id, comment.lft = place.tree_id, place.lft
        comment.rght, comment.level = place.rght, place.level
    Comment.objects.bulk_create(comments[:1])
    for level in (1, 2):
        rows = [number for number, place in places.items() if place.level == level]
        for number in rows:
            comments[number].parent = comments[above[number]]
        Comment.objects.bulk_create([comments[number] for number in rows])


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _measure(path: str) -> tuple[float, int, int]:
    """Median milliseconds, queries and kilobytes of one page."""
    from django.db import connection
    from django.test import Client

    asked = []

    def count(execute, sql, *args):
        asked.append(sql)
        return execute(sql, *args)

    client = Client(SERVER_NAME="127.0.0.1")
    with connection.execute_wrapper(count):
        response = client.get(path)
    assert response.status_code == 200, path
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        client.get(path)
        times.append(time.perf_counter() - started)
    size = len(response.content) // 1024
    return round(statistics.median(times) * 1000, 1), len(asked), size


if __name__ == "__main__":
    sys.exit(main())
