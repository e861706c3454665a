"""The editor in a real browser, under the content security policy."""

import pytest
from playwright.sync_api import expect

from blog.admin.body import for_editor, from_editor
from blog.models import Post
from tests.blog.test_admin_body import KEPT
from tests.browser.editor import TEXT

ADD = "/admin/blog/post/add/"

# The words, and which of them are links, strong, code and so on.
FACTS = """(source) => {
  const root = new DOMParser().parseFromString(source, "text/html").body;
  const elements = [...root.querySelectorAll("a, strong, em, code, pre, h2, li, td, th, hr, img, figure, figcaption")];
  return [
    root.textContent.replace(/\\s+/g, ""),
    elements.map((e) => [e.localName, e.getAttribute("href"), e.textContent.trim(),
      // Of pictures every attribute, in whatever order.
      /^(img|fig)/.test(e.localName) && [...e.attributes].map((a) => [a.name, a.value].join("=")).sort()]),
  ];
}"""
ROUND_TRIP = """async (source) => {
  const script = document.querySelector("script[src*='editor/start']");
  const { start } = await import(script.src);
  const area = document.querySelector("#id_body").cloneNode();
  area.value = source;
  document.querySelector("#post_form").append(area);
  const editor = await start(area);
  const html = editor.getHTML();
  area.closest(".prose-editor").remove();
  return html;
}"""


@pytest.fixture
def write(desk):
    """Alice on the empty write page."""
    desk.goto(ADD)
    desk.wait_for_selector(TEXT)
    return desk


def test_what_it_may_open_it_gives_back_whole(write):
    for source in KEPT:
        given_back = from_editor(write.evaluate(ROUND_TRIP, for_editor(source)))
        assert given_back.count("<!--more-->") == source.count("<!--more-->")
        assert write.evaluate(FACTS, given_back) == write.evaluate(FACTS, source)


def test_what_is_typed_is_scheduled(write):
    write.fill("#id_title", "Written here")
    write.click(TEXT)
    write.keyboard.type("## Heading\nand text")
    write.fill("#id_published_at", "2999-01-01T10:00")
    button = write.locator("[name=_publish]")
    expect(button).to_have_text("Schedule for 1 January 2999, 10:00")
    write.click("[name=_publish]")
    write.wait_for_selector(".messagelist")
    post = Post.objects.get()
    assert post.body == "<h2>Heading</h2><p>and text</p>"
    assert post.is_scheduled


def test_the_more_mark_is_put_by_a_key_and_stored_as_a_comment(write):
    write.fill("#id_title", "In two parts")
    write.click(TEXT)
    write.keyboard.type("Before")
    write.keyboard.press("Control+Shift+Enter")
    write.keyboard.type("after")
    write.click("[name=_draft]")
    write.wait_for_selector(".messagelist .success")
    assert Post.objects.get().body == "<p>Before</p><!--more--><p>after</p>"
    expect(write.locator(".ProseMirror hr.more")).to_have_count(1)
