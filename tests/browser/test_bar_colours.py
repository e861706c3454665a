"""What browsers paint around a page has the colour of the page's top."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from blog import themes
from blog.models import SiteSettings

# What rounding from one colour space to another may come to.
NEAR = 3


def top_of(page):
    """The colour of the page’s first pixels, beside what stands on it."""
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": 4, "height": 1})
    return Image.open(io.BytesIO(shot)).convert("RGB").getpixel((1, 0))


def told(page):
    """The colour a browser takes: the first whose condition holds."""
    return page.evaluate(
        "[...document.querySelectorAll('meta[name=theme-color]')]"
        ".find(meta => !meta.media || matchMedia(meta.media).matches)?.content"
    )


def is_same(pixel, color):
    parts = [int(color[start : start + 2], 16) for start in (1, 3, 5)]
    return all(
        abs(one - other) <= NEAR for one, other in zip(pixel, parts, strict=True)
    )


@pytest.mark.parametrize("theme", sorted(themes.THEMES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_the_top_of_the_page(open_browser, theme, scheme):
    SiteSettings(theme=theme).save()
    page = open_browser(color_scheme=scheme, viewport={"width": 1280, "height": 600})
    page.goto("/")
    assert is_same(top_of(page), told(page)), (top_of(page), told(page))


def test_it_follows_the_readers_choice(open_browser):
    page = open_browser(color_scheme="light")
    page.goto("/")
    light, dark = themes.THEMES[themes.DEFAULT].grounds
    assert told(page) == light
    choice = page.get_by_label("Dark", exact=True)
    choice.check(force=True)
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    assert told(page) == dark
    page.goto("/archives/")
    assert told(page) == dark
