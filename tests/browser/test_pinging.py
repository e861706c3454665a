"""Other blogs are told again from the page one writes on, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Post
from comments.models import OutgoingPing
from tests.browser.editor import TEXT
from tests.builders import make_post, make_sent_ping

State = OutgoingPing.State


@pytest.fixture
def refused(db):
    long_ago = timezone.now() - timedelta(hours=1)
    link = '<p><a href="https://dmitri.example/">there</a></p>'
    post = make_post("Talks", body=link, updated_at=long_ago)
    return make_sent_ping(
        post,
        target_url="https://dmitri.example/",
        state=State.REFUSED,
        reason="It was asleep.",
    )


def write_at(page, post):
    page.goto(f"/admin/blog/post/{post.pk}/change/")
    page.fill("#id_title", "Half a thought")


def panel(page):
    return page.locator("#section-told")


def test_ping_again_leaves_unsaved_text_alone(desk, refused):
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    write_at(desk, refused.post)
    desk.click(TEXT)
    desk.keyboard.type("Words. ")
    expect(panel(desk)).to_contain_text("refused: It was asleep.")
    desk.get_by_role("button", name="Ping again").click()
    expect(panel(desk)).to_contain_text("1 page is told again.")
    expect(panel(desk)).to_contain_text("waits to be sent")
    expect(desk.get_by_role("button", name="Ping again")).to_be_focused()
    assert desk.input_value("#id_title") == "Half a thought"
    expect(desk.locator(TEXT)).to_contain_text("Words.")
    assert asked == []
    refused.refresh_from_db()
    assert refused.state == State.WAITING
    desk.click("[name=_save]")
    desk.wait_for_selector(".messagelist .success")
    assert Post.objects.get().title == "Half a thought"


def test_what_becomes_of_it_is_shown_without_a_new_page(desk, refused):
    write_at(desk, refused.post)
    desk.get_by_role("button", name="Ping again").click()
    expect(panel(desk)).to_contain_text("waits to be sent")
    OutgoingPing.objects.update(
        state=State.SENT, protocol="webmention", sent_at=timezone.now()
    )
    expect(panel(desk)).to_contain_text("sent as a webmention, just now")
    assert desk.input_value("#id_title") == "Half a thought"


def test_a_login_that_has_run_out_is_said_in_place(desk, refused):
    write_at(desk, refused.post)
    desk.context.clear_cookies(name="sessionid")
    desk.get_by_role("button", name="Ping again").click()
    expect(panel(desk)).to_contain_text("You may not do that any more.")
    assert desk.input_value("#id_title") == "Half a thought"


def test_without_scripts_the_answer_opens_beside_the_text(
    chromium, live_server, client, alice, refused
):
    client.force_login(alice)
    session = client.cookies["sessionid"].value
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(
        [{"name": "sessionid", "value": session, "url": live_server.url}]
    )
    page = context.new_page()
    write_at(page, refused.post)
    with context.expect_page() as opened:
        page.get_by_role("button", name="Ping again").click()
    expect(opened.value.get_by_text("1 page is told again.")).to_be_visible()
    assert page.input_value("#id_title") == "Half a thought"
    context.close()
