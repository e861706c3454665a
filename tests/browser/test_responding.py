"""Answering where JavaScript runs: the form comes along, and so does what was typed."""

import re

import pytest
from playwright.sync_api import expect

from blog.models import SiteSettings
from comments.models import Comment
from comments.moderation import checks
from tests.builders import at, make_comment, make_post

PATH = "/2006/11/30/talks/"


@pytest.fixture
def post():
    post = make_post("Talks", published_at=at("2006-11-30 12:00"))
    make_comment(post, "The first word.", author_name="PatternRec")
    return post


@pytest.fixture
def page(open_browser, post):
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(PATH)
    return page


@pytest.fixture
def _unhurried(monkeypatch):
    """A test types faster than any reader."""
    monkeypatch.setattr(checks, "MIN_SECONDS", 0)


def fill(page, **fields):
    for label, value in fields.items():
        page.get_by_role("textbox", name=label.replace("_", "-")).fill(value)


def anna(page):
    fill(page, Name="Anna", E_mail="anna@example.org")


def text_of(page):
    return page.get_by_label("Your comment")


def send(page):
    page.get_by_role("button", name="Post comment").click()


def reply_to(page, name):
    page.get_by_role("link", name=f"Reply to {name}", exact=True).click()


def test_half_a_comment_comes_along_when_it_becomes_a_reply(page):
    body = text_of(page)
    body.fill("Half a thought")
    reply_to(page, "PatternRec")
    response = page.locator(".response")
    expect(response.get_by_role("heading", name="Answer PatternRec")).to_be_visible()
    expect(body).to_have_value("Half a thought")
    expect(body).to_be_focused()

    page.get_by_role("link", name="Comment on the post instead").click()
    expect(response.locator("form")).to_have_count(0)
    expect(page.get_by_role("heading", name="Leave a reply")).to_be_visible()
    expect(body).to_have_value("Half a thought")

    reply_to(page, "PatternRec")
    anna(page)
    send(page)
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    reply = Comment.objects.latest("pk")
    assert (reply.body, reply.parent.author_name) == ("Half a thought", "PatternRec")
    expect(body).to_have_value("")


