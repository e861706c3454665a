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


def row_of(page, title):
    title = page.locator(".field-shown_title", has_text=title)
    return page.locator("#result_list tbody tr").filter(has=title)


def drag(page, title, target, part):
    """Its handle to a part of another row's height, with a look on the way."""
    row = row_of(page, title)
    box = row_of(page, target).bounding_box()
    row.locator(".handle").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] * part, steps=5)


def test_a_page_is_dragged_below_another(desk, pages):
    desk.goto(LIST)
    drag(desk, "Contact", "Team", 0.5)
    expect(row_of(desk, "Team")).to_have_attribute("data-drop", "below")
    desk.mouse.up()
    expect(desk.locator(".messagelist")).to_contain_text("/about/team/contact/")
    assert titles(desk) == ["About", "Team", "Contact"]


def test_escape_lets_go_and_nothing_can_stand_below_itself(desk, pages):
    desk.goto(LIST)
    drag(desk, "Contact", "About", 0.1)
    expect(row_of(desk, "About")).to_have_attribute("data-drop", "before")
    desk.keyboard.press("Escape")
    desk.mouse.up()
    drag(desk, "About", "Team", 0.5)
    assert desk.locator("[data-drop]").count() == 0
    desk.mouse.up()
    desk.reload()
    assert titles(desk) == ["About", "Team", "Contact"]
