"""From a mail to the page and back: the link is opened, the button is pressed."""

import re

import pytest
from playwright.sync_api import expect

from comments import posting
from comments.models import Comment, Subscription
from comments.submission import Submission
from tests.builders import make_post
from tests.mailbox import mailbox, text_of

__all__ = ["mailbox"]


@pytest.fixture
def phone(open_browser):
    return open_browser(viewport={"width": 390, "height": 844})


def path_after(mail, words: str) -> str:
    return re.search(rf"{words}\s+https://blog.example.org(\S+)", text_of(mail))[1]


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_held_comment_is_approved_from_the_mail(phone, mailbox, run_tasks, alice):
    said = Submission(body="W" * 200, author_name="Anna", author_email="anna@r.example")
    comment = posting.post_comment(make_post("Talks"), said)
    run_tasks()
    phone.goto(path_after(mailbox.to("alice@example.org")[0], "Approve:"))
    expect(phone.get_by_role("heading", name="Approve it?")).to_be_visible()
    assert fits(phone)
    assert Comment.objects.get().state == Comment.State.PENDING

    phone.get_by_role("button", name="Approve it").click()
    expect(phone.get_by_role("heading", name="It is approved")).to_be_visible()
    comment.refresh_from_db()
    assert comment.is_approved
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("heading", name="Undone")).to_be_visible()
    comment.refresh_from_db()
    assert not comment.is_approved


def test_mails_are_confirmed_and_left(phone, mailbox, run_tasks, alice):
    post = make_post("Talks", author=alice)
    said = Submission(
        body="Why?", author_name="Anna", author_email="anna@r.example", wants_mail=True
    )
    comment = posting.post_comment(post, said)
    posting.decide([comment], Comment.State.APPROVED, "approved", by=alice)
    run_tasks()
    phone.goto(path_after(mailbox.to("anna@r.example")[0], "press the button:"))
    phone.get_by_role("button", name="Mail me when I am answered").click()
    expect(phone.get_by_role("heading", name="You will be told")).to_be_visible()
    assert fits(phone)
    assert Subscription.objects.get().is_active

    answer = Submission(
        body="So.", author=alice, author_name="Alice", parent_id=comment.pk
    )
    posting.post_comment(post, answer)
    run_tasks()
    phone.goto(path_after(mailbox.to("anna@r.example")[1], "this conversation:"))
    phone.get_by_role("button", name="Leave this conversation").click()
    expect(phone.get_by_role("heading", name="You have left")).to_be_visible()
    assert not Subscription.objects.get().is_active
