"""Searching in a browser: suggestions while typing, by mouse, keys and ear."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.builders import at, make_category, make_post

FERRY = "/2006/11/30/the-night-ferry/"


@pytest.fixture
def blog(db):
    make_category("Ferries")
    make_post("The night ferry", published_at=at("2006-11-30 12:00"))
    make_post("A ferry again", published_at=at("2008-05-01 12:00"))
    make_post("Something else")


@pytest.fixture
def page(blog, open_browser) -> Page:
    page = open_browser()
    page.goto("/search/")
    return page


def field(page: Page):
    return page.get_by_role("combobox", name="Words to look for")


def offered(page: Page):
    return page.get_by_role("listbox").get_by_role("option")


def test_titles_are_offered_while_one_types(page):
    field(page).press_sequentially("ferr")
    expect(offered(page)).to_have_count(3)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("3 suggestions")
    offered(page).filter(has_text="The night ferry").click()
    page.wait_for_url(f"**{FERRY}")


def test_the_keys_choose_and_enter_goes_there(page):
    field(page).press_sequentially("night")
    expect(offered(page)).to_have_count(1)
    field(page).press("ArrowDown")
    expect(offered(page)).to_have_attribute("aria-selected", "true")
    chosen = offered(page).get_attribute("id")
    expect(field(page)).to_have_attribute("aria-activedescendant", chosen)
    field(page).press("ArrowDown")  # back to the words themselves
    expect(offered(page)).to_have_attribute("aria-selected", "false")
    field(page).press("ArrowUp")
    field(page).press("Enter")
    page.wait_for_url(f"**{FERRY}")


def test_enter_without_a_choice_searches(page):
    field(page).press_sequentially("ferry")
    expect(offered(page)).to_have_count(2)
    field(page).press("Enter")
    page.wait_for_url("**/search/?q=ferry*")
    expect(page.get_by_role("heading", name="2 results for “ferry”")).to_be_visible()


def test_escape_and_leaving_close_the_list(page):
    field(page).press_sequentially("ferr")
    expect(offered(page)).to_have_count(3)
    field(page).press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("ferr")
    field(page).press_sequentially("y")
    expect(offered(page)).to_have_count(2)
    field(page).press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_what_is_not_there_is_said(page):
    field(page).press_sequentially("xyzzy")
    expect(page.get_by_role("status")).to_have_text("No suggestions.")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_where_suggestions_fail_the_form_is_a_form(blog, open_browser):
    # No fade from page to page: what is routed is not cached, and a browser whose style
    # sheet comes late takes the fade for a fault of the page.
    page = open_browser(reduced_motion="reduce")
    page.goto("/search/")
    page.route("**/search/suggest/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        field(page).press_sequentially("ferry")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field(page).press("Enter")
    page.wait_for_url("**/search/?q=ferry*")
    expect(page.get_by_role("heading", name="2 results for “ferry”")).to_be_visible()


def test_it_works_without_scripts(blog, open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox", name="Search this blog").fill("ferry")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", name="2 results for “ferry”")).to_be_visible()
    page.get_by_text("Narrow it down").click()
    page.get_by_label("Year").select_option("2008")
    page.get_by_role("search").get_by_role("button").click()
    expect(page.get_by_role("heading", name="1 result for “ferry”")).to_be_visible()


def test_axe_finds_nothing_while_suggestions_are_open(page):
    field(page).press_sequentially("ferr")
    expect(offered(page)).to_have_count(3)
    field(page).press("ArrowDown")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_the_list_is_as_wide_as_the_field_on_a_phone(blog, open_browser):
    page = open_browser(viewport={"width": 320, "height": 640})
    page.goto("/search/")
    field(page).press_sequentially("ferr")
    expect(offered(page)).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert offered(page).first.bounding_box()["height"] >= 44
