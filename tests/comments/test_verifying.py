"""A ping that waits is verified: its page is fetched, and a response is stored."""

import socket
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Redirect, SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings import receive, targets, verify
from comments.pings.refusals import (
    AlreadyRegistered,
    NoLink,
    SourceFailed,
    SourceMissing,
)
from tests.builders import make_post
from tests.web import answer, redirect, serve_web

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org"]
    SiteSettings(hold_first=False).save()


@pytest.fixture
def post():
    return make_post(slug="talks")


def here(post) -> str:
    return HOME + post.get_absolute_url()


def tell(post, web, path="/about", kind="webmention", **fields) -> IncomingPing:
    values = {"address": "192.0.2.7"} | fields
    return receive.take(kind, web.url(path), here(post), **values)


def page(post, title="About the talks") -> bytes:
    link = f'<p>I read <a href="{here(post)}">this</a>.</p>'
    return f"<title>{title}</title><body>{link}</body>".encode()


@pytest.mark.parametrize("kind", IncomingPing.Kind.values)
def test_a_page_that_links_here_becomes_a_response(post, web, run_tasks, kind):
    web.answers["/about"] = page(post)
    ping = tell(post, web, kind=kind)
    run_tasks()
    comment = Comment.objects.get()
    assert (comment.kind, comment.state) == (kind, Comment.State.APPROVED)
    assert comment.source_title == "About the talks"
    assert comment.source_url == web.url("/about")
    ping.refresh_from_db()
    assert (ping.state, ping.comment, ping.claimed_at) == (State.TAKEN, comment, None)
    post.refresh_from_db()
    assert post.comment_count == 1


def test_the_page_is_told_who_asked(post, web, run_tasks):
    web.answers["/about"] = page(post)
    tell(post, web)
    run_tasks()
    agent = web.knocks[0].headers["User-Agent"]
    assert "verifying a webmention from 192.0.2.7" in agent


def test_who_waits_for_it_is_told_that_there_is_no_link(post, web):
    web.answers["/about"] = b"<p>Nothing about anybody."
    ping = tell(post, web, kind="pingback", is_awaited=True)
    with pytest.raises(NoLink):
        verify.now(ping.pk)
    ping.refresh_from_db()
    assert (ping.state, ping.reason) == (
        State.REFUSED,
        "The page does not link to this post.",
    )


def test_a_page_that_is_not_there_is_refused(post, web):
    ping = tell(post, web, kind="pingback", is_awaited=True)
    with pytest.raises(SourceMissing, match="404"):
        verify.now(ping.pk)
    assert not Comment.objects.exists()


def test_a_server_in_trouble_is_asked_again_later(post, web):
    web.answers["/about"] = lambda handler: answer(handler, 503)
    ping = tell(post, web)
    again_at = verify.look_at(ping.pk)
    ping.refresh_from_db()
    assert (ping.state, ping.attempts, ping.due_at) == (State.WAITING, 1, again_at)
    assert ping.claimed_at is None


def wait_over(ping) -> None:
    IncomingPing.objects.filter(pk=ping.pk).update(due_at=timezone.now())


def test_a_server_that_stays_in_trouble_is_given_up_after_hours(post, web):
    web.answers["/about"] = lambda handler: answer(handler, 500)
    ping = tell(post, web)
    waits = []
    while again_at := verify.look_at(ping.pk):
        waits.append(round((again_at - timezone.now()).total_seconds() / 60))
        wait_over(ping)
    assert waits == [5, 60, 360]
    ping.refresh_from_db()
    assert (ping.state, ping.claimed_by) == (State.REFUSED, "")
    assert ping.reason == "The page can’t be read: its server answers 500."


@pytest.mark.parametrize(
    ("asked", "minutes"), [("7200", 120), ("10", 5), ("99999999", 24 * 60), ("x", 5)]
)
def test_a_server_says_when_to_come_again(post, web, asked, minutes):
    web.answers["/about"] = lambda handler: answer(handler, 429, Retry_After=asked)
    again_at = verify.look_at(tell(post, web).pk)
    assert round((again_at - timezone.now()).total_seconds() / 60) == minutes


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_page_that_is_not_for_us_is_refused_at_once(post, web, status):
    web.answers["/about"] = lambda handler: answer(handler, status)
    ping = tell(post, web, kind="pingback", is_awaited=True)
    with pytest.raises(SourceFailed, match=str(status)):
        verify.now(ping.pk)


def test_who_waits_is_not_put_off(post, web):
    web.answers["/about"] = lambda handler: answer(handler, 503)
    ping = tell(post, web, kind="pingback", is_awaited=True)
    with pytest.raises(SourceFailed):
        verify.now(ping.pk)
    ping.refresh_from_db()
    assert ping.state == State.REFUSED


@pytest.mark.parametrize(
    ("number", "error"), [("EAI_NONAME", SourceMissing), ("EAI_AGAIN", SourceFailed)]
)
def test_a_name_that_is_nobodys_is_no_page(post, web, monkeypatch, number, error):
    def nobody(*_, **__):
        raise socket.gaierror(getattr(socket, number), "who?")

    ping = tell(post, web, kind="pingback", is_awaited=True)
    IncomingPing.objects.update(source_url="http://nobody.example/")
    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(error):
        verify.now(ping.pk)


