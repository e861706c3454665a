"""Conversations in captures: comments, pingbacks, and the form below them."""

from datetime import UTC, datetime

import pytest

from blog import html_text
from blog.transfer import capture_text, captures
from blog.transfer.records import BlogRecord

POST = "Tea\n\nMay 1, 2006\n\nText.\n\n"


def page(text: str) -> BlogRecord:
    return captures.read_page(capture_text.decode(text.encode(), "page.txt"), "page")


def noon(year: int, month: int, day: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, 12, minute, tzinfo=UTC)


def thread(text: str, header: str = "2 Responses to “Tea”") -> BlogRecord:
    return page(f"{POST}{header}\n\n{text}")


def test_a_comment_is_a_number_a_name_and_a_text():
    (post,) = thread("  1. Kim Says:\n\n    One.\n\n    Two.\n").posts
    (comment,) = post.responses
    assert (comment.guid[-11:], comment.author_name) == ("#response-1", "Kim")
    assert comment.text == "One.\n\nTwo."
    assert comment.kind == "comment"
    assert post.body == "<p>Text.</p>"


@pytest.mark.parametrize(
    "header",
    [
        "One Response to “Tea”",
        "1 Response to “Tea”",
        '1 Response to "Tea"',
        "1 Comment on “Tea”",
    ],
)
def test_it_knows_the_headers_of_a_thread(header):
    blog = thread("  1. Kim Says:\n\n    One.", header)
    assert len(blog.posts[0].responses) == 1
    assert blog.warnings == []


def test_no_responses_are_none():
    blog = thread("", "No Responses to “Tea”")
    assert blog.posts[0].responses == []
    assert blog.warnings == []


def test_a_response_is_known_by_its_post_and_its_number():
    (post,) = thread("  1. Kim Says:\n\n    A.").posts
    assert post.responses[0].guid == f"{post.guid}#response-1"


def test_a_name_that_was_lost_stays_empty():
    blog = thread("  1. Dear Kim,\n\n    As I said: tea.\n\n  2. Kim says:\n\n    Yes.")
    first, second = blog.posts[0].responses
    assert (first.author_name, first.text) == ("", "Dear Kim,\n\nAs I said: tea.")
    assert (second.author_name, second.text) == ("Kim", "Yes.")


def test_a_numbered_list_inside_a_comment_is_text():
    text = "  1. Kim Says:\n\n    Three:\n\n      1. a\n\n      2. b\n\n      3. c\n\n"
    first, second = thread(f"{text}  2. Lee Says:\n\n    No.").posts[0].responses
    assert "2. b" in first.text
    assert second.author_name == "Lee"


@pytest.mark.parametrize(
    "line",
    ["May 3, 2006 at 3:04 pm", "May 3rd, 2006 at 3:04 pm", "3 May 2006 at 15:04"],
)
def test_a_comments_own_date_is_taken(line):
    (comment,) = thread(f"  1. Kim Says:\n\n    {line}\n\n    Tea.").posts[0].responses
    assert comment.created_at == datetime(2006, 5, 3, 15, 4, tzinfo=UTC)
    assert not comment.date_is_estimated
    assert comment.text == "Tea."


def test_a_comment_without_a_date_follows_the_post_by_its_number():
    text = "  1. Kim Says:\n\n    A.\n\n  2. Lee Says:\n\n    B."
    (post,) = thread(text).posts
    assert [response.created_at for response in post.responses] == [
        noon(2006, 5, 1, minute=1),
        noon(2006, 5, 1, minute=2),
    ]
    assert all(response.date_is_estimated for response in post.responses)


def test_a_comment_that_quotes_a_title_and_a_date_is_no_post():
    text = "  1. Kim Says:\n\n    Remember\n\n    May 1, 2005\n\n    that is all."
    (post,) = thread(text).posts
    assert "May 1, 2005" in post.responses[0].text


def test_a_post_may_follow_a_thread():
    text = "  1. Kim Says:\n\n    A.\n\nOlder\n\nApril 1, 2006\n\nText."
    assert [post.title for post in thread(text).posts] == ["Tea", "Older"]


@pytest.mark.parametrize("mark", ["[…]", "[...]"])
def test_an_excerpt_between_marks_is_a_pingback(mark):
    excerpt = f"{mark} as said. Posted by Tove Lind Filed in boats, the sea {mark}"
    (ping,) = thread(f"  1. {excerpt}").posts[0].responses
    assert ping.kind == "pingback"
    assert ping.text == excerpt
    assert ping.author_name == "Tove Lind"
    assert ping.categories == ["boats", "the sea"]


@pytest.mark.parametrize(
    ("name", "site", "title"),
    [
        ("Sea Log » High Water", "Sea Log", "High Water"),
        ("Sea Log » Blog Archive » High Water", "Sea Log", "High Water"),
        ("High Water « Sea Log", "Sea Log", "High Water"),
    ],
)
def test_the_name_of_a_pingback_tells_blog_and_title(name, site, title):
    (ping,) = thread(f"  1. {name} Says:\n\n    […] so. […]").posts[0].responses
    assert (ping.source_site, ping.source_title) == (site, title)
    assert ping.author_name == ""


def test_fewer_responses_than_announced_are_a_warning():
    blog = thread("  1. Kim Says:\n\n    A.", "4 Responses to “Tea”")
    (warning,) = blog.warnings
    assert warning.line == 7
    assert "4 responses" in warning.sentence


FORM = """
Leave a Reply

Fill in your details below or click an icon to log in: Logo

You are commenting using your Twitter account. Log\u00a0Out\u00a0/\u00a0Change\u00a0)

Google+ photo

Name (required)

Notify me of new comments via email.

Connecting to %s

%d bloggers like this:
"""


def test_the_reply_form_is_left_out():
    blog = page(POST + FORM)
    (post,) = blog.posts
    assert (html_text.text_of(post.body), post.responses) == ("Text.", [])
    assert blog.warnings == []


def test_what_stands_below_the_form_is_not_dropped_in_silence():
    blog = page(f"{POST}{FORM}\nWho wrote this?")
    (warning,) = blog.warnings
    assert "Who wrote this?" in warning.sentence
    assert warning.line == (POST + FORM).count("\n") + 2
