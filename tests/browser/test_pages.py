"""Every kind of page in every theme, as axe and the eye see it: accessible, as wide as
the screen, without an error, and nobody else is asked for anything.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from blog import themes
from tests.builders import make_post
from tests.page_types import LOGIN, POST, make_everything

WIDTHS = [320, 360, 768, 1280, 2560]
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# In which scheme axe looks for everything; in the other one it looks at colours alone,
# because nothing else is different there.
WHOLE = {"book": "light", "classic": "dark"}
OTHER = {"light": "dark", "dark": "light"}
# Where all that has a colour stands; the other pages are made of the same parts.
COLOURFUL = ("home", "post", "answering", "archives", "locked", "own comment")
COLOURS_ALONE = {"runOnly": ["color-contrast"]}


@pytest.fixture(params=themes.THEMES)
def theme(request):
    return request.param


@pytest.fixture
def pages(theme):
    return make_everything(theme=theme)


def test_axe_finds_nothing(open_browser, theme, pages):
    page = open_browser(color_scheme=WHOLE[theme])
    for name, path in pages.items():
        page.goto(path)
        assert violations(page) == [], f"{name}: {path}"
        if name in COLOURFUL:
            _look_at_colours(page, theme, name)
    for name, lead_to in (("faults", _to_faults), ("no token", _to_no_token)):
        lead_to(page)
        assert violations(page) == [], name
        _look_at_colours(page, theme, name)


def _look_at_colours(page: Page, theme: str, name: str) -> None:
    whole = WHOLE[theme]
    page.emulate_media(color_scheme=OTHER[whole])
    assert violations(page, **COLOURS_ALONE) == [], f"{name}, {OTHER[whole]}"
    page.emulate_media(color_scheme=whole)


def violations(page: Page, **options) -> list:
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def _to_faults(page: Page) -> None:
    """The form that was sent with nothing in it."""
    page.goto(POST)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".form-errors")).to_be_visible()


def _to_no_token(page: Page) -> None:
    """A form whose page is from before the cookie went."""
    page.goto(LOGIN)
    page.context.clear_cookies()
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password").fill("pw")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not open to you")


def test_no_page_is_wider_than_the_screen(open_browser, live_server, pages):
    page = open_browser()
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for name, path in (pages | {"feed": "/feed/"}).items():
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function(f"() => innerWidth == {width}")
            excess = page.evaluate(EXCESS)
            assert excess <= 0, f"{name} is {excess} pixels too wide for {width}"
    assert asked == {urlsplit(live_server.url).netloc}


def test_every_page_has_one_h1_and_its_landmarks(client, theme, pages):
    for name, path in pages.items():
        page = client.get(path).text
        for opening in ("<h1", "<main", '<header class="masthead', "<footer"):
            assert page.count(opening) == 1, f"{opening} on {name}"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(open_browser, pages):
    page = open_browser()
    page.goto(POST)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_everything_to_press_is_large_enough_for_a_thumb(open_browser, pages):
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(POST)
    ticked = ".respond input[type=checkbox]"  # their labels are what is pressed
    pressed = f"button:visible, .respond input:visible:not({ticked}), .tick label:visible, .menu a"
    for target in page.locator(pressed).all():
        box = target.bounding_box()
        assert box["height"] >= 40, target.inner_html()


def test_paper_has_the_whole_text_and_no_form(open_browser):
    line = "long_name = another_long_name  # " + "and on " * 40
    post = make_post("Printed", body=f"<pre><code>{line}</code></pre>")
    page = open_browser(viewport={"width": 800, "height": 1000})
    page.emulate_media(media="print")
    page.goto(post.get_absolute_url())
    expect(page.locator("form.respond")).to_be_hidden()
    code = page.locator(".prose pre")
    assert code.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")
