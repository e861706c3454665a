"""A preview link, given away and opened by somebody who has no login."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Post
from tests.builders import make_post


def test_a_friend_reads_a_draft_in_another_browser(desk, open_browser, alice):
    post = make_post("Half done", author=alice, status=Post.Status.DRAFT)
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    desk.get_by_role("button", name="Copy a preview link").click()
    # Where the browser has no clipboard for us, the address is marked instead.
    expect(desk.locator(".preview-status")).to_have_text(re.compile("Copied|marked"))
    path = urlsplit(desk.input_value("#preview-address")).path
    friend = open_browser(viewport={"width": 390, "height": 844})
    friend.goto(path)
    expect(friend.get_by_role("heading", level=1)).to_have_text("Half done")
    expect(friend.locator(".preview-bar")).to_contain_text("This is a preview: draft.")
    assert friend.context.cookies() == []
    assert Axe().run(friend).response["violations"] == []
    desk.fill("#id_title", "Typed meanwhile")
    desk.get_by_role("button", name="Take back all links").click()
    expect(desk.locator(".preview-status")).to_contain_text("void now")
    assert desk.input_value("#id_title") == "Typed meanwhile"
    friend.reload()
    expect(friend.get_by_role("main")).to_contain_text("taken this link back")
    friend.goto(urlsplit(desk.input_value("#preview-address")).path)
    expect(friend.get_by_role("heading", level=1)).to_have_text("Half done")
