"""How long the moderation queue takes: with 100 comments, and with 100,000.

    python -m benchmarks.queue --comments 100000

Runs on the database the environment names and leaves what it wrote there, so give
it one of its own. Of the comments sixty in a hundred are approved, one is held, the
rest is spam and trash; half of the writers come again, and one wrote two thousand.
Prints one line of JSON: for each view the median of its runs in milliseconds, on the
clock and of this process, and its number of queries.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from datetime import timedelta

import django

POSTS = 100
RUNS = 7
BATCH = 5_000
WORDS = (
    "the talks went on for a week and nobody could say what was agreed upon when "
    "they left except that they would meet again in spring perhaps in another city"
).split()
HELD = ["pending"]
STATES = ["approved"] * 60 + ["spam"] * 30 + ["trash"] * 9 + HELD
LIST = "/admin/comments/comment/"
VIEWS = {
    "held": "?state=pending",
    "held, most like spam first": "?state=pending&order=most",
    "held, by reason": "?state=pending&why=links",
    "approved": "?state=approved",
    "approved, last page": "?state=approved&p=100000",
    "spam, most like spam first": "?state=spam&order=most",
    "all": "?state=all",
    "all, oldest first": "?state=all&order=oldest",
    "all, with links": "?state=all&links=yes",
    "all by one writer": "?state=all&writer=often@example.org",
    "held, search": "?state=pending&q=spring",
    "all, search": "?state=all&q=spring",
    "decisions": "/admin/comments/decision/",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=100_000)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    _fill(options.comments)
    views = {name: _measure(url) for name, url in VIEWS.items()}
    result = {"comments": options.comments, "views": views, "bulk": _bulk()}
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


def _fill(count: int) -> None:
    from django.contrib.auth.models import Group
    from django.db import connection

    from blog.models import Post, User
    from comments.models import Comment, new_tree_ids
    from comments.posting import recount

    alice = User.objects.create_user("alice", "alice@example.org", is_staff=True)
    alice.groups.add(Group.objects.get(name="Editor"))
    posts = [
        Post.objects.create(
            title=f"Post {number}", status="published", body="<p>x</p>" * 500
        )
        for number in range(POSTS)
    ]
    dice = random.Random(1)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        rows = [
            _comment(dice, start + place, posts, tree_id)
            for place, tree_id in enumerate(new_tree_ids(size))
        ]
        Comment.objects.bulk_create(rows)
    recount([post.pk for post in posts])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _comment(dice: random.Random, number: int, posts: list, tree_id: int):
    from django.utils import timezone

    from comments.models import Comment

    state = STATES[number % 100]
    body = " ".join(dice.choices(WORDS, k=dice.choice([12, 40, 90, 250])))
    writer = "often" if number % 50 == 0 else f"reader{dice.randrange(50_000)}"
    comment = Comment(
        post=dice.choice(posts),
        body=body,
        body_html=f"<p>{body}</p>"
        + '<p><a href="https://shop.example/">x</a></p>' * (number % 7 == 0),
        state=state,
        reasons=["held: 3 links, the limit is 2"] if number % 3 else ["held: first"],
        spam_score=dice.random() if state != "approved" else None,
        author_name=f"{writer.title()} {number % 3}",
        author_email=f"{writer}@example.org",
        ip_address=f"10.0.{dice.randrange(250)}.{dice.randrange(250)}",
        created_at=timezone.now() - timedelta(minutes=7 * number),
    )
    comment.tree_id, comment.lft, comment.rght, comment.level = tree_id, 1, 2, 0
    return comment


def _measure(url: str) -> dict[str, float]:
    """The median of some runs, after one that warms the caches."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client()
    address = url if url.startswith("/") else LIST + url
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        query_count = len(queries)
    assert answer.status_code == 200, (address, answer.status_code)
    times, work = [], []
    for _ in range(RUNS):
        started, begun = time.perf_counter(), time.process_time()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        work.append((time.process_time() - begun) * 1000)
    return {
        "ms": round(statistics.median(times), 1),
        # What a busy machine does not make longer; a database server's is not in it.
        "processor_ms": round(statistics.median(work), 1),
        "queries": query_count,
    }


def _bulk() -> dict[str, float]:
    """Seconds to approve everything held at once, and to undo it."""
    from comments.models import Comment

    client = _client()
    held = Comment.objects.pending()
    ticked = list(held.values_list("pk", flat=True)[:1])
    count = held.count()
    data = {"action": "approve", "_selected_action": ticked, "select_across": "1"}
    started = time.perf_counter()
    client.post(LIST + "?state=pending", data)
    approved = time.perf_counter()
    assert not Comment.objects.pending().exists()
    client.post(LIST + "undo/", {"undo": "latest"})
    undone = time.perf_counter()
    assert Comment.objects.pending().count() == count
    return {
        "comments": count,
        "approve_seconds": round(approved - started, 2),
        "undo_seconds": round(undone - approved, 2),
    }


def _client():
    from django.test import Client

    from blog.models import User

    client = Client()
    client.force_login(User.objects.get(username="alice"))
    return client


if __name__ == "__main__":
    sys.exit(main())
