"""What is typed stays until it is saved, and the buttons say what they do."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Post
from tests.browser.editor import TEXT
from tests.browser.saving import save
from tests.builders import make_post

ADD = "/admin/blog/post/add/"


def type_a_post(page):
    page.goto(ADD)
    page.fill("#id_title", "Half a thought")
    page.click(TEXT)
    page.keyboard.type("Words.")


def test_leaving_asks_and_the_text_is_offered_on_return(desk):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_a_post(desk)
    desk.click("#site-name a")
    desk.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]
    desk.goto(ADD)
    assert desk.input_value("#id_title") == ""
    desk.wait_for_selector(TEXT)
    desk.get_by_role("button", name="Restore it").click()
    expect(desk.locator("#id_title")).to_have_value("Half a thought")
    expect(desk.get_by_role("textbox", name="Text", exact=True)).to_have_text("Words.")
    save(desk)
    assert Post.objects.get().body == "<p>Words.</p>"
    desk.goto(ADD)
    expect(desk.locator(".unsaved")).to_be_hidden()
    assert asked == ["beforeunload"]


def test_what_could_not_be_saved_is_still_kept(desk):
    type_a_post(desk)
    desk.context.clear_cookies(name="sessionid")
    desk.click("[name=_draft]")
    desk.wait_for_selector("[name=username]")
    assert not Post.objects.exists()
    kept = desk.evaluate("Object.values(localStorage).join()")
    assert "Half a thought" in kept


def test_a_scheduled_post_says_what_the_button_does(desk):
    post = make_post(published_at=timezone.now() + timedelta(days=9))
    desk.goto(f"/admin/blog/post/{post.pk}/change/")
    button = desk.locator("[name=_save]")
    expect(button).to_have_text("Update")
    desk.fill("#id_published_at", "2999-01-01T10:00")
    expect(button).to_have_text("Reschedule for 1 January 2999, 10:00")
    desk.fill("#id_published_at", "")
    expect(button).to_have_text("Publish now")
