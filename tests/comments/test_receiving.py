"""A ping at the door: what costs nothing is checked, and a row waits."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Post, SiteSettings
from comments.models import Comment
from comments.models.ping import IncomingPing
from comments.pings import limits
from comments.pings.receive import take
from comments.pings.refusals import (
    AlreadyRegistered,
    PingRefused,
    SourceMissing,
    TargetClosed,
    TargetUnknown,
)
from tests.builders import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
SOURCE = "https://there.example/about-talks"
KINDS = IncomingPing.Kind.values
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org"]


@pytest.fixture
def post():
    return make_post(slug="talks")


def here(post: Post) -> str:
    return HOME + post.get_absolute_url()


def tell(post, source=SOURCE, kind="webmention", target=None, **fields):
    values = {"address": "192.0.2.7"} | fields
    return take(kind, source, target or here(post), **values)


def tasks() -> list[int]:
    found = DBTaskResult.objects.filter(task_path="comments.tasks.verify_ping")
    return [result.args_kwargs["args"][0] for result in found]


@pytest.mark.parametrize("kind", KINDS)
def test_a_ping_waits_to_be_verified(post, kind):
    given = {"title": "About talks"}
    ping = tell(post, kind=kind, given=given)
    ping.refresh_from_db()
    assert (ping.post, ping.kind, ping.state) == (post, kind, State.WAITING)
    assert (ping.source_url, ping.source_host) == (SOURCE, "there.example")
    assert (ping.target_url, ping.given) == (here(post), given)
    assert (ping.ip_address, ping.asked_count) == ("192.0.2.7", 1)
    assert ping.due_at <= timezone.now()
    assert tasks() == [ping.pk]


def test_who_waits_for_the_answer_needs_no_task(post):
    tell(post, kind="pingback", is_awaited=True)
    assert tasks() == []


def test_a_page_takes_pings_too():
    about = make_page("About", slug="about")
    assert tell(about).post_id == about.pk


def test_who_links_to_a_comment_links_to_its_post(post):
    comment = make_comment(post)
    assert tell(post, target=HOME + comment.get_absolute_url()).post == post


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("https://there.example/a#part", "https://there.example/a"),
        ("HTTPS://There.Example:443", "https://there.example/"),
        ("http://there.example./a?b=c", "http://there.example/a?b=c"),
        (" https://there.example/a\n", "https://there.example/a"),
        ("https://bücher.example/ä?ö", "https://xn--bcher-kva.example/%C3%A4?%C3%B6"),
        ("https://there.example/%c3%a4", "https://there.example/%C3%A4"),
        ("https://[2A00::1]/", "https://[2a00::1]/"),
    ],
)
def test_one_page_has_one_spelling(post, sent, stored):
    assert tell(post, sent).source_url == stored


@pytest.mark.parametrize(
    "source",
    [
        "",
        "there.example/a",
        "ftp://there.example/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://somebody@there.example/",
        "https://there.example:8443/",
        "https://there.example:x/",
        "https://there.example/a b",
        "https://there.example/\0",
        "https://there.example\\@blog.example.org/",
        "https://[::1",
        "https://..example/\u00e4",
        "https://\u00e4..example/",
        "https://there.example/" + "a" * 2000,
        "https://there.example/" + "ä" * 500,
        "https://" + "a" * 300 + ".example/",
        "http://127.0.0.1/",
        "http://10.0.0.1/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1%25eth0]/",
    ],
)
def test_what_is_no_page_on_the_web_is_refused_at_once(post, source):
    with pytest.raises(SourceMissing):
        tell(post, source)
    assert not IncomingPing.objects.exists()


def test_a_page_says_nothing_about_itself(post):
    for source in (here(post), here(post) + "#comment-1"):
        with pytest.raises(PingRefused):
            tell(post, source)


def test_nobody_tells_this_blog_of_its_own_links(post):
    for is_wanted in (False, True):
        SiteSettings(pings_itself=is_wanted).save()
        with pytest.raises(TargetClosed, match="its own links"):
            tell(post, here(make_post()))


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/2006/11/30/talks/",
        "https://blog.example.org/nothing/",
        "https://blog.example.org/?p=999999",
        "https://blog.example.org/comments/judge/",
        "nothing",
        "",
        "https://blog.example.org/" + "a" * 2000,
    ],
)
def test_a_target_that_is_nothing_here_is_unknown(post, target):
    with pytest.raises(TargetUnknown):
        take("webmention", SOURCE, target, address=None)


def test_nobody_learns_of_what_is_not_public():
    for status in (Post.Status.DRAFT, Post.Status.PRIVATE, Post.Status.TRASH):
        with pytest.raises(TargetUnknown):
            tell(make_post(status=status))
    with pytest.raises(TargetUnknown):
        tell(make_post(published_at=timezone.now() + timedelta(hours=1)))


def test_what_is_no_post_takes_no_pings(post):
    held = make_comment(post, state="pending")
    for path in ("/", "/archives/", "/2006/", held.get_absolute_url()):
        with pytest.raises(TargetClosed, match="Only posts and pages"):
            take("webmention", SOURCE, HOME + path, address=None)


def test_what_is_closed_says_why(post):
    locked = make_post(password="secret")
    shut = make_post(pings_open=False)
    old = make_post(published_at=timezone.now() - timedelta(days=15))
    SiteSettings(close_after_days=14).save()
    for closed, why in ((locked, "password"), (shut, "no pings"), (old, "14 days")):
        with pytest.raises(TargetClosed, match=why):
            tell(closed)
    tell(post)
    SiteSettings(takes_pings=False).save()
    with pytest.raises(TargetClosed, match="This blog takes no pings"):
        tell(post)


def test_the_same_pair_has_one_row_and_one_visit(post):
    first = tell(post)
    for source in (SOURCE, SOURCE + "#more"):
        assert tell(post, source).pk == first.pk
    assert tasks() == [first.pk]
    assert tell(make_post()).pk != first.pk


def test_told_again_a_settled_one_waits_again(post):
    ping = tell(post)
    for state in (State.REFUSED, State.TAKEN, State.GONE):
        IncomingPing.objects.update(state=state, attempts=3, claimed_by="somebody")
        assert tell(post).pk == ping.pk
        ping.refresh_from_db()
        assert (ping.state, ping.attempts, ping.claimed_by) == (State.WAITING, 0, "")
    assert (ping.asked_count, len(tasks())) == (4, 4)


@pytest.mark.parametrize("kind", ["pingback", "trackback"])
@pytest.mark.parametrize("state", Comment.State.values)
def test_what_there_is_already_is_not_told_twice(post, kind, state):
    ping = tell(post, kind=kind)
    ping.comment = make_comment(post, kind=kind, source_url=SOURCE, state=state)
    ping.state = State.TAKEN
    ping.save()
    with pytest.raises(AlreadyRegistered):
        tell(post, kind=kind)
    assert len(tasks()) == 1
    # A webmention says that something may have changed.
    assert tell(post, kind="webmention").pk == ping.pk
    ping.refresh_from_db()
    assert (ping.kind, ping.state) == (kind, State.WAITING)


@pytest.mark.parametrize("kind", ["pingback", "trackback"])
def test_what_was_refused_or_gone_may_be_told_again(post, kind):
    ping = tell(post, kind=kind)
    IncomingPing.objects.update(state=State.REFUSED)
    tell(post, kind=kind)
    ping.comment = make_comment(post, kind=kind, source_url=SOURCE, state="trash")
    ping.state = State.GONE
    ping.save()
    tell(post, kind=kind)
    assert len(tasks()) == 3


def test_an_imported_ping_is_known(post):
    said = make_comment(post, kind="pingback", source_url=SOURCE)
    with pytest.raises(AlreadyRegistered):
        tell(post, kind="trackback")
    ping = tell(post, kind="webmention")
    assert (ping.comment, ping.kind) == (said, "pingback")
    with pytest.raises(AlreadyRegistered):
        tell(post, kind="pingback")


def test_nobody_can_have_a_link_removed_by_naming_the_post_otherwise(post):
    ping = tell(post)
    ping.comment = make_comment(post, kind="webmention", source_url=SOURCE)
    ping.state = State.TAKEN
    ping.save()
    other = f"{HOME}/?p={post.pk}"
    tell(post, target=other)
    ping.refresh_from_db()
    assert ping.target_url == here(post)
    # Gone is gone: the page may link in another way now.
    IncomingPing.objects.update(state=State.GONE)
    tell(post, target=other)
    ping.refresh_from_db()
    assert ping.target_url == other


@pytest.mark.django_db(transaction=True)
def test_a_post_deleted_meanwhile_is_gone(post, monkeypatch):
    def delete_first(*args):
        Post.objects.all().delete()

    monkeypatch.setattr(limits, "check", delete_first)
    with pytest.raises(TargetUnknown):
        tell(post)
    assert not IncomingPing.objects.exists()


def test_it_costs_few_queries(post, django_assert_max_num_queries):
    tell(post)
    with django_assert_max_num_queries(14):
        tell(post, "https://there.example/another")


def test_senders_of_one_ipv6_network_are_one(post):
    assert tell(post, address="2001:db8:1:2:3:4:5:6").ip_address == "2001:db8:1:2::"
    assert limits.sender("2001:db8::1") == limits.sender("2001:db8::ffff:1")
    assert limits.sender("192.0.2.1") == "192.0.2.1"
    assert limits.sender(None) is None
