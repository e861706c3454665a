"""News of a page that stands here: told while it is looked at, and where pings closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import publishing
from blog.models import Post, SiteSettings
from comments import posting, privacy
from comments.models import Comment, IncomingPing, Notice
from comments.pings import limits, receive, verify
from comments.pings.refusals import TargetClosed, TargetUnknown, TooManyPings
from tests.builders import make_comment, make_post, make_user
from tests.web import answer

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org", "testserver"]
    SiteSettings(hold_first=False).save()


@pytest.fixture
def post():
    return make_post(slug="talks", author=make_user("carol"))


@pytest.fixture
def tell(post, web):
    """A webmention of the page, that is looked at in a while."""

    def tell(kind="webmention", fragment="", **fields) -> IncomingPing:
        target = HOME + post.get_absolute_url() + fragment
        values = {"address": "192.0.2.7"} | fields
        return receive.take(kind, web.url("/about"), target, **values)

    return tell


@pytest.fixture
def verified(post, web, tell, run_tasks):
    web.answers["/about"] = page(post)
    ping = tell()
    run_tasks()
    ping.refresh_from_db()
    assert ping.state == State.TAKEN
    return ping


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something happen, once, when the page was asked for and is not read yet."""

    def have(happen) -> None:
        todo, fetch = [happen], verify.fetch

        def fetch_and(*args, **kwargs):
            answer = fetch(*args, **kwargs)
            while todo:
                todo.pop()()
            return answer

        monkeypatch.setattr(verify, "fetch", fetch_and)

    return have


def page(post, title="About the talks") -> bytes:
    link = f'<p>I read <a href="{HOME}{post.get_absolute_url()}">this</a>.</p>'
    return f"<title>{title}</title><body>{link}</body>".encode()


def gone(handler) -> None:
    answer(handler, 410)


def the_comment() -> Comment:
    return Comment.objects.get()


# --- While it is looked at ----------------------------------------------------


@pytest.mark.parametrize("before", [b"<p>No link yet.", b"<title>Old</title>"])
def test_what_changed_while_it_was_looked_at_is_looked_at_once_more(
    post, web, tell, meanwhile, run_tasks, before
):
    link = page(post) if b"Old" in before else b""
    web.answers["/about"] = before + link

    def change():
        web.answers["/about"] = page(post, "New")
        assert tell().state == State.WAITING

    meanwhile(change)
    ping = tell()
    run_tasks()
    ping.refresh_from_db()
    assert (ping.state, ping.claimed_by, ping.asked_count) == (State.TAKEN, "", 2)
    assert the_comment().source_title == "New"
    assert len(web.knocks) == 2


def test_however_often_it_is_told_meanwhile_there_is_one_more_look(
    post, web, tell, meanwhile, run_tasks
):
    web.answers["/about"] = page(post)
    meanwhile(lambda: [tell() for _ in range(5)])
    tell()
    run_tasks()
    assert len(web.knocks) == 2
    assert the_comment().is_approved


def test_what_is_told_meanwhile_is_counted(post, web, tell, meanwhile, run_tasks):
    web.answers["/about"] = page(post)

    def tell_too_often():
        for _ in range(limits.MAX_OF_PAIR_A_DAY - 1):
            tell()
        with pytest.raises(TooManyPings):
            tell()

    meanwhile(tell_too_often)
    tell()
    run_tasks()
    assert len(web.knocks) == 2


def test_nobody_has_it_removed_by_another_name_of_the_post_meanwhile(
    post, web, tell, meanwhile, run_tasks
):
    web.answers["/about"] = page(post)
    meanwhile(lambda: tell(fragment="#elsewhere"))
    tell()
    run_tasks()
    assert the_comment().is_approved


def test_what_waits_and_is_not_looked_at_yet_is_looked_at_once(
    post, web, tell, run_tasks
):
    web.answers["/about"] = page(post)
    for _ in range(3):
        tell()
    run_tasks()
    assert len(web.knocks) == 1


def test_a_post_that_is_deleted_meanwhile_is_unknown(post, web, tell, meanwhile):
    web.answers["/about"] = page(post)
    meanwhile(lambda: publishing.delete([post]))
    ping = tell("pingback", is_awaited=True)
    with pytest.raises(TargetUnknown):
        verify.now(ping.pk)
    assert not IncomingPing.objects.exists()


@pytest.mark.parametrize("close", [{"status": "draft"}, {"pings_open": False}])
def test_a_post_that_closes_meanwhile_takes_nothing(post, web, tell, meanwhile, close):
    web.answers["/about"] = page(post)
    meanwhile(lambda: Post.objects.update(**close))
    ping = tell()
    assert verify.look_at(ping.pk) is None
    ping.refresh_from_db()
    assert (ping.state, ping.comment) == (State.REFUSED, None)


def test_a_response_erased_meanwhile_is_not_written_again(
    post, web, tell, verified, meanwhile
):
    Comment.objects.update(author_email="dmitri@example.net")
    web.answers["/about"] = page(post, "Another title")

    meanwhile(lambda: privacy.erase("dmitri@example.net"))
    tell()
    assert verify.look_at(verified.pk) is None
    assert the_comment().is_erased
    assert not IncomingPing.objects.exists()


