"""Many at one row in the same moment: one visit to the page, and one response."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

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
def page(web):
    """The page that links: `asked` when somebody asks, and `ready` to be answered."""
    page = Page()
    web.answers["/about"] = page.answer
    return page


class Page:
    def __init__(self) -> None:
        self.asked, self.ready = Event(), Event()
        self.target = ""

    def answer(self, handler) -> None:
        self.asked.set()
        # Less than a fetch waits for: where it is asked twice, that is seen.
        self.ready.wait(5)
        html = f'<p><a href="{self.target}">this</a>'.encode()
        answer(handler, body=html, Content_Type="text/html")


@pytest.fixture
def ping(settings, web, page):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org"]
    SiteSettings(hold_first=False).save()
    post = make_post()
    page.target = HOME + post.get_absolute_url()
    return receive.take("pingback", web.url("/about"), page.target, address=None)


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


def test_however_many_workers_look_at_it_the_page_is_asked_once(ping, page, web):
    back = count(1)

    def look():
        """The page is ready when all the others have been turned away."""
        due_at = verify.look_at(ping.pk)
        if next(back) == WORKERS - 1:
            page.ready.set()
        return due_at

    given = at_once(*[look] * WORKERS)
    assert len(web.knocks) == 1
    assert Comment.objects.count() == 1
    # The others come back, to see whether it was told anew meanwhile.
    assert given.count(None) == 1
    assert verify.look_at(ping.pk) is None


def test_a_worker_and_a_request_ask_once(ping, page, web):
    page.ready.set()
    given = at_once(lambda: verify.now(ping.pk), lambda: verify.look_at(ping.pk))
    assert len(web.knocks) == 1
    assert Comment.objects.count() == 1
    assert isinstance(given[0], AlreadyRegistered | None)


def test_who_was_taken_for_dead_stores_nothing(ping, page):
    def steal():
        assert page.asked.wait(60)
        IncomingPing.objects.update(claimed_by="another:1:x")
        page.ready.set()

    at_once(lambda: verify.look_at(ping.pk), steal)
    assert not Comment.objects.exists()
    ping.refresh_from_db()
    assert (ping.state, ping.claimed_by) == ("waiting", "another:1:x")
