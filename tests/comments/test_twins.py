"""What comes in twice in the same moment is there once: sent, or changed to the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from blog.models import SiteSettings
from comments import owning
from comments.models import Comment
from tests.builders import make_comment, make_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions come one after the other",
    ),
]

ANN = {"author_name": "Ann", "author_email": "ann@example.org"}
SAME = "We said the same."
ROUNDS = 5


def at_once(*requests):
    """Send all of them in the same moment; the statuses."""
    barrier = Barrier(len(requests))

    def send(request):
        path, data, address = request
        try:
            barrier.wait()
            return Client(REMOTE_ADDR=address).post(path, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


@pytest.fixture
def post():
    SiteSettings(hold_first=False, proof_of_work="never").save()
    return make_post()


def own(comment):
    return f"/comments/own/{owning.sign(comment)}/"


def test_a_double_click_posts_once(post):
    path = f"/comments/reply/{post.pk}/"
    for number in range(ROUNDS):
        said = ANN | {"body": f"{SAME} {number}"}
        # From two addresses, and of another writer each time: no flood.
        said["author_email"] = f"ann{number}@example.org"
        requests = [(path, said, f"10.0.{number}.{last}") for last in (1, 2)]
        assert sorted(at_once(*requests)) == [302, 409]
        assert Comment.objects.filter(body=said["body"]).count() == 1


def test_two_edits_do_not_make_two_of_the_same(post):
    for number in range(ROUNDS):
        pair = [make_comment(post, created_at=timezone.now(), **ANN) for _ in "ab"]
        text = {"body": f"{SAME} {number}"}
        requests = [(own(one), text, "10.1.1.1") for one in pair]
        assert sorted(at_once(*requests)) == [302, 409]
        assert Comment.objects.filter(**text).count() == 1


def test_nor_do_an_edit_and_a_post(post):
    for number in range(ROUNDS):
        who = ANN | {"author_email": f"bea{number}@example.org"}
        old = make_comment(post, created_at=timezone.now(), **who)
        Comment.objects.update(created_at=timezone.now() - timedelta(seconds=60))
        text = {"body": f"{SAME} {number}"}
        posted = (f"/comments/reply/{post.pk}/", who | text, f"10.2.0.{number}")
        assert sorted(at_once(posted, (own(old), text, "10.2.1.1"))) == [302, 409]
        assert Comment.objects.filter(**text).count() == 1
