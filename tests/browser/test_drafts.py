"""What was typed is still there: offline, in another tab, after the browser was closed."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.browser.test_responding import PATH, anna, reply_to, send, text_of
from tests.builders import at, make_comment, make_post


@pytest.fixture
def page(open_browser):
    post = make_post("Talks", published_at=at("2006-11-30 12:00"))
    make_comment(post, "The first word.", author_name="PatternRec")
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(PATH)
    text_of(page).focus()
    expect(page.get_by_role("checkbox", name="Remember my name")).to_be_visible()
    return page


def begin(page, text):
    """Type `text`, and wait till the browser keeps it."""
    text_of(page).fill(text)
    kept = "(text) => Object.values(localStorage).some((kept) => kept.includes(text))"
    page.wait_for_function(kept, arg=text)


def status(page):
    return page.locator(".respond-status")


def test_what_was_typed_outlives_a_lost_connection(page):
    begin(page, "Typed in a tunnel")
    anna(page)
    page.route("**/comments/reply/**", lambda route: route.abort())
    send(page)
    page.unroute("**/comments/reply/**")
    page.goto(PATH)
    expect(text_of(page)).to_have_value("Typed in a tunnel")
    expect(status(page)).to_contain_text("may not have been sent")


def test_offline_the_form_says_so_and_keeps_the_text(page):
    text_of(page).fill("Typed in a plane")
    anna(page)
    page.context.set_offline(True)
    send(page)
    expect(status(page)).to_contain_text("You are offline")
    page.context.set_offline(False)
    expect(status(page)).to_have_text("You are connected again.")
    send(page)
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    assert Comment.objects.filter(body="Typed in a plane").count() == 1


def test_a_reply_begun_comes_back_where_it_was_begun(page):
    reply_to(page, "PatternRec")
    begin(page, "Half an answer")
    page.close()
    again = page.context.new_page()
    again.goto(PATH)
    expect(again.get_by_role("form", name="Answer PatternRec")).to_be_visible()
    expect(text_of(again)).to_have_value("Half an answer")
    again.get_by_role("button", name="Discard it").click()
    expect(text_of(again)).to_have_value("")
    again.reload()
    expect(text_of(again)).to_have_value("")


def test_two_tabs_do_not_overwrite_each_other(page):
    other = page.context.new_page()
    other.goto(PATH)
    text_of(other).focus()
    expect(other.get_by_role("checkbox", name="Remember my name")).to_be_visible()
    begin(page, "In the first tab")
    begin(other, "In the second tab")
    anna(other)
    send(other)
    expect(other.get_by_text("Waiting for the author’s approval")).to_be_visible()
    page.reload()
    expect(text_of(page)).to_have_value("In the first tab")


def test_a_text_is_forgotten_after_a_week(page):
    begin(page, "Old news")
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((key) => key.startsWith("draft "));
          const draft = JSON.parse(localStorage.getItem(key));
          draft.at -= 8 * 24 * 3600 * 1000;
          localStorage.setItem(key, JSON.stringify(draft));
        }"""
    )
    page.reload()
    text_of(page).focus()
    expect(page.get_by_role("checkbox", name="Remember my name")).to_be_visible()
    expect(text_of(page)).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_what_came_back_with_errors_is_not_written_over(page):
    begin(page, "The first version")
    send(page)
    expect(page.get_by_text("Please give a name")).to_be_visible()
    text_of(page).fill("The second version")
    send(page)
    expect(page.get_by_text("Please give a name")).to_be_visible()
    expect(text_of(page)).to_have_value("The second version")
    anna(page)
    send(page)
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    page.goto(PATH)
    text_of(page).focus()
    expect(page.get_by_role("checkbox", name="Remember my name")).to_be_visible()
    expect(text_of(page)).to_have_value("")
