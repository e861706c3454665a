"""A long post with everything in it, in a browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from blog import themes
from blog.models import Post, SiteSettings
from comments.models import Like
from tests.builders import make_category, make_comment, make_post, make_user

WORDS = (
    "<p>" + "The ferry left before anybody had counted the passengers. " * 40 + "</p>"
)
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CODE = """<pre><code class="language-python">@cached  # once
class Log(dict):
    def read(self, line: str) -&gt; int:
        return int(line or 1) + len("x\\n")
</code></pre><pre><code class="language-diff">--- a
+++ b
@@ -1 +1 @@
-old
+new
</code></pre><pre><code class="language-html">&lt;a href="/"&gt;&amp;amp;&lt;/a&gt;</code></pre>"""


@pytest.fixture
def post() -> Post:
    author = make_user("anton", role="Author")
    filed = {"categories": [make_category("News")], "tags": ["ferries"]}
    make_post("Another ferry", **filed)
    body = (
        f"<h2>The harbour</h2>{WORDS}<h3>At six</h3>{WORDS}<h2>The log</h2>{CODE}{WORDS}"
        '<p>So it is.<span class="footnote">A note.</span></p><h2>The end</h2><p>x</p>'
    )
    post = make_post("A long day", body=body, author=author, **filed)
    make_comment(
        post,
        "",
        kind="webmention",
        author_name="محمد",
        source_url="https://there.example/",
        source_data={"type": "like"},
    )
    return post


def log_in(page: Page, live_server, user) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": value, "url": live_server.url}]
    )


@pytest.mark.parametrize("theme", themes.THEMES)
def test_it_is_accessible_and_as_wide_as_the_screen(open_browser, post, theme):
    SiteSettings(theme=theme).save()
    page = open_browser()
    page.goto(post.get_absolute_url())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page).response["violations"]
            named = [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
            assert named == [], (scheme, width)
            assert page.evaluate(EXCESS) == 0, (scheme, width)


def test_its_contents_lead_to_its_parts(open_browser, post):
    page = open_browser(viewport={"width": 360, "height": 800})
    page.goto(post.get_absolute_url())
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents.get_by_role("link", name="The log")).to_be_hidden()
    contents.get_by_text("Contents").click()
    contents.get_by_role("link", name="The log").click()
    expect(page).to_have_url(re.compile("#the-log$"))
    expect(page.locator("#the-log")).to_be_in_viewport()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_in_a_wide_margin_they_are_always_shown(open_browser, post, has_scripts):
    page = open_browser(
        viewport={"width": 1280, "height": 800}, java_script_enabled=has_scripts
    )
    page.goto(post.get_absolute_url())
    expect(page.locator(".contents a", has_text="At six")).to_be_visible()


def test_one_part_of_it_is_marked_as_the_one_being_read(open_browser, post):
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto(post.get_absolute_url())
    if not page.evaluate("CSS.supports('selector(:target-current)')"):
        pytest.skip("this Chromium marks no part")
    page.locator("#the-log").evaluate("part => part.scrollIntoView()")
    expect(page.locator(".contents a:target-current")).to_have_text(["The log"])


def test_the_link_beside_a_heading_shows_when_it_is_reached(open_browser, post):
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto(post.get_absolute_url())
    link = page.locator("#the-log .heading-link")
    expect(link).to_have_css("opacity", "0")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_have_css("opacity", "1")


def test_a_reader_likes_it_without_leaving_the_page(
    open_browser, live_server, post, bob
):
    page = open_browser()
    log_in(page, live_server, bob)
    page.goto(post.get_absolute_url())
    page.evaluate("window.isSame = true")
    likes = page.get_by_role("region", name="Likes")
    likes.get_by_role("button", name="Like").click()
    expect(likes.get_by_text("2 bloggers like this")).to_be_visible()
    button = likes.get_by_role("button", name="You like this", pressed=True)
    expect(button).to_be_focused()
    button.press("Enter")
    expect(likes.get_by_text("One blogger likes this")).to_be_visible()
    assert page.evaluate("window.isSame")
    assert not Like.objects.exists()


def test_without_scripts_the_button_does_the_same(open_browser, live_server, post, bob):
    page = open_browser(java_script_enabled=False)
    log_in(page, live_server, bob)
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="Like").click()
    expect(page.get_by_text("2 bloggers like this")).to_be_visible()
    expect(page.get_by_role("button", name="You like this")).to_be_visible()


def test_its_link_can_be_copied(open_browser, post):
    page = open_browser()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="The link is copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(post.get_absolute_url())