# --- Where pings closed -------------------------------------------------------


def after_days() -> None:
    SiteSettings(hold_first=False, close_after_days=1).save()
    Post.objects.update(published_at=timezone.now() - timedelta(days=2))


def by_its_author() -> None:
    Post.objects.update(pings_open=False)


closings = pytest.mark.parametrize("close", [after_days, by_its_author])


@closings
def test_a_page_that_is_gone_says_so_where_pings_closed(
    post, web, tell, verified, run_tasks, close
):
    close()
    post.refresh_from_db()
    web.answers["/about"] = gone
    receive.take("webmention", verified.source_url, verified.target_url, address=None)
    run_tasks()
    assert the_comment().state == Comment.State.TRASH


@closings
def test_a_page_that_changed_says_so_where_pings_closed(
    post, web, verified, run_tasks, close
):
    close()
    changed = page(post, "Another title")
    web.answers["/about"] = changed
    receive.take("webmention", verified.source_url, verified.target_url, address=None)
    run_tasks()
    assert the_comment().source_title == "Another title"
    assert the_comment().is_approved


@closings
def test_whoever_stands_there_finds_the_door_and_others_do_not(
    client, post, verified, close
):
    close()
    post.refresh_from_db()
    response = client.get(post.get_absolute_url())
    assert 'rel="webmention"' in response["Link"]
    assert "X-Pingback" not in response
    posting.decide([the_comment()], Comment.State.SPAM, "no")
    response = client.get(post.get_absolute_url())
    assert 'rel="webmention"' not in response.get("Link", "")


def test_a_comment_of_a_reader_opens_no_door(client, post):
    by_its_author()
    make_comment(post)
    response = client.get(post.get_absolute_url())
    assert 'rel="webmention"' not in response.get("Link", "")


@closings
@pytest.mark.parametrize("kind", ["pingback", "trackback"])
def test_only_a_webmention_brings_news(post, verified, close, kind):
    close()
    with pytest.raises(TargetClosed):
        receive.take(kind, verified.source_url, verified.target_url, address=None)


@closings
def test_nothing_new_comes_in_that_way(post, web, verified, close):
    close()
    with pytest.raises(TargetClosed):
        receive.take("webmention", web.url("/new"), verified.target_url, address=None)
    assert IncomingPing.objects.count() == 1


@closings
@pytest.mark.parametrize("state", [Comment.State.SPAM, Comment.State.TRASH])
def test_nothing_that_was_removed_comes_back_that_way(post, verified, close, state):
    posting.decide([the_comment()], state, "no")
    close()
    with pytest.raises(TargetClosed):
        receive.take(
            "webmention", verified.source_url, verified.target_url, address=None
        )


def test_a_blog_that_takes_no_pings_takes_no_news_of_them(verified):
    SiteSettings(takes_pings=False).save()
    with pytest.raises(TargetClosed):
        receive.take(
            "webmention", verified.source_url, verified.target_url, address=None
        )


def test_what_moved_in_can_be_gone_where_pings_closed(post, web, run_tasks):
    moved = make_comment(post, kind="pingback", source_url=web.url("/about"))
    by_its_author()
    target = HOME + post.get_absolute_url()
    receive.take("webmention", web.url("/about"), target, address=None)
    run_tasks()
    moved.refresh_from_db()
    assert moved.state == Comment.State.TRASH


# --- What its sender and its author are told ----------------------------------


def test_what_stands_here_is_not_said_to_be_refused(client, web, tell, verified):
    web.answers["/about"] = lambda handler: answer(handler, 403)
    tell()
    verify.look_at(verified.pk)
    said = client.get(f"/webmention/{verified.token}/", headers={"accept": "text/html"})
    assert "Your page is shown" in said.text
    assert "its server answers 403" in said.text


def test_what_moved_in_after_a_refusal_stands_by_its_page(post, web, tell):
    """Refused first, imported then, and not to be read today."""
    web.answers["/about"] = lambda handler: answer(handler, 403)
    ping = tell()
    verify.look_at(ping.pk)
    moved = make_comment(post, kind="pingback", source_url=web.url("/about"))
    tell()
    verify.look_at(ping.pk)
    ping.refresh_from_db()
    assert (ping.state, ping.comment) == (State.TAKEN, moved)
    web.answers["/about"] = gone
    tell()
    verify.look_at(ping.pk)
    moved.refresh_from_db()
    assert moved.state == Comment.State.TRASH


def test_the_author_is_mailed_once_and_not_of_what_is_gone(
    post, web, tell, verified, run_tasks
):
    Notice.objects.all().delete()
    posting.undo(posting.decide([the_comment()], Comment.State.PENDING, "wait"))
    assert Notice.objects.open().count() == 1
    web.answers["/about"] = gone
    tell()
    verify.look_at(verified.pk)
    assert not Notice.objects.exists()
    web.answers["/about"] = page(post)
    tell()
    verify.look_at(verified.pk)
    assert Notice.objects.open().count() == 1
    run_tasks()
    web.answers["/about"] = gone
    tell()
    verify.look_at(verified.pk)
    web.answers["/about"] = page(post)
    tell()
    verify.look_at(verified.pk)
    assert Notice.objects.count() == 1
    assert not Notice.objects.open().exists()
