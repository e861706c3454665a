"""A book of a post, saved: what does its length cost?

    python -m benchmarks.long_post

Runs on the database the environment names and leaves what it wrote there, so give
it one of its own. Posts of 500 and of 50,000 words are saved again and again
through the write page, with a word changed each time, the whole of Django
included. Prints one line of JSON: for each the median milliseconds and the number
of queries.
"""

import json
import os
import random
import statistics
import sys
import time

import django

LENGTHS = [500, 5_000, 50_000]
WORDS_IN_A_PARAGRAPH = 100
RUNS = 7
VOCABULARY = (
    "river stone bees honey garden letter night train window summer bread paper music "
    'winter island clock forest mirror bridge lamp it\'s “said” -- and "so" on'
).split()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0, interactive=False)
    client = _log_in()
    results = [[words, *_measure(client, words)] for words in LENGTHS]
    print(json.dumps(results))
    return 0


def _log_in():
    from django.contrib.auth.models import Group
    from django.test import Client

    from blog.models import User

    writer = User.objects.create(username="writer", slug="who-writes", is_staff=True)
    writer.groups.add(Group.objects.get(name="Editor"))
    client = Client()
    client.force_login(writer)
    return client


def _measure(client, words: int) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from blog.models import Post

    body = _text(words)
    post = Post.objects.create(title=f"{words} words", body=body, status="published")
    took = []
    for number in range(RUNS):
        changed = body.replace("<p>", f"<p>Draft {number}: ", 1)
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            _save(client, post, changed)
            took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took), len(queries)


def _text(words: int) -> str:
    dice = random.Random(words)
    paragraphs = (
        " ".join(dice.choices(VOCABULARY, k=WORDS_IN_A_PARAGRAPH))
        for _ in range(words // WORDS_IN_A_PARAGRAPH)
    )
    return "".join(f"<p>{paragraph} <em>end</em></p>" for paragraph in paragraphs)


def _save(client, post, body: str) -> None:
    from blog.models import Post

    data = {"title": post.title, "slug": post.slug, "body": body, "_save": "Update"}
    answer = client.post(f"/admin/blog/post/{post.pk}/change/", data)
    stored = Post.objects.filter(pk=post.pk).values_list("body", flat=True).get()
    if answer.status_code != 302 or stored != body:
        raise SystemExit("It was not saved.")


if __name__ == "__main__":
    sys.exit(main())
