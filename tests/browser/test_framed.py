"""A post in a frame on another blog, which keeps it in as WordPress does."""

import json

import pytest
from playwright.sync_api import expect

from blog import themes
from blog.models import SiteSettings
from tests.browser.test_pages import EXCESS, violations
from tests.builders import at, make_media, make_post, make_user

# What WordPress makes of our answer, and what its script does with what a frame says.
HOST = """<!doctype html><title>Another blog</title>
<blockquote data-secret="abc123XYZ0">%(quotation)s</blockquote>
<iframe sandbox="allow-scripts" style="position: absolute; visibility: hidden"
 src="%(frame)s#?secret=abc123XYZ0" width="600" height="338"></iframe>
<script>
addEventListener("message", ({ data, source }) => {
  const frame = document.querySelector("iframe");
  if (data.secret !== "abc123XYZ0" || source !== frame.contentWindow) return;
  document.querySelector("blockquote").style.display = "none";
  frame.removeAttribute("style");
  if (data.message === "height") frame.height = data.value;
  if (data.message === "link") location.href = data.value;
});
</script>"""


@pytest.fixture
def post(settings, live_server):
    settings.SITE_URL = live_server.url
    return make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))


def test_a_post_shows_itself_on_another_blog(open_browser, post, web, live_server):
    page = open_browser()
    asked = page.request.get(f"/oembed/?url={live_server.url}{post.get_absolute_url()}")
    said = json.loads(asked.body())
    frame = f"{live_server.url}{post.get_absolute_url()}embed/"
    assert frame in said["html"]
    web.answers["/"] = (HOST % {"quotation": "Talks", "frame": frame}).encode()
    page.goto(web.url())
    expect(page.locator("iframe")).to_be_visible()
    expect(page.locator("blockquote")).to_be_hidden()
    framed = page.frame_locator("iframe")
    expect(framed.locator("h1 a")).to_have_text("Talks")
    body = framed.locator("body")
    page.wait_for_function("() => document.querySelector('iframe').height !== '338'")
    height = body.evaluate("body => body.getBoundingClientRect().height")
    whole = str(-int(-height // 1))
    expect(page.locator("iframe")).to_have_attribute("height", whole)
    framed.locator("h1 a").click()
    expect(page.locator("h1.entry-title")).to_have_text("Talks")


def test_elsewhere_there_is_a_quotation_alone(open_browser, post, web, live_server):
    page = open_browser()
    asked = page.request.get(f"/oembed/?url={live_server.url}{post.get_absolute_url()}")
    html = json.loads(asked.body())["html"]
    web.answers["/"] = f"<!doctype html><title>Another</title>{html}".encode()
    page.goto(web.url())
    expect(page.locator("blockquote a")).to_have_text("Talks")
    expect(page.locator("iframe")).to_be_hidden()


@pytest.mark.parametrize("theme", sorted(themes.THEMES))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_frame_of_any_width_shows_it_whole(open_browser, theme, scheme):
    SiteSettings(theme=theme).save()
    post = make_post(
        "Longestwordthereis" * 9,
        excerpt="Word " * 60,
        featured_image=make_media(),
        author=make_user("zoe", role="Author"),
    )
    page = open_browser(color_scheme=scheme)
    for width in (200, 360, 600):
        page.set_viewport_size({"width": width, "height": 400})
        page.goto(f"{post.get_absolute_url()}embed/")
        assert page.evaluate(EXCESS) <= 0
        assert violations(page) == []
