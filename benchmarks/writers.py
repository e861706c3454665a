"""Many writers at once: is every reply stored, and is every tree still a tree?

    python -m benchmarks.writers --processes 8 --replies 50

Runs on the database the environment names and leaves what it wrote there, so give
it one of its own. Each process posts through the same door as a visitor's form:
half of the replies go into one hot thread, the others open threads and answer
across twenty posts. Meanwhile comments are moderated, several trees at once, and
categories are added and moved. Prints one line of
JSON; exits 1 if anything is lost, doubled or out of place.
"""

import argparse
import json
import multiprocessing
import os
import random
import sys
import time

import django

POSTS = 20
CATEGORIES_PER_PROCESS = 3
OLD_COMMENTS = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--replies", type=int, default=50, help="for each process")
    options = parser.parse_args()
    # Spawned, not forked: nobody shares a connection.
    context = multiprocessing.get_context("spawn")
    hot_root, posts = _prepare()
    jobs = [
        (number, options.replies, hot_root, posts)
        for number in range(options.processes)
    ]
    with context.Pool(options.processes) as pool:
        pool.map(_warm_up, range(options.processes), chunksize=1)
        started = time.perf_counter()
        written = [pk for keys in pool.map(_write, jobs, chunksize=1) for pk in keys]
        seconds = time.perf_counter() - started
    problems = _problems(written, options.processes * options.replies)
    print(
        json.dumps(
            {
                "processes": options.processes,
                "comments": len(written),
                "comments_per_second": round(len(written) / seconds, 1),
                "problems": problems,
            }
        )
    )
    return 1 if problems else 0


def _setup_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _prepare() -> tuple[int, list[int]]:
    """A migrated database with posts and one root comment; their keys."""
    _setup_django()
    from django.core.management import call_command

    from blog.models import Post, SiteSettings
    from comments.posting import post_comment

    call_command("migrate", verbosity=0, interactive=False)
    SiteSettings(hold_first=False, thread_depth=10).save()
    posts = [
        Post.objects.create(title=f"Post {number}", status="published", body="<p>x</p>")
        for number in range(POSTS)
    ]
    root = post_comment(posts[0], _submission("root", 0, None))
    _age_some(posts[0])
    return root.pk, [post.pk for post in posts]


def _age_some(post) -> None:
    """Comments whose addresses are due to be forgotten while the others write."""
    from datetime import timedelta

    from django.utils import timezone

    from comments.models import Comment
    from comments.posting import recount

    for number in range(OLD_COMMENTS):
        Comment.objects.create(
            post=post,
            body=f"Old {number}",
            author_name="Writer root",
            state=Comment.State.APPROVED,
            ip_address="192.0.2.1",
            created_at=timezone.now() - timedelta(days=365),
        )
    recount([post.pk])


def _warm_up(number: int) -> None:
    _setup_django()


def _write(job: tuple[int, int, int, list[int]]) -> list[int]:
    """One process: post its replies and add its categories; the keys written."""
    process, replies, hot_root, posts = job
    from blog.models import Category, Post
    from comments.posting import post_comment

    dice = random.Random(process)
    hot_post = Post.objects.get(pk=posts[0])
    own: list[tuple[Post, int]] = []
    written = []
    for number in range(replies):
        if number % 2 == 0:
            post, parent = hot_post, hot_root
            if dice.random() < 0.5 and written:
                parent = written[0]  # deeper in the same hot tree
        elif own and dice.random() < 0.7:
            post, parent = dice.choice(own)
        else:
            post, parent = Post.objects.get(pk=dice.choice(posts[1:])), None
        submission = _submission(f"{process}-{number}", number, parent)
        comment = post_comment(post, submission)
        written.append(comment.pk)
        if post is not hot_post:
            own.append((post, comment.pk))
        if number % 5 == 4:
            _moderate(dice)
        if number < CATEGORIES_PER_PROCESS:
            others = list(Category.objects.all())
            above = dice.choice(others) if others else None
            added = Category.objects.create(name=f"c{process}-{number}", parent=above)
            added.parent = None
            added.save()
    return written


def _moderate(dice: random.Random) -> None:
    """What a moderator does meanwhile: several comments of several trees at once."""
    from django.db import transaction

    from blog.models import SiteSettings
    from comments.models import Comment
    from comments.posting import decide

    # And what the worker's chore does.
    Comment.objects.all().forget_addresses(SiteSettings.current().ip_retention_days)
    newest = list(Comment.objects.order_by("-pk")[:20])
    chosen = dice.sample(newest, min(5, len(newest)))
    # In one transaction, so that nobody finds what they answer gone.
    with transaction.atomic():
        decide(chosen, Comment.State.SPAM, "spam: drawn by lot")
        decide(chosen, Comment.State.APPROVED, "approved: drawn by lot")


def _submission(name: str, number: int, parent: int | None):
    from comments.submission import Submission

    return Submission(
        body=f"Reply {name}",
        author_name=f"Writer {name}",
        author_email=f"writer-{name}@example.org",
        ip_address=f"10.{number % 250}.{abs(hash(name)) % 250}.{random.randint(1, 250)}",
        parent_id=parent,
    )


def _problems(written: list[int], expected: int) -> list[str]:
    from benchmarks.soundness import problems
    from comments.models import Comment

    found = []
    if len(set(written)) != expected:
        found.append(f"{expected} posted, {len(set(written))} answered for")
    stored = Comment.objects.exclude(author_name="Writer root").count()
    if stored != expected:
        found.append(f"{expected} posted, {stored} stored")
    if Comment.objects.filter(author_name="Writer root", ip_address="192.0.2.1"):
        found.append("old addresses were not forgotten")
    return [*found, *problems()]


if __name__ == "__main__":
    sys.exit(main())
