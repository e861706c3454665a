"""The tree of pages, without a mouse and without JavaScript, and as axe sees it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.builders import make_page

LIST = "/admin/blog/page/"


@pytest.fixture
def pages(db):
    about = make_page("About")
    make_page("Team", parent=about)
    make_page("Contact")


def titles(page):
    return page.locator("#result_list .field-shown_title").all_inner_texts()


def test_a_page_is_moved_by_the_keyboard(desk, pages):
    desk.goto(LIST)
    assert titles(desk) == ["About", "Team", "Contact"]
    desk.get_by_role("button", name="Move “Contact” up").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("“Contact” stands before")
    assert titles(desk) == ["Contact", "About", "Team"]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(desk, pages, width):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(LIST)
    found = Axe().run(desk, context="#result_list").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    root = "document.documentElement"
    assert desk.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
