"""A ping that comes again: what stands here follows its page, and goes with it."""

import pytest

from blog.models import SiteSettings
from comments import posting
from comments.models import Comment, Decision, IncomingPing, Notice
from comments.models.comment import ERASED
from comments.pings import receive, verify
from tests.builders import make_comment, make_post, make_user
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
    return make_post(slug="talks", author=make_user("carol"))


@pytest.fixture
def tell(post, web):
    """The page as it is now, and a webmention that is verified; the row."""

    def tell(page) -> IncomingPing:
        web.answers["/about"] = page
        target = HOME + post.get_absolute_url()
        ping = receive.take(
            "webmention", web.url("/about"), target, address="192.0.2.7"
        )
        verify.look_at(ping.pk)
        return IncomingPing.objects.get(pk=ping.pk)

    return tell


def page(post, title="About the talks", words="I read") -> bytes:
    link = f'<p>{words} <a href="{HOME}{post.get_absolute_url()}">this</a>.</p>'
    return f"<title>{title}</title><body>{link}</body>".encode()


def gone(status=410):
    return lambda handler: answer(handler, status)


def the_comment() -> Comment:
    return Comment.objects.get()


def test_it_says_what_the_page_says_now(post, tell):
    tell(page(post))
    tell(page(post, "About them", words="I read again"))
    comment = the_comment()
    assert comment.source_title == "About them"
    assert "I read again this." in comment.body_html
    assert comment.edited_at


def test_a_page_that_says_the_same_changes_nothing(post, tell):
    first = tell(page(post))
    comment = the_comment()
    again = tell(page(post))
    assert the_comment().edited_at is None
    assert again.looked_at > first.looked_at
    assert the_comment().pk == comment.pk


def test_an_update_shows_nothing_that_waited(post, tell):
    SiteSettings(hold_first=True).save()
    tell(page(post))
    SiteSettings(hold_first=False).save()
    tell(page(post, "Another title"))
    assert the_comment().state == Comment.State.PENDING
    assert the_comment().source_title == "Another title"


def test_an_update_may_be_held_whatever_was_decided_before(post, tell, alice):
    tell(page(post))
    posting.decide([the_comment()], Comment.State.PENDING, "held by alice", by=alice)
    posting.decide([the_comment()], Comment.State.APPROVED, "good", by=alice)
    SiteSettings(hold_first=False, held_words="casino").save()
    tell(page(post, "The best casino"))
    comment = the_comment()
    assert comment.state == Comment.State.PENDING
    assert comment.reasons == ["held: “casino” is on the list of held words"]
    assert not comment.is_decided
    post.refresh_from_db()
    assert post.comment_count == 0


@pytest.mark.parametrize("state", [Comment.State.SPAM, Comment.State.TRASH])
def test_what_a_moderator_removed_stays_as_it_is(post, tell, alice, state):
    tell(page(post))
    posting.decide([the_comment()], state, "no", by=alice)
    ping = tell(page(post, "Another title"))
    assert (the_comment().state, the_comment().source_title) == (
        state,
        "About the talks",
    )
    assert ping.state == State.TAKEN
    tell(gone())
    assert the_comment().reasons == ["no"]


@pytest.mark.parametrize(
    ("answered", "reason"),
    [
        (gone(410), "removed: the page that linked here answers 410"),
        (gone(404), "removed: the page that linked here answers 404"),
        (
            b"<p>Nothing.",
            "removed: the page that linked here does not link here any more",
        ),
    ],
)
def test_it_goes_with_its_page(post, tell, answered, reason):
    tell(page(post))
    ping = tell(answered)
    assert ping.state == State.GONE
    assert (the_comment().state, the_comment().reasons) == (
        Comment.State.TRASH,
        [reason],
    )
    assert ping.removal == Decision.objects.get().batch
    post.refresh_from_db()
    assert post.comment_count == 0


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_cannot_be_read_has_not_gone(post, tell, status):
    tell(page(post))
    ping = tell(gone(status))
    while ping.state == State.WAITING:
        IncomingPing.objects.update(due_at=ping.created_at)
        verify.look_at(ping.pk)
        ping.refresh_from_db()
    assert ping.state == State.TAKEN
    assert str(status) in ping.reason
    assert the_comment().is_approved


def test_it_comes_back_with_its_link(post, tell):
    tell(page(post))
    tell(gone())
    ping = tell(page(post, "Back again"))
    assert (ping.state, ping.removal) == (State.TAKEN, None)
    comment = the_comment()
    assert (comment.state, comment.source_title) == (
        Comment.State.APPROVED,
        "Back again",
    )
    post.refresh_from_db()
    assert post.comment_count == 1


def test_what_waited_waits_again_when_it_is_back(post, tell):
    SiteSettings(hold_first=True).save()
    tell(page(post))
    tell(gone())
    tell(page(post))
    assert the_comment().state == Comment.State.PENDING


def test_it_stays_away_where_a_moderator_said_so_meanwhile(post, tell, alice):
    tell(page(post))
    tell(gone())
    posting.decide([the_comment()], Comment.State.SPAM, "spam", by=alice)
    tell(page(post))
    assert the_comment().state == Comment.State.SPAM


def test_it_stays_where_a_moderator_put_it_back(post, tell, alice):
    tell(page(post))
    tell(gone())
    posting.decide([the_comment()], Comment.State.APPROVED, "I liked it", by=alice)
    tell(gone())
    assert the_comment().is_approved


def test_a_page_that_goes_twice_goes_twice(post, tell):
    tell(page(post))
    for _ in range(2):
        tell(gone())
        assert the_comment().state == Comment.State.TRASH
        tell(page(post))
        assert the_comment().is_approved


def test_what_was_erased_stays_erased(post, tell):
    tell(page(post))
    Comment.objects.update(reasons=[ERASED], source_title="", body_html="")
    tell(page(post, "Another title"))
    tell(gone())
    comment = the_comment()
    assert comment.is_erased
    assert (comment.source_title, comment.body_html) == ("", "")


def test_nothing_is_mailed_twice(post, tell):
    tell(page(post))
    [notice] = Notice.objects.all()
    Notice.objects.update(claimed_at=notice.created_at, sent_at=notice.created_at)
    tell(page(post, "Another title"))
    tell(gone())
    tell(page(post))
    assert Notice.objects.count() == 1


def test_what_moved_in_is_the_response_of_its_page(post, tell, web):
    moved = make_comment(
        post,
        "[…] old […]",
        kind="pingback",
        source_url=web.url("/about"),
        source_data={"categories": ["news"]},
        author_name="Dmitri",
        author_email="",
    )
    ping = tell(page(post))
    assert ping.comment == moved
    comment = the_comment()
    assert comment.source_data == {"categories": ["news"], "type": "mention"}
    assert comment.author_name == "Dmitri"
    assert "I read this." in comment.body
