"""The walk everybody takes: read, reply, wait, be approved, be read."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from comments.models import Comment
from tests.builders import at, make_category, make_post, make_user


def test_a_reply_without_javascript_is_held_approved_and_seen(open_browser):
    author = make_user("alice", role="Administrator", is_superuser=True)
    make_post(
        "No Progress in North Korean Talks",
        author=author,
        categories=[make_category("News")],
        published_at=at("2006-11-30 12:00"),
    )

    # A visitor whose browser runs no scripts finds the post and answers it.
    visitor = open_browser(java_script_enabled=False)
    visitor.goto("/")
    visitor.get_by_role("link", name="No Progress in North Korean Talks").first.click()
    assert visitor.url.endswith("/2006/11/30/no-progress-in-north-korean-talks/")
    visitor.get_by_label("Your comment").fill("I doubt that it will work.")
    visitor.get_by_role("textbox", name="Name").fill("PatternRec")
    visitor.get_by_role("textbox", name="E-mail").fill("pattern@example.org")
    visitor.get_by_role("button", name="Post comment").click()
    expect(visitor.get_by_text("Waiting for the author’s approval")).to_be_visible()
    expect(visitor.get_by_text("I doubt that it will work.")).to_be_visible()
    assert visitor.context.cookies() == []

    # Nobody else sees it yet.
    reader = open_browser()
    reader.goto("/2006/11/30/no-progress-in-north-korean-talks/")
    expect(reader.get_by_text("I doubt that it will work.")).to_have_count(0)

    # The author approves it in the admin.
    desk = open_browser()
    desk.goto("/admin/comments/comment/")
    desk.get_by_label("Username").fill("alice")
    desk.get_by_label("Password").fill("pw")
    desk.get_by_role("button", name="Log in").click()
    expect(desk.get_by_text("I doubt that it will work.").first).to_be_visible()
    desk.get_by_role("button", name="Approve", exact=True).first.click()
    expect(desk.get_by_text("Held 0")).to_be_visible()

    # Now everybody does, and can answer it, once the flood limit has passed.
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    reader.reload()
    expect(reader.get_by_text("I doubt that it will work.")).to_be_visible()
    reader.get_by_role("link", name="Reply to PatternRec").click()
    expect(reader.get_by_role("heading", name="Answer PatternRec")).to_be_visible()
    reader.get_by_label("Your comment").fill("So do I.")
    reader.get_by_role("textbox", name="Name").fill("Second reader")
    reader.get_by_role("textbox", name="E-mail").fill("second@example.org")
    reader.get_by_role("button", name="Post comment").click()
    held = reader.locator(".response.indent-1")
    expect(held.get_by_text("So do I.")).to_be_visible()
    expect(held.get_by_text("in reply to PatternRec")).to_be_visible()
