"""The preview beside the text, in a real browser; over it on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Post


@pytest.mark.parametrize("width", [1280, 390])
def test_it_shows_what_is_typed_and_stores_nothing(desk, width):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto("/admin/blog/post/add/")
    desk.locator("#id_title").fill("Half a title")
    desk.keyboard.press("Control+Shift+P")
    shown = desk.frame_locator(".preview-beside iframe")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Half a title")
    expect(shown.locator("body")).to_have_css("margin-top", "0px")
    options = {"preload": False, "iframes": False}
    found = Axe().run(desk, context=".preview-beside", options=options)
    assert found.response["violations"] == []
    if width == 1280:
        desk.locator("#id_title").fill("A whole title")
        expect(shown.get_by_role("heading", level=1)).to_have_text("A whole title")
    desk.get_by_role("button", name="Close").click()
    expect(desk.locator(".preview-beside")).to_be_hidden()
    assert not Post.objects.exists()


def test_it_opens_in_a_tab_as_it_stands(desk):
    desk.goto("/admin/blog/post/add/")
    desk.locator("#id_title").fill("In a tab")
    desk.get_by_role("button", name="Preview", exact=True).click()
    desk.get_by_role("button", name="Phone").click()
    frame = desk.locator(".preview-beside iframe")
    expect(frame).to_have_css("inline-size", "390px")
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="In a tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("In a tab")
    opened.value.close()