def test_a_redirect_inwards_is_no_page(post, web):
    web.answers["/about"] = redirect("http://10.0.0.1/")
    ping = tell(post, web, kind="pingback", is_awaited=True)
    with pytest.raises(SourceMissing, match="not on the public internet"):
        verify.now(ping.pk)


def test_a_redirect_to_this_blog_is_no_link_to_it(post, web, settings):
    """A shortener's address of the post: on its own page the post links to itself."""
    with serve_web() as blog:
        settings.SITE_URL = blog.url("")
        settings.FETCH_LOOPBACK_PORTS = {web.port, blog.port}
        blog.answers["/talks"] = f'<a href="{blog.url()}?p={post.pk}">'.encode()
        web.answers["/short"] = redirect(blog.url("/talks"))
        target = blog.url(f"/?p={post.pk}")
        ping = receive.take(
            "pingback", web.url("/short"), target, address=None, is_awaited=True
        )
        with pytest.raises(NoLink, match="this blog itself"):
            verify.now(ping.pk)


def test_a_trackbacks_own_words_stand_where_the_page_has_none(post, web):
    given = {"title": "Mine\u202e", "excerpt": "<b>I</b> say", "blog_name": "There"}
    link = f'<a href="{here(post)}"></a>'.encode()
    web.answers["/about"] = link
    verify.look_at(tell(post, web, kind="trackback", given=given).pk)
    comment = Comment.objects.get()
    assert (comment.source_title, comment.source_site) == ("Mine", "There")
    assert comment.body_html == "<p>&lt;b&gt;I&lt;/b&gt; say</p>"


def test_what_the_page_says_counts_more_than_what_a_trackback_says(post, web):
    web.answers["/about"] = page(post)
    given = {"title": "Cheap watches", "excerpt": "Buy", "blog_name": "Shop"}
    verify.look_at(tell(post, web, kind="trackback", given=given).pk)
    comment = Comment.objects.get()
    assert comment.source_title == "About the talks"
    assert comment.body == "[…] I read this. […]"


@pytest.fixture
def spellings(post):
    """Other addresses that lead to the post."""
    Redirect.leave("/archives/12.html", post.get_absolute_url())
    path = post.get_absolute_url()
    return [
        f"http://blog.example.org{path}",
        f"{HOME}/?p={post.pk}",
        f"{HOME}/archives/12.html",
        f"{HOME}{path}comment-page-1/#comment-7",
    ]


@pytest.mark.parametrize("which", range(4))
def test_a_trackback_stands_by_any_address_of_the_post(post, web, spellings, which):
    web.answers["/about"] = f'<p>I read <a href="{spellings[which]}">it</a>.'.encode()
    ping = tell(post, web, kind="trackback")
    verify.look_at(ping.pk)
    assert Comment.objects.get().body == "[…] I read it. […]"


@pytest.mark.parametrize("kind", ["pingback", "webmention"])
def test_other_pings_stand_by_the_address_they_name(post, web, spellings, kind):
    links = "".join(f'<a href="{url}">it</a>' for url in spellings)
    web.answers["/about"] = links.encode()
    verify.look_at(tell(post, web, kind=kind).pk)
    assert not Comment.objects.exists()


def test_a_trackback_does_not_stand_by_a_link_to_another_post(post, web):
    other = make_post()
    links = f'<a href="{here(other)}">it</a><a href="{HOME}/2006/">that year</a>'
    web.answers["/about"] = links.encode()
    verify.look_at(tell(post, web, kind="trackback").pk)
    assert not Comment.objects.exists()


def test_of_a_page_of_many_links_here_a_few_are_looked_up(post, web):
    links = [f'<a href="{HOME}/?p={number}0000">it</a>' for number in range(1, 1000)]
    web.answers["/about"] = "".join(links).encode()
    ping = tell(post, web, kind="trackback")
    with CaptureQueriesContext(connection) as queries:
        verify.look_at(ping.pk)
    assert len(queries) < 6 * targets.MAX_LOOKED_UP


def test_a_row_whose_task_was_lost_is_found(post, web, run_tasks):
    web.answers["/about"] = page(post)
    ping = tell(post, web, kind="pingback", is_awaited=True)
    assert verify.sweep() == 0
    IncomingPing.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert (verify.sweep(), verify.sweep()) == (1, 0)
    run_tasks()
    ping.refresh_from_db()
    assert ping.state == State.TAKEN


def test_a_row_whose_worker_died_is_looked_at_again(post, web):
    web.answers["/about"] = page(post)
    ping = tell(post, web)
    IncomingPing.objects.update(
        claimed_by=f"{socket.gethostname()[:30]}:999999999:x",
        claimed_at=timezone.now(),
    )
    assert verify.look_at(ping.pk) is None
    assert Comment.objects.count() == 1


def test_a_row_that_somebody_else_has_is_looked_at_later(post, web):
    ping = tell(post, web)
    assert IncomingPing.objects.claim(ping.pk)
    assert verify.look_at(ping.pk) > timezone.now()
    with pytest.raises(AlreadyRegistered):
        verify.now(ping.pk)
    assert not web.knocks
