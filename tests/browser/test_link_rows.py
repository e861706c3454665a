"""Menu and blogroll as rows: by mouse, by keyboard, and without JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import SiteSettings
from tests.builders import make_user

SETTINGS = "/admin/blog/sitesettings/1/change/"
MENU = "[data-rows=menu]"
SAVED = ".messagelist"


@pytest.fixture
def site(db):
    SiteSettings(
        title="The Long Table",
        menu=[
            {"name": name, "url": f"/{name.lower()}/"} for name in ["One", "Two", "Six"]
        ],
        blogroll=[{"name": "D", "url": "https://d.example/", "description": "far"}],
    ).save()


@pytest.fixture
def login(open_browser, live_server, client, site):
    """Opens the settings as the keeper."""
    client.force_login(make_user("kit", role="Administrator"))

    def open_settings(**options):
        page = open_browser(**options)
        session = client.cookies["sessionid"].value
        page.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": live_server.url}]
        )
        page.goto(SETTINGS)
        return page

    return open_settings


def saved_menu(page):
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(SAVED)
    return [link["name"] for link in SiteSettings.current().menu]


def handle(page, name):
    return page.get_by_role("button", name=f"Move “{name}”")


def test_arrow_keys_move_a_row_and_say_where_it_is(login):
    page = login()
    handle(page, "Six").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # it is the first already
    expect(page.locator(f"{MENU} [role=status]")).to_have_text(
        "“Six” is number 1 of 3 now."
    )
    expect(handle(page, "Six")).to_be_focused()
    assert saved_menu(page) == ["Six", "One", "Two"]


def test_a_row_is_dragged_to_its_place(login):
    page = login()
    handle(page, "One").scroll_into_view_if_needed()
    start = handle(page, "One").bounding_box()
    end = handle(page, "Six").bounding_box()
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(end["x"] + 9, end["y"] + end["height"] + 20, steps=12)
    page.mouse.up()
    assert saved_menu(page) == ["Two", "Six", "One"]


def test_rows_are_added_and_removed(login):
    page = login()
    menu = page.locator(MENU)
    for name in ["Archives", "Elsewhere"]:
        menu.get_by_role("button", name="Add a row").click()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type("/archives/")
    menu.get_by_label("Remove").nth(1).check()
    assert saved_menu(page) == ["One", "Six", "Archives", "Elsewhere"]


def test_a_fault_stands_at_its_row_and_the_rest_is_kept(login):
    page = login()
    page.locator(MENU).get_by_label("Address").nth(1).fill("nowhere")
    handle(page, "Six").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Save").click()
    wrong = page.locator(f"{MENU} [aria-invalid=true]")
    expect(wrong).to_have_value("nowhere")
    expect(wrong).to_have_accessible_description(
        "“nowhere” is no address: begin it with https://, http:// or a slash."
    )
    wrong.fill("/two/")
    assert saved_menu(page) == ["One", "Six", "Two"]


def test_without_scripts_numbers_say_the_order(login):
    page = login(java_script_enabled=False)
    menu = page.locator(MENU)
    menu.get_by_label("Place").nth(2).fill("1")
    menu.get_by_label("Place").nth(0).fill("2")
    menu.get_by_label("Name").nth(3).fill("New")
    menu.get_by_label("Address").nth(3).fill("/new/")
    menu.get_by_label("Remove").nth(1).check()
    assert saved_menu(page) == ["Six", "One", "New"]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(login, width):
    # axe writes styles into the page, which the policy would report.
    page = login(viewport={"width": width, "height": 800}, bypass_csp=True)
    found = Axe().run(page, context=".link-rows").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
