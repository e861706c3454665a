"""Every kind of page, as axe and the eye see it: accessible, and as wide as the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Redirect, SiteSettings
from comments.models import IncomingPing
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_received_ping,
    make_user,
)

POST = "/2006/11/30/no-progress/"
PAGES = [
    "/",
    POST,
    f"{POST}?replytocom=",
    "/archives/",
    "/2006/11/",
    "/category/news/",
    "/tag/talks/",
    "/author/dmitri-writes/",
    "/about/",
    "/2006/11/28/locked/",
    "/nothing/here/",
    "/2006/11/27/taken-back/",
    f"/webmention/?target={POST}",
    "/webmention/waiting/",
    "/webmention/refused/",
    "/webmention/taken/",
    "/webmention/gone/",
]
WIDTHS = [320, 360, 768, 1280, 2560]
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def blog():
    """A blog with everything that can go wrong on a page."""
    SiteSettings(
        title="Notes on Negotiation",
        tagline="politics, patiently",
        menu=[{"name": "Archives", "url": "/archives/"}],
        blogroll=[{"name": "A friend", "url": "https://example.org/"}],
    ).save()
    author = make_user("dmitri", role="Author", bio="Writes.")
    news = make_category("News", description="What happened.")
    wide = "<table><tr>" + "<td>unbreakable_cell_content</td>" * 12 + "</tr></table>"
    post = make_post(
        "No Progress",
        slug="no-progress",
        author=author,
        body=f"<p>Text.</p><h2>More</h2><pre>{'x' * 300}</pre>{wide}<p>{'y' * 300}</p>",
        categories=[make_category("Asia", news), news],
        tags=["talks"],
        published_at=at("2006-11-30 12:00"),
    )
    make_post("Un" + "breakable" * 22, published_at=at("2006-11-29 12:00"))
    make_post("Locked", password="x", published_at=at("2006-11-28 12:00"))
    make_page("About", comments_open=False)
    last = None
    for number in range(10):
        last = make_comment(
            post, f"Deep {number} " + "z" * 100, parent=last, author_name="محمد" * 9
        )
    _let_others_say_something(post)
    Redirect.objects.create(old_path="/2006/11/27/taken-back/", new_path="")
    return post


def _let_others_say_something(post):
    """Each kind of ping; with a title, a long one, and none; and what came of some."""
    url = "https://a.example/" + "p" * 200
    make_comment(post, "[…] x […]", kind="pingback", source_url=url)
    long = {"source_title": "T" * 200, "source_site": "S" * 80}
    make_comment(post, "x", kind="trackback", source_url=url, **long)
    person = {"author_name": "محمد" * 9, "author_url": "https://m.example/"}
    for kind in ("reply", "like", "repost", "bookmark"):
        said = {"source_url": f"{url}/{kind}", "source_data": {"type": kind}} | person
        make_comment(post, "كتب", kind="webmention", source_title="حول " * 9, **said)
    for state in IncomingPing.State:
        fields = {"token": state, "state": state, "attempts": 1, "reason": "x" * 200}
        make_received_ping(post, source_url=f"{url}/{state}", **fields)


def test_axe_finds_nothing(open_browser, blog):
    page = open_browser()
    root = blog.comments.get(parent=None, kind="comment")
    for path in PAGES:
        page.goto(path.replace("replytocom=", f"replytocom={root.pk}"))
        assert violations(page) == [], path
        # In the dark nothing else is different.
        page.emulate_media(color_scheme="dark")
        assert violations(page, runOnly=["color-contrast"]) == [], f"{path} in the dark"
        page.emulate_media(color_scheme="light")


def violations(page, **options) -> list:
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def test_no_page_is_wider_than_the_screen(open_browser, blog):
    page = open_browser()
    for path in PAGES:
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function(f"innerWidth == {width}")
            excess = page.evaluate(EXCESS)
            assert excess <= 0, f"{path} is {excess} pixels too wide for {width}"


def test_every_page_has_one_h1_and_its_landmarks(open_browser, blog):
    page = open_browser(java_script_enabled=False)
    for path in PAGES:
        page.goto(path)
        for selector in ("h1", "main", "body > header", "body > footer"):
            assert page.locator(selector).count() == 1, f"{selector} on {path}"


def test_the_skip_link_is_the_first_stop_and_leads_to_the_text(open_browser, blog):
    page = open_browser()
    page.goto(POST)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_everything_to_press_is_large_enough_for_a_thumb(open_browser, blog):
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
