"""Many at one row in the same moment: one visit to the page, and one response."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

import pytest
from django.core.management import call_command
from django.db import connection

from blog import publishing
from blog.models import Post, SiteSettings
from comments import policy, posting
from comments.models import Comment, IncomingPing
from comments.pings import keeping, receive, verify
from comments.pings.refusals import AlreadyRegistered, PingRefused
from comments.submission import Submission
from tests.builders import make_comment, make_post
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
ROUNDS = 12


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


def test_pages_that_come_and_go_while_people_moderate_get_into_nobodys_way(
    ping, page, web
):
    """Whoever waits for whom: nobody for each other, and all is counted at the end."""
    page.ready.set()
    verify.look_at(ping.pk)
    post, reply = ping.post, make_comment(ping.post)
    State = Comment.State

    def follow() -> None:
        for number in range(ROUNDS):
            gone = (lambda handler: answer(handler, 410)) if number % 2 else None
            title = f"<title>{number}</title>".encode()
            link = f'<p><a href="{ping.target_url}">this</a>'.encode()
            web.answers["/about"] = gone or title + link
            IncomingPing.objects.update(asked_count=0)
            receive.take("webmention", ping.source_url, ping.target_url, address=None)
            verify.look_at(ping.pk)

    def moderate() -> None:
        for number in range(ROUNDS):
            state = State.APPROVED if number % 2 else State.PENDING
            batch = posting.decide(Comment.objects.all(), state, "x")
            if batch and number % 3:
                posting.undo(batch)

    def talk() -> None:
        for number in range(ROUNDS):
            said = Submission(body=f"Number {number}", parent_id=reply.pk)
            with contextlib.suppress(policy.Refused):
                posting.post_comment(post, said)

    at_once(follow, moderate, moderate, talk, follow)
    call_command("checktrees", verbosity=0)
    post.refresh_from_db()
    assert post.comment_count == Comment.objects.approved().count()
    assert Comment.objects.exclude(kind=Comment.Kind.COMMENT).count() == 1


def waits_for_a_lock():
    """Whether another connection stands in somebody's way: asked until it does."""
    with connection.cursor() as cursor:
        for _ in range(6000):
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
            if cursor.rowcount:
                return True
            cursor.execute("SELECT pg_sleep(0.01)")
    return False


def test_a_post_is_deleted_while_its_ping_is_stored(ping, page, monkeypatch):
    """Who deletes waits for the ping before the post: neither waits for the other."""
    page.ready.set()
    store = keeping.store
    deleting = Event()

    def store_late(*args):
        deleting.set()
        assert waits_for_a_lock()
        return store(*args)

    def delete():
        assert deleting.wait(60)
        publishing.delete([ping.post])

    monkeypatch.setattr(keeping, "store", store_late)
    assert at_once(lambda: verify.look_at(ping.pk), delete)[1] is None
    assert not Post.objects.exists()
    assert not Comment.objects.exists()


def test_a_post_is_deleted_while_somebody_answers(ping, page, monkeypatch):
    post, said = ping.post, make_comment(ping.post)
    deleting = Event()
    recount = posting.recount

    def recount_late(pks):
        deleting.set()
        assert waits_for_a_lock()
        recount(pks)

    def delete():
        assert deleting.wait(60)
        publishing.delete([post])

    monkeypatch.setattr(posting, "recount", recount_late)
    answer = Submission(body="I doubt it.", author_name="Bob", parent_id=said.pk)
    at_once(lambda: posting.post_comment(post, answer), delete)
    assert not Post.objects.exists()
    assert not Comment.objects.exists()
