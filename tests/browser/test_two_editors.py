"""Two editors collide: each knows of the other, and neither loses a word."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from blog.models import Post
from tests.browser.editor import editor
from tests.builders import make_category, make_post, make_user

HELD = "form[data-lock=own]"


@pytest.fixture
def post(alice):
    return make_post("Talks", author=alice, body="<p>As it was.</p>")


@pytest.fixture
def dmitri_desk(open_browser, live_server, db):
    """A page on which another editor is logged in."""
    client = Client()
    client.force_login(make_user("dmitri", role="Editor"))
    page = open_browser()
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return page


def faults(page, context=None):
    """What axe finds. The editor's own style sheet is not for it to load again."""
    found = Axe().run(page, context=context, options={"preload": False})
    return [(fault["id"], fault["nodes"]) for fault in found.response["violations"]]


def open_post(page, post):
    page.goto(f"/admin/blog/post/{post.pk}/change/")


def hear(page):
    """What the page hears at its next beat, now."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def title(page):
    return page.locator("#id_title")


def bar(page):
    return page.locator(".edit-lock-bar")


def test_who_comes_second_is_asked_and_may_look(desk, dmitri_desk, post):
    make_category("Asia")
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    open_post(dmitri_desk, post)
    question = dmitri_desk.get_by_role("dialog")
    expect(question).to_contain_text("Alice is writing this since")
    assert faults(dmitri_desk, ".edit-lock") == []
    dmitri_desk.keyboard.press("Escape")
    expect(question).not_to_be_visible()
    expect(bar(dmitri_desk)).to_contain_text("Alice is writing this since")
    expect(title(dmitri_desk)).not_to_be_editable()
    text = editor(dmitri_desk)
    expect(text).to_have_attribute("contenteditable", "false")
    # A long list of what can't be ticked now is scrolled by keys itself.
    categories = dmitri_desk.locator(".category-list")
    expect(categories).to_have_attribute("tabindex", "0")
    assert faults(dmitri_desk, ".edit-lock") == []
    dmitri_desk.get_by_role("button", name="Take over").click()
    expect(title(dmitri_desk)).to_be_editable()
    expect(categories).not_to_have_attribute("tabindex", "0")
    expect(text).to_have_attribute("contenteditable", "true")
    expect(bar(dmitri_desk)).to_be_empty()


def test_who_was_taken_over_from_is_told_and_asked_before_saving(
    desk, dmitri_desk, post
):
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    title(desk).fill("Typed by Alice")
    open_post(dmitri_desk, post)
    dmitri_desk.get_by_role("button", name="Take over").click()
    expect(dmitri_desk.locator(HELD)).to_be_visible()
    hear(desk)
    expect(bar(desk)).to_contain_text("Dmitri has taken over")
    expect(title(desk)).to_have_value("Typed by Alice")
    desk.get_by_role("button", name="Update").click()
    question = desk.get_by_role("dialog")
    expect(question).to_contain_text("Dmitri has taken over")
    assert faults(desk, ".edit-lock") == []
    desk.get_by_role("button", name="Don’t save yet").click()
    assert Post.objects.get().title == "Talks"
    desk.get_by_role("button", name="Update").click()
    desk.get_by_role("button", name="Save all the same").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Post.objects.get().title == "Typed by Alice"


def test_saving_keeps_the_lock_and_leaving_sets_it_free(desk, dmitri_desk, post):
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    title(desk).fill("Saved")
    desk.get_by_role("button", name="Update").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.locator(HELD)).to_be_visible()
    expect(desk.get_by_role("dialog")).not_to_be_visible()
    dmitri_desk.goto("/admin/blog/post/")
    expect(dmitri_desk.locator(".being-written")).to_have_text("Alice is writing")
    open_post(dmitri_desk, post)
    dmitri_desk.get_by_role("button", name="Only look").click()
    desk.goto("/admin/")
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    hear(dmitri_desk)
    expect(bar(dmitri_desk)).to_contain_text("Nobody is writing this any more.")
    dmitri_desk.get_by_role("button", name="Write").click()
    expect(title(dmitri_desk)).to_be_editable()


def test_a_second_window_of_the_same_writer_is_one(desk, post):
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    other = desk.context.new_page()
    open_post(other, post)
    question = other.get_by_role("dialog")
    expect(question).to_contain_text("You have this open in another window")
    other.get_by_role("button", name="Take over").click()
    expect(other.locator(HELD)).to_be_visible()
    hear(desk)
    expect(bar(desk)).to_contain_text("You went on writing this in another window.")
    other.close()


def test_what_was_saved_until_one_takes_over_is_what_one_sees(desk, dmitri_desk, post):
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    open_post(dmitri_desk, post)
    title(desk).fill("Newer")
    desk.get_by_role("button", name="Update").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(desk.locator(HELD)).to_be_visible()
    dmitri_desk.get_by_role("button", name="Take over").click()
    expect(title(dmitri_desk)).to_have_value("Newer")
    expect(dmitri_desk.locator(HELD)).to_be_visible()


@pytest.fixture
def collided(desk, dmitri_desk, post):
    """Alice and Dmitri began with the same; he has saved, and then she has tried to."""
    open_post(desk, post)
    expect(desk.locator(HELD)).to_be_visible()
    open_post(dmitri_desk, post)
    dmitri_desk.get_by_role("button", name="Take over").click()
    expect(dmitri_desk.locator(HELD)).to_be_visible()
    editor(dmitri_desk).fill("As Dmitri has it.")
    dmitri_desk.get_by_role("button", name="Update").click()
    expect(dmitri_desk.locator(".messagelist .success")).to_be_visible()
    expect(dmitri_desk.locator(HELD)).to_be_visible()
    hear(desk)
    expect(bar(desk)).to_contain_text("Dmitri has taken over")
    title(desk).fill("Typed by Alice")

    def save():
        desk.get_by_role("button", name="Update").click()
        desk.get_by_role("button", name="Save all the same").click()
        expect(desk.get_by_role("heading", level=1)).to_contain_text("Dmitri saved")

    return save


@pytest.mark.parametrize("width", [1280, 390])
def test_what_each_of_them_changed_is_saved_together(desk, collided, width):
    desk.set_viewport_size({"width": width, "height": 800})
    collided()
    expect(desk.locator(".diff-fields")).to_contain_text("Only you changed this.")
    expect(desk.locator("del").filter(has_text="Dmitri has")).to_be_visible()
    assert faults(desk) == []
    desk.get_by_role("button", name="Side by side", exact=True).click()
    expect(desk.locator(".diff-sides").first).to_be_visible()
    assert faults(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth > innerWidth") is False
    desk.get_by_role("button", name="Save both").press("Enter")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    stored = Post.objects.get()
    assert stored.title == "Typed by Alice"
    assert "As Dmitri has it." in stored.body
    # All is stored: nothing is offered, and leaving asks nothing.
    expect(desk.locator(".unsaved .offer")).to_have_count(0)


def test_theirs_is_taken_and_mine_had_back(desk, collided):
    collided()
    desk.get_by_role("button", name="Take theirs").click()
    # He has it open still.
    desk.get_by_role("button", name="Take over").click()
    expect(desk.locator(HELD)).to_be_visible()
    expect(title(desk)).to_have_value("Talks")
    desk.get_by_role("link", name="Restore it").click()
    expect(title(desk)).to_have_value("Typed by Alice")
    desk.get_by_role("button", name="Update").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Dmitri saved")
    desk.get_by_role("button", name="Go on writing").click()
    expect(title(desk)).to_have_value("Typed by Alice")
    assert Post.objects.get().title == "Talks"
