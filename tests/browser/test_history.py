"""Revisions in a real browser: found, compared, restored; on a phone too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog import publishing
from blog.models import Post
from tests.builders import make_category, make_post


@pytest.fixture
def talks(alice):
    asia, europe = make_category("Asia"), make_category("Europe")
    body = "<p>The old bridge stands.</p>" + "<p>Nothing new here.</p>" * 9
    post = make_post("Talks", author=alice, body=body, categories=[asia], tags=["old"])
    post.title, post.body = "Talks again", body.replace("old", "new")

    def links():
        post.categories.set([europe])
        post.tags.set(["new"])

    publishing.save_post(post, alice, links)
    return post


def headed(page, words):
    """The page asked for is there, for axe to look at."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_revision_is_found_compared_and_restored(desk, talks, width):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"/admin/blog/post/{talks.pk}/change/")
    desk.locator(".more-actions summary").click()
    desk.get_by_role("link", name="History", exact=True).click()
    headed(desk, "History")
    assert Axe().run(desk).response["violations"] == []
    desk.get_by_role("button", name="Compare").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".diff del")).to_have_text("old")
    expect(desk.locator(".diff ins")).to_have_text("new")
    expect(desk.get_by_text("7 lines the same")).to_be_visible()
    desk.get_by_role("link", name="Side by side").click()
    expect(desk.locator(".diff-sides > div").first).to_contain_text("old bridge")
    assert Axe().run(desk).response["violations"] == []
    is_too_wide = "document.documentElement.scrollWidth > innerWidth"
    assert desk.evaluate(is_too_wide) is False
    desk.get_by_role("button", name="Restore it as of").press("Enter")
    expect(desk.locator(".messagelist .success")).to_contain_text("again")
    post = Post.objects.get()
    assert (post.title, list(post.tags.names())) == ("Talks", ["old"])
    assert [category.name for category in post.categories.all()] == ["Asia"]


def test_a_deleted_post_is_brought_back(desk, alice, talks):
    publishing.trash([talks], alice)
    desk.goto(f"/admin/blog/post/{talks.pk}/delete/")
    expect(desk.locator("#content")).to_contain_text("it can be brought back")
    desk.locator("input[type=submit]").last.click()
    desk.get_by_role("link", name="Deleted posts").click()
    headed(desk, "Deleted posts")
    assert Axe().run(desk).response["violations"] == []
    desk.get_by_role("button", name="Bring back Talks again").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("It is back")
    assert Post.objects.get().status == Post.Status.DRAFT
