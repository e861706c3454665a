"""Many at one row in the same moment: one visit to the page, and one response."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from blog.models import SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings import receive, verify
from comments.pings.refusals import AlreadyRegistered, PingRefused
from tests.builders import make_post
from tests.web import answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite's transactions come one after the other",
    ),
]
HOME = "https://blog.example.org"
WORKERS = 6


@pytest.fixture
def ping(settings, web):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org"]
    SiteSettings(hold_first=False).save()
    post = make_post()
    target = HOME + post.get_absolute_url()

    def slowly(handler):
        time.sleep(0.3)
        page = f'<p><a href="{target}">this</a>'.encode()
        answer(handler, body=page, Content_Type="text/html")

    web.answers["/about"] = slowly
    return receive.take("pingback", web.url("/about"), target, address=None)


def at_once(*looks):
    """Each in a thread of its own; what they gave or raised."""
    barrier = Barrier(len(looks))

    def look(one):
        try:
            barrier.wait()
            return one()
        except PingRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(looks)) as pool:
        return list(pool.map(look, looks))


def test_however_many_workers_look_at_it_the_page_is_asked_once(ping, web):
    given = at_once(*[lambda: verify.look_at(ping.pk)] * WORKERS)
    assert len(web.knocks) == 1
    assert Comment.objects.count() == 1
    # The others come back, to see whether it was told anew meanwhile.
    assert given.count(None) == 1
    assert verify.look_at(ping.pk) is None


def test_a_worker_and_a_request_ask_once(ping, web):
    given = at_once(lambda: verify.now(ping.pk), lambda: verify.look_at(ping.pk))
    assert len(web.knocks) == 1
    assert Comment.objects.count() == 1
    assert isinstance(given[0], AlreadyRegistered | None)


def test_who_was_taken_for_dead_stores_nothing(ping, web):
    def steal():
        time.sleep(0.1)
        IncomingPing.objects.update(claimed_by="another:1:x")

    at_once(lambda: verify.look_at(ping.pk), steal)
    assert not Comment.objects.exists()
    ping.refresh_from_db()
    assert (ping.state, ping.claimed_by) == ("waiting", "another:1:x")
