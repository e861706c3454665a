"""The queue as a list: what it shows of each comment, what it can be narrowed to."""

import pytest

from blog.models import SiteSettings
from comments.models import Comment
from comments.posting import post_comment
from comments.submission import Submission
from tests.builders import at, make_comment, make_post, make_user

LIST = "/admin/comments/comment/"
State = Comment.State


@pytest.fixture
def post(db):
    return make_post("The talks")


def shown(response):
    return {comment.body for comment in response.context["cl"].result_list}


def test_queue_opens_with_what_is_held(moderator, post):
    make_comment(post, "fine")
    make_comment(post, "held", state=State.PENDING, reasons=["held: 3 links"])
    response = moderator.get(LIST)
    assert shown(response) == {"held"}
    html = response.content.decode()
    assert '<small class="reason">3 links</small>' in html
    counts = {tab["label"]: tab["count"] for tab in response.context["tabs"]}
    assert counts == {"Held": 1, "Approved": 1, "Spam": 0, "Trash": 0, "All": 2}


def test_queue_without_held_ones_shows_all(moderator, post):
    make_comment(post, "fine")
    make_comment(post, "spam", state=State.SPAM)
    assert shown(moderator.get(LIST)) == {"fine", "spam"}
    assert shown(moderator.get(LIST + "?state=spam")) == {"spam"}


def test_queue_of_one_post_and_of_one_kind(moderator, post):
    make_comment(post, "here")
    make_comment(make_post(), "elsewhere")
    make_comment(post, "ping", kind="pingback", source_url="https://a.example/")
    assert shown(moderator.get(f"{LIST}?state=all&post={post.pk}")) == {"here", "ping"}
    assert shown(moderator.get(f"{LIST}?state=all&kind=pingback")) == {"ping"}


@pytest.mark.parametrize("words", ["Zoe", "zoe@", "unheard", "203.0.113"])
def test_search_finds_by_name_mail_text_and_address(moderator, post, words):
    make_comment(
        post,
        "an unheard thing",
        author_name="Zoe",
        author_email="zoe@example.org",
        ip_address="203.0.113.9",
    )
    make_comment(post, "other")
    assert shown(moderator.get(f"{LIST}?state=all&q={words}")) == {"an unheard thing"}


def test_queue_takes_as_many_queries_for_30_as_for_3(
    moderator, django_assert_max_num_queries
):
    counts = []
    for number in (3, 27):
        for _ in range(number):
            post = make_post("")
            parent = make_comment(post, author_name="", author=make_user(f"u{post.pk}"))
            make_comment(post, parent=parent)
        moderator.get(LIST)
        with django_assert_max_num_queries(15) as queries:
            moderator.get(LIST + "?state=all")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_queue_is_narrowed_by_what_moderation_said(moderator, post):
    """The reasons are moderation's own: where its words change, this fails."""
    links = " ".join(f"https://{name}.example/" for name in "abc")
    site = SiteSettings.current()
    site.held_words, site.hold_links = "bargain", 2
    site.save()
    for number, body in enumerate([f"See {links}", "What a bargain", "Hello there"]):
        submission = Submission(
            body=body, author_name="Zoe", author_email=f"zoe{number}@example.org"
        )
        post_comment(post, submission)
    found = {
        why: shown(moderator.get(f"{LIST}?state=pending&why={why}"))
        for why in ("links", "words", "first")
    }
    assert found["links"] == {f"See {links}"}
    assert found["words"] == {"What a bargain"}
    assert "Hello there" in found["first"]


def test_the_queue_is_narrowed_to_a_person_and_to_an_address(moderator, bob, post):
    make_comment(post, "by mail", author_email="zoe@example.org")
    make_comment(post, "by account", author=bob)
    make_comment(post, "from there", ip_address="2001:db8::1")
    for query, bodies in {
        "writer=Zoe@example.org": {"by mail"},
        f"account={bob.pk}": {"by account"},
        "ip=2001:db8::1": {"from there"},
        "ip=nonsense": {"by mail", "by account", "from there"},
    }.items():
        assert shown(moderator.get(f"{LIST}?state=all&{query}")) == bodies


def test_the_queue_comes_in_the_order_asked_for(moderator, post):
    scores = {"unsure": 0.5, "unjudged": None, "bad": 0.9, "good": 0.1}
    for body, score in scores.items():
        make_comment(post, body, spam_score=score, state=State.PENDING)
    orders = {
        "most": ["bad", "unsure", "good", "unjudged"],
        "least": ["good", "unsure", "bad", "unjudged"],
        "oldest": ["unsure", "unjudged", "bad", "good"],
        "": ["good", "bad", "unjudged", "unsure"],
    }
    for order, bodies in orders.items():
        rows = moderator.get(f"{LIST}?state=pending&order={order}").context["cl"].rows
        assert [row.comment.body for row in rows] == bodies


def test_with_and_without_links(moderator, post):
    make_comment(post, "see https://a.example/")
    make_comment(post, "none")
    assert shown(moderator.get(LIST + "?links=no")) == {"none"}
    assert shown(moderator.get(LIST + "?links=yes")) == {"see https://a.example/"}


def test_a_row_tells_what_its_writer_did_before(moderator, post):
    zoe = {"author_email": "zoe@example.org", "author_name": "Zoe"}
    make_comment(post, created_at=at("2024-03-03 12:00"), **zoe)
    make_comment(post, **zoe | {"author_name": "Zoe B."})
    make_comment(post, state=State.SPAM, **zoe)
    make_comment(post, state=State.PENDING, **zoe)
    html = moderator.get(LIST).content.decode()
    assert (
        "2 approved, 1 held, 1 spam; first seen 3 March 2024; also wrote as “Zoe B.”"
    ) in html


def test_a_first_comment_is_called_one(moderator, post):
    make_comment(post, state=State.PENDING)
    assert "First comment" in moderator.get(LIST).content.decode()


def test_a_row_tells_whom_it_answers_and_what_came_from_its_address(moderator, post):
    parent = make_comment(post, "Is that so?", author_name="Zoe")
    where = {"ip_address": "203.0.113.9"}
    make_comment(post, state=State.SPAM, **where)
    make_comment(post, parent=parent, state=State.PENDING, spam_score=0.64, **where)
    html = moderator.get(LIST).content.decode()
    assert "Is that so?" in html
    assert "1 other from there" in html
    assert "spam-like 64 %" in html


def test_a_long_text_is_there_as_a_whole(moderator, post):
    make_comment(post, "word " * 5000 + "last", state=State.PENDING)
    html = moderator.get(LIST).content.decode()
    assert "<details" in html
    assert "word last</p>" in html


def test_an_empty_queue_says_so(moderator, post):
    html = moderator.get(LIST + "?state=pending").content.decode()
    assert "Nothing waits." in html


def test_a_page_that_is_gone_shows_the_last_there_is(moderator, post):
    for _ in range(51):
        make_comment(post)
    response = moderator.get(LIST + "?state=all&p=9")
    assert len(response.context["cl"].rows) == 1
