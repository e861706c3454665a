"""A feed that somebody opens in a browser."""

import pytest
from playwright.sync_api import expect

from blog import themes
from blog.models import SiteSettings
from tests.builders import at, make_comment, make_post


@pytest.fixture
def post(settings, live_server):
    settings.SITE_URL = live_server.url
    title = "Six nations & <one> table"
    return make_post(title, slug="here", published_at=at("2006-11-30 12:00"))


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/", "/comments/feed/"])
def test_a_feed_is_a_page_to_look_at(open_browser, post, address):
    make_comment(post)
    page = open_browser(viewport={"width": 390, "height": 800})
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    words = page.locator("h1").evaluate(
        "element => getComputedStyle(element).fontFamily"
    )
    assert "serif" in words  # the style sheet is let in
    expect(page.locator("h2 a")).to_have_count(1)
    expect(page.locator("generator")).to_be_hidden()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    page.locator("h2 a").click()
    expect(page.locator("h1.entry-title")).to_have_text(post.title)


@pytest.mark.parametrize("theme", themes.THEMES)
def test_its_lines_are_no_longer_than_can_be_read(open_browser, post, theme):
    SiteSettings.objects.update_or_create(defaults={"theme": theme})
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto("/feed/")
    letters = page.locator("article").evaluate(
        "element => element.clientWidth / parseFloat(getComputedStyle(element).fontSize)"
    )
    assert letters <= 40
