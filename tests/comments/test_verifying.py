"""A ping that waits is verified: its page is fetched, and a response is stored."""

import pytest

from blog.models import SiteSettings
from comments.models import Comment, IncomingPing
from comments.pings import receive, verify
from comments.pings.refusals import NoLink, SourceMissing
from tests.builders import make_post
from tests.web import answer

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