def test_the_keyboard_alone_answers_and_turns_back(page, post):
    make_comment(post, "Below.", parent=post.comments.get(), author_name="Dmitri")
    page.reload()
    page.get_by_role("link", name="Reply to Dmitri", exact=True).focus()
    page.keyboard.press("Enter")
    expect(text_of(page)).to_be_focused()
    expect(page.get_by_role("form", name="Answer Dmitri")).to_be_visible()
    expect(page.get_by_role("status").last).to_have_text(
        "Escape puts the form back below all comments."
    )
    page.keyboard.type("Deep down")
    page.keyboard.press("Escape")
    expect(page.get_by_role("form", name="Leave a reply")).to_be_visible()
    expect(page.get_by_role("link", name="Reply to Dmitri", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    anna(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    reply = Comment.objects.latest("pk")
    assert (reply.body, reply.parent.author_name) == ("Deep down", "Dmitri")
    assert reply.level == 2


def test_what_came_back_with_errors_is_marked_and_focused(open_browser, post):
    page = open_browser(viewport={"width": 320, "height": 700}, color_scheme="dark")
    page.goto(PATH)
    text_of(page).fill("Without a name")
    fill(page, E_mail="nobody")
    send(page)
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    expect(page.get_by_role("textbox", name="Name")).to_have_accessible_description(
        "Please give a name; it need not be your own."
    )
    expect(text_of(page)).to_have_value("Without a name")
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    anna(page)
    send(page)
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    expect(text_of(page)).to_have_value("")


def test_a_name_is_remembered_only_by_those_who_agree(page):
    box = page.get_by_role("checkbox", name="Remember my name")
    text_of(page).fill("First")
    anna(page)
    send(page)
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")
    text_of(page).focus()
    expect(box).not_to_be_checked()
    anna(page)
    box.check()
    page.goto(PATH)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Anna")
    expect(box).to_be_checked()
    box.uncheck()
    page.goto(PATH)
    text_of(page).focus()
    expect(box).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")
    assert page.context.cookies() == []


def test_what_is_marked_is_quoted(page):
    said = page.get_by_text("The first word.")
    said.select_text()
    reply_to(page, "PatternRec")
    expect(text_of(page)).to_have_value("> The first word.\n\n")
    text_of(page).press_sequentially("Indeed.")
    page.locator(".entry .prose p").select_text()
    page.get_by_role("button", name="Quote what you marked").focus()
    page.keyboard.press("Enter")
    expect(text_of(page)).to_have_value(
        f"> The first word.\n\nIndeed.\n\n> {page.locator('.entry .prose p').text_content()}\n\n"
    )


def test_a_preview_follows_what_is_typed(page):
    text_of(page).fill("Some *words*")
    # Until the script is there, a button by that name shows it on a page of its own.
    page.locator(".live-preview summary").click()
    expect(page.locator(".live-preview em")).to_have_text("words")
    text_of(page).fill("Other **words**")
    expect(page.locator(".live-preview strong")).to_have_text("words")
    assert Comment.objects.count() == 1


def test_a_double_click_posts_once(page):
    text_of(page).fill("Once")
    anna(page)
    page.get_by_role("button", name="Post comment").dblclick()
    expect(page.get_by_text("Waiting for the author’s approval")).to_be_visible()
    assert Comment.objects.filter(body="Once").count() == 1


@pytest.mark.usefixtures("_unhurried")
def test_the_browser_proves_its_work(page):
    SiteSettings(proof_of_work="always", hold_first=False).save()
    page.reload()
    text_of(page).fill("No robot")
    anna(page)
    send(page)
    expect(page.locator(".response").get_by_text("No robot")).to_be_visible()
    assert Comment.objects.latest("pk").is_approved


@pytest.mark.usefixtures("_unhurried")
def test_who_is_quicker_than_the_puzzle_comes_waits_for_it(page):
    SiteSettings(proof_of_work="always", hold_first=False).save()
    waiting = []

    def hold(route):
        waiting.append(route)

    # What comes through the test's hands is late for a transition between pages.
    page.emulate_media(reduced_motion="reduce")
    page.route("**/comments/stamp/", hold)
    text_of(page).fill("No robot")
    anna(page)
    send(page)
    expect(page.locator(".respond-status")).to_have_text("Sending …")
    waiting[0].continue_()
    expect(page.locator(".response").get_by_text("No robot")).to_be_visible()


@pytest.mark.parametrize("comes", [True, False])
@pytest.mark.usefixtures("_unhurried")
def test_who_is_quicker_than_the_script_comes_waits_for_it(page, comes):
    SiteSettings(proof_of_work="always", hold_first=False).save()
    waiting = []

    def hold(route):
        waiting.append(route)

    page.emulate_media(reduced_motion="reduce")
    page.route("**/comments/writing*.js", hold)
    text_of(page).fill("No robot")
    anna(page)
    send(page)
    expect(page.locator(".respond-status")).to_have_text("Sending …")
    if comes:
        waiting[0].continue_()
        expect(page.locator(".response").get_by_text("No robot")).to_be_visible()
    else:
        # As it would be without scripts: the page comes back, and asks for a proof.
        waiting[0].fulfill(status=404)
        expect(page.locator(".form-errors")).to_be_visible()
        expect(text_of(page)).to_have_value("No robot")


@pytest.mark.usefixtures("_unhurried")
def test_a_comment_is_edited_and_withdrawn_from_the_clean_page(page, post):
    SiteSettings(hold_first=False).save()
    text_of(page).fill("Frist!")
    anna(page)
    send(page)
    expect(page.get_by_role("link", name="Edit or withdraw")).to_be_visible()
    comment = Comment.objects.latest("pk")
    # What people copy is the address everybody has.
    expect(page).to_have_url(re.compile(f"{PATH}#comment-{comment.pk}$"))
    page.goto(PATH)
    page.get_by_role("link", name="Edit or withdraw").click()
    text_of(page).fill("First!")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".response").get_by_text("First!")).to_be_visible()
    page.get_by_role("link", name="Edit or withdraw").click()
    page.get_by_role("button", name="Withdraw it …").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Your comment is withdrawn")).to_be_visible()
    page.goto(PATH)
    expect(page.get_by_text("First!")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit or withdraw")).to_have_count(0)
