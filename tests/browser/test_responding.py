"""Answering where JavaScript runs: the form comes along, and so does what was typed."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.builders import at, make_comment, make_post

PATH = "/2006/11/30/talks/"


@pytest.fixture
def page(open_browser):
    post = make_post("Talks", published_at=at("2006-11-30 12:00"))
    make_comment(post, "The first word.", author_name="PatternRec")
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(PATH)
    return page


def fill(page, **fields):
    for label, value in fields.items():
        page.get_by_role("textbox", name=label.replace("_", "-")).fill(value)


def test_half_a_comment_comes_along_when_it_becomes_a_reply(page):
    body = page.get_by_label("Your comment")
    body.fill("Half a thought")
    page.get_by_role("link", name="Reply to PatternRec").click()
    response = page.locator(".response")
    expect(response.get_by_role("heading", name="Answer PatternRec")).to_be_visible()
    expect(body).to_have_value("Half a thought")
    expect(body).to_be_focused()

    page.get_by_role("link", name="Comment on the post instead").click()
    expect(response.locator("form")).to_have_count(0)
    expect(page.get_by_role("heading", name="Leave a reply")).to_be_visible()
    expect(body).to_have_value("Half a thought")

    page.get_by_role("link", name="Reply to PatternRec").click()
    fill(page, Name="Anna", E_mail="anna@example.org")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    reply = Comment.objects.latest("pk")
    assert (reply.body, reply.parent.author_name) == ("Half a thought", "PatternRec")
    expect(body).to_have_value("")


def test_what_was_typed_outlives_a_lost_connection(page):
    body = page.get_by_label("Your comment")
    body.fill("Typed in a tunnel")
    fill(page, Name="Anna", E_mail="anna@example.org")
    page.route("**/comments/reply/**", lambda route: route.abort())
    page.get_by_role("button", name="Post comment").click()
    page.unroute("**/comments/reply/**")
    page.goto(PATH)
    expect(body).to_have_value("Typed in a tunnel")
