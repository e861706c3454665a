import pytest

from blog.models import SiteSettings
from comments.models import Comment
from comments.owning import WITHDRAWN
from comments.posting import decide
from comments.templatetags.conversation import responses_in_words
from comments.threads import Wish, read_thread
from tests.builders import at, make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def talk(post, **wish):
    thread = read_thread(post, wish=Wish(**wish))
    return [(response.content, response.depth) for response in thread.talk]


def said(*lines):
    return [(f"<p>{text}</p>", depth) for text, depth in lines]


def test_a_thread_reads_in_order_each_reply_below_what_it_answers():
    post = make_post()
    first = make_comment(post, "first")
    make_comment(post, "second")
    reply = make_comment(post, "to first", parent=first)
    make_comment(post, "to that", parent=reply)
    make_comment(post, "to first too", parent=first)
    assert talk(post) == said(
        ("first", 0),
        ("to first", 1),
        ("to that", 2),
        ("to first too", 1),
        ("second", 0),
    )


def test_an_old_comment_that_came_late_stands_where_it_belongs():
    post = make_post()
    make_comment(post, "new", created_at=at("2006-12-02 12:00"))
    make_comment(post, "old", created_at=at("2006-12-01 12:00"))
    assert talk(post) == said(("old", 0), ("new", 0))


def test_what_was_removed_leaves_a_tombstone_while_it_has_replies(client):
    post = make_post()
    root = make_comment(post, "something bad")
    reply = make_comment(post, "an answer", parent=root)
    decide([root], Comment.State.SPAM, "test")
    page = client.get(post.get_absolute_url()).text
    assert "something bad" not in page
    assert "an answer" in page
    assert "was removed" in page
    decide([reply], Comment.State.TRASH, "test")
    assert talk(post) == []


def test_the_post_counts_what_is_approved():
    post = make_post()
    comments = [make_comment(post) for _ in range(3)]
    decide(comments[:2], Comment.State.SPAM, "test")
    post.refresh_from_db()
    assert post.comment_count == 1
    decide(comments[:1], Comment.State.APPROVED, "test")
    post.refresh_from_db()
    assert post.comment_count == 2


def test_pings_stand_apart_unless_somebody_answered_them():
    post = make_post()
    make_comment(post, "talk")
    ping = make_comment(
        post, "[…] ping […]", kind="pingback", source_url="https://a.example/"
    )
    thread = read_thread(post)
    assert [r.pk for r in thread.elsewhere] == [ping.pk]
    make_comment(post, "an answer to it", parent=ping)
    thread = read_thread(post)
    assert thread.elsewhere == []
    assert ping.pk in [r.pk for r in thread.talk]


def test_the_page_tells_who_says_what(client):
    author = make_user("dmitri", role="Author")
    post = make_post("Talks", author=author)
    root = make_comment(post, author_name="PatternRec", author_url="https://a.example/")
    answer = make_comment(post, parent=root, author=author, author_name="Dmitri")
    make_comment(
        post,
        "[…] no progress […]",
        kind="pingback",
        author_name="Elsewhere's author",
        source_title="What Vienna said",
        source_url="https://b.example/",
        source_data={"categories": ["news", "politics"]},
    )
    make_comment(post, author_name="", date_is_estimated=True)
    page = client.get(post.get_absolute_url()).text
    for expected in (
        "4 Responses to “Talks”",
        "PatternRec",
        f'id="comment-{root.pk}"',
        f'href="{post.get_absolute_url()}#comment-{answer.pk}"',
        f'href="#comment-{root.pk}"',
        "in reply to",
        "What Vienna said",
        "news, politics",
        "Somebody",
        "date not recorded",
    ):
        assert expected in page, expected


def test_one_response_is_counted_in_words(client):
    post = make_post("Talks")
    make_comment(post)
    assert "One Response to “Talks”" in client.get(post.get_absolute_url()).text


def test_a_withdrawn_comment_is_told_from_a_removed_one(client):
    post = make_post()
    root = make_comment(post, "something said", author_name="Ann")
    make_comment(post, "an answer", parent=root)
    decide([root], Comment.State.TRASH, WITHDRAWN)
    page = client.get(post.get_absolute_url()).text
    assert "withdrawn by its writer" in page
    assert "something said" not in page
    assert "Ann" not in page


def test_whoever_was_logged_in_is_a_verified_reader(client, bob):
    author = make_user("dmitri", role="Author")
    post = make_post(author=author)
    make_comment(post, author=author)
    assert "verified reader" not in client.get(post.get_absolute_url()).text
    make_comment(post, author=bob)
    assert "verified reader" in client.get(post.get_absolute_url()).text


def test_a_reply_moved_up_by_the_depth_limit_says_whom_it_answers(client):
    post = make_post()
    root = make_comment(post, author_name="Ann")
    answered = make_comment(post, parent=root, author_name="Ben")
    make_comment(post, parent=root, in_reply_to=answered)
    page = client.get(post.get_absolute_url()).text
    assert "in reply to <bdi>Ben</bdi>" in page
    assert f'class="in-reply-to u-in-reply-to" href="#comment-{answered.pk}"' in page


def test_an_edited_comment_says_so(client):
    post = make_post()
    make_comment(post, edited_at=at("2006-12-01 12:00"))
    page = client.get(post.get_absolute_url()).text
    assert "Changed on 1 December 2006" in page


def test_avatars_are_shown_where_the_keeper_wants_them(client):
    post = make_post()
    make_comment(post)
    assert 'class="avatar"' in client.get(post.get_absolute_url()).text
    SiteSettings(show_avatars=False).save()
    assert 'class="avatar"' not in client.get(post.get_absolute_url()).text


def test_pings_fold_away_where_the_keeper_wishes(client):
    post = make_post()
    make_comment(post, kind="pingback", source_url="https://a.example/")
    assert "<details>" not in client.get(post.get_absolute_url()).text
    SiteSettings(fold_pings=True).save()
    page = client.get(post.get_absolute_url()).text
    assert "<details>" in page
    assert "1 page links here" in page


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "No responses yet"), (1, "One response"), (4, "4 responses")],
)
def test_responses_are_counted_in_words(count, words):
    assert responses_in_words(count) == words
