"""A text on its way from its writer to an editor and back, each in a browser of their own."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from blog.models import Post
from blog.models.unsaved import EditLock
from tests.builders import make_category, make_post, make_user
from tests.mailbox import mailbox, text_of

__all__ = ["mailbox"]
Status = Post.Status


@pytest.fixture
def carol(transactional_db):
    return make_user("carol", role="Contributor")


@pytest.fixture
def writer(open_browser, live_server, carol) -> Page:
    """A page on which carol is logged in; the `client` is alice's."""
    client = Client()
    client.force_login(carol)
    page = open_browser()
    session = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    return page


def finds(page: Page) -> list:
    """What axe has to say. To read style sheets it would write some into the page."""
    return Axe().run(page, options={"preload": False}).response["violations"]


def leave(page: Page) -> None:
    """Off the write page, so that nobody is told that somebody writes there.

    Not before the page knows that it is its own: what it asks for on arriving could be
    answered after the lock is gone, and make another.
    """
    page.wait_for_selector("form[data-lock=own]")
    page.goto("/admin/mails/")
    EditLock.objects.all().delete()


def on_server(page: Page, sentence: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(sentence)


def test_one_submits_and_another_publishes(mailbox, run_tasks, desk, writer, carol):
    writer.goto("/admin/blog/post/add/")
    writer.fill("#id_title", "Talks")
    writer.locator(".ProseMirror").first.fill("They talked.")
    writer.fill("#id_review_note", "Please check the dates.")
    writer.get_by_role("button", name="Send for review").click()
    on_server(writer, "is waiting for an editor now")
    edit = urlsplit(writer.url).path
    leave(writer)
    run_tasks()
    [told] = mailbox.to("alice@example.org")
    assert "Please check the dates." in text_of(told)

    desk.goto("/admin/")
    desk.get_by_role("link", name="post waits for review").click()
    row = desk.locator("#result_list tbody tr")
    expect(row).to_contain_text("Please check the dates.")
    row.get_by_role("link", name="Talks").click()
    expect(desk.locator(".review")).to_contain_text("Sent by Carol")
    assert finds(desk) == []
    desk.get_by_role("button", name="Send back").click()
    expect(desk.locator(".errornote")).to_contain_text("Say in the note")
    desk.fill("#id_review_note", "Who said that?")
    desk.get_by_role("button", name="Send back").click()
    on_server(desk, "went back to its writer")
    leave(desk)

    writer.goto(edit)
    expect(writer.locator(".review")).to_contain_text("Who said that?")
    assert finds(writer) == []
    writer.fill("#id_review_note", "He did.")
    writer.get_by_role("button", name="Send for review").click()
    on_server(writer, "is waiting for an editor now")
    leave(writer)

    desk.goto(edit)
    expect(desk.locator(".review")).to_contain_text("He did.")
    desk.get_by_role("button", name="Publish", exact=True).click()
    on_server(desk, "is published")
    leave(desk)
    run_tasks()
    subjects = [mail["Subject"] for mail in mailbox.to("carol@example.org")]
    assert subjects[-1] == "Published: Talks"
    writer.goto(edit)
    expect(writer.get_by_text("Ask an editor for changes")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_many_are_changed_together(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    make_category("News")
    for number in range(3):
        make_post(f"Post {number}")
    desk.goto("/admin/blog/post/")
    for box in desk.locator("#result_list .action-select").all()[:2]:
        box.check()
    desk.select_option("select[name=action]", "change_together")
    desk.get_by_role("button", name="Run").or_(
        desk.get_by_role("button", name="Go")
    ).first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Change together")
    assert finds(desk) == []
    desk.locator(".field-add_categories").get_by_label("News").check()
    desk.get_by_role("button", name="See what will change").click()
    expect(desk.locator(".bulk-edit table")).to_contain_text("File in “News”")
    assert finds(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.get_by_role("button", name="Change 2 posts").click()
    on_server(desk, "2 posts were changed")
    assert Post.objects.filter(categories__name="News").count() == 2
    desk.get_by_role("button", name="Undo").click()
    on_server(desk, "Undone: 2 posts are as before.")
    assert not Post.objects.filter(categories__name="News").exists()
