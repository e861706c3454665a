"""The look of the public pages, as a browser draws them."""

import pytest
from playwright.sync_api import expect

from blog.models import SiteSettings
from tests.builders import make_post

PAPER = "getComputedStyle(document.documentElement).backgroundColor"
INK = "getComputedStyle(document.documentElement).color"


def paper(page) -> float:
    """How light the page is, from 0 to 1."""
    return float(page.evaluate(PAPER).removeprefix("oklch(").split()[0])


def choose(page, scheme):
    page.get_by_role("radio", name=scheme).focus()
    page.keyboard.press("Space")


def test_a_page_is_light_or_dark_as_the_device_says(open_browser):
    for scripts in (True, False):
        page = open_browser(color_scheme="dark", java_script_enabled=scripts)
        page.goto("/")
        expect(page.locator(".scheme")).to_be_visible(visible=scripts)
        page.screenshot()
    dark = open_browser(color_scheme="dark")
    dark.goto("/")
    assert paper(dark) < 0.3
    dark.emulate_media(color_scheme="light")
    assert paper(dark) > 0.9


def test_a_choice_holds_on_every_page_and_in_every_tab(open_browser):
    post = make_post("A walk")
    page = open_browser(color_scheme="light")
    page.goto("/")
    other = page.context.new_page()
    other.goto("/archives/")
    choose(page, "Dark")
    assert paper(page) < 0.3
    expect(other.get_by_role("radio", name="Dark")).to_be_checked()
    assert paper(other) < 0.3
    page.goto(post.get_absolute_url())
    assert paper(page) < 0.3
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    choose(page, "System")
    expect(other.get_by_role("radio", name="System")).to_be_checked()
    assert paper(page) > 0.9
    assert page.evaluate("Object.keys(localStorage)") == []


def test_what_was_chosen_stands_before_anything_is_drawn(open_browser):
    """The body is not there yet when the scheme is set."""
    page = open_browser(color_scheme="light")
    page.add_init_script("""
        new MutationObserver(() => {
          window.hadBody ??= document.body !== null;
        }).observe(document, { attributeFilter: ["data-scheme"], subtree: true });
    """)
    page.goto("/")
    choose(page, "Dark")
    page.goto("/archives/")
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.evaluate("window.hadBody") is False


def test_a_browser_that_keeps_nothing_shows_the_choice_all_the_same(open_browser):
    page = open_browser(color_scheme="light")
    page.add_init_script("""
        Object.defineProperty(window, "localStorage", {
          get() { throw new DOMException("no", "SecurityError"); },
        });
    """)
    page.goto("/")
    choose(page, "Dark")
    assert paper(page) < 0.3


def test_paper_is_light_and_has_no_controls(open_browser):
    page = open_browser(color_scheme="dark")
    page.goto("/")
    choose(page, "Dark")
    page.emulate_media(media="print")
    ink = page.evaluate(INK)
    assert ink in ("rgb(0, 0, 0)", "oklch(0 0 0)")
    expect(page.locator(".scheme")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keepers_colour_is_that_of_links(open_browser, scheme):
    SiteSettings(accent="#1e90ff").save()
    make_post("A walk", body='<p><a href="/archives/">All</a></p>')
    page = open_browser(color_scheme=scheme)
    page.goto("/")
    colour = page.locator(".prose a").evaluate("(a) => getComputedStyle(a).color")
    red, _green, blue = map(int, colour.removeprefix("rgb(").rstrip(")").split(","))
    assert blue > red + 50
