"""Mails to who is answered: asked for, confirmed by mail, left with one click."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blog.models import SiteSettings
from comments import posting
from comments.models import Comment, Notice, Subscription
from comments.submission import Submission
from tests.builders import make_post
from tests.mailbox import html_of, text_of

pytestmark = pytest.mark.django_db
State = Comment.State
HOST = "https://blog.example.org"
ANNA = "anna@r.example"
FORGED = ("/comments/confirm/WzEsMV0:x:y/", "/comments/leave/1/")


@pytest.fixture
def post(db):
    site = SiteSettings.current()
    site.hold_first = False
    site.save()
    return make_post("Talks")


def ask(post, body="Why?", email=ANNA, **fields) -> Comment:
    said = Submission(
        body=body, author_name="Anna", author_email=email, wants_mail=True, **fields
    )
    with _at_leisure():
        return posting.post_comment(post, said)


def answer(comment: Comment, body="Because.") -> Comment:
    said = Submission(
        body=body,
        author_name="Bert",
        author_email="bert@r.example",
        parent_id=comment.pk,
    )
    with _at_leisure():
        return posting.post_comment(comment.post, said)


def _at_leisure():
    """Later than any comment so far, so that nobody writes too fast."""
    newest = Comment.objects.order_by("created_at").last()
    at = max(timezone.now(), newest.created_at if newest else timezone.now())
    return time_machine.travel(at + timedelta(seconds=16), tick=True)


def link_in(mail, what: str) -> str:
    return re.search(rf"{HOST}(/comments/{what}/\S+)", text_of(mail))[1]


@pytest.fixture
def deliver(mailbox, run_tasks):
    """Send what is due within the next minutes; the mails that came of it."""

    def run(**later):
        before = len(mailbox.taken)
        with time_machine.travel(timezone.now() + timedelta(minutes=5, **later)):
            run_tasks()
        return mailbox.taken[before:]

    return run


@pytest.fixture
def subscribed(client, post, deliver):
    comment = ask(post)
    client.post(link_in(deliver()[0], "confirm"))
    return comment


def test_an_address_is_asked_before_anything_else_goes_there(client, post, deliver):
    comment = ask(post)
    [question] = deliver()
    assert question["To"] == ANNA
    assert question["Subject"] == "Please confirm: mails about “Talks”"
    assert "/comments/confirm/" in html_of(question)
    answer(comment)
    assert deliver() == []

    page = client.get(link_in(question, "confirm"))
    assert ANNA in page.text
    assert not Subscription.objects.get().is_active
    answer(comment, "And another.")
    assert deliver() == []

    client.post(link_in(question, "confirm"), headers={"origin": "null"})
    assert Subscription.objects.get().is_active
    answer(comment, "A third.")
    assert [mail["To"] for mail in deliver()] == [ANNA]


def test_who_did_not_ask_is_not_asked(post, deliver):
    said = Submission(body="Why?", author_name="Anna", author_email=ANNA)
    posting.post_comment(post, said)
    assert deliver() == []
    assert not Subscription.objects.exists()


def test_a_held_comment_makes_the_blog_write_to_nobody(post, deliver, alice):
    SiteSettings.objects.update(hold_all=True)
    comment = ask(post)
    assert [mail["To"] for mail in deliver()] == ["alice@example.org"]
    posting.decide([comment], State.APPROVED, "approved", by=alice)
    assert [mail["To"] for mail in deliver()] == [ANNA]


def test_an_address_is_asked_once_a_day_and_conversation(post, deliver):
    ask(post)
    ask(post, "And why?")
    assert len(deliver()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        ask(post, "And again why?")
    assert len(deliver(hours=26)) == 1


def test_an_address_is_asked_a_few_times_a_day_only(post, deliver):
    for number in range(6):
        ask(make_post(f"Post {number}"))
    assert len(deliver()) == 3


def test_one_wish_is_one_question(post, deliver, alice):
    comment = ask(post)
    assert len(deliver()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=30)):
        posting.decide([comment], State.TRASH, "away", by=alice)
        posting.decide([comment], State.APPROVED, "back", by=alice)
        said = Submission(body="More.", author_name="Anna", author_email=ANNA)
        posting.post_comment(post, said)
    assert deliver(hours=31) == []


def test_a_question_expires(client, post, deliver):
    ask(post)
    address = link_in(deliver()[0], "confirm")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        late = client.post(address)
    assert late.status_code == 410
    assert "Tick the box again" in late.text
    assert not Subscription.objects.get().is_active


def test_a_mail_program_leaves_with_one_click(client, subscribed, deliver):
    answer(subscribed)
    [mail] = deliver()
    url = mail["List-Unsubscribe"].strip().strip("<>").removeprefix(HOST)
    left = client.post(
        url,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"sec-fetch-site": "cross-site", "origin": "https://mail.example"},
    )
    assert left.status_code == 200
    assert not left.cookies
    answer(subscribed, "More.")
    assert deliver() == []


def test_looking_at_the_link_does_not_leave(client, subscribed, deliver):
    answer(subscribed)
    page = client.get(link_in(deliver()[0], "leave"))
    assert "Leave this conversation" in page.text
    assert Subscription.objects.get().is_active


def test_one_can_leave_all_and_come_back(client, subscribed, deliver):
    elsewhere = ask(make_post("Elsewhere"))
    client.post(link_in(deliver()[0], "confirm"))
    answer(subscribed)
    address = link_in(deliver()[0], "leave")
    assert "Leave all conversations (1 more)" in client.get(address).text
    left = client.post(address, {"scope": "all"})
    assert "about any conversation here" in left.text
    assert not Subscription.objects.active().exists()

    client.post(address, {"scope": "back"})
    client.post(address, {"scope": "back"})
    assert [row.post for row in Subscription.objects.active()] == [subscribed.post]
    answer(elsewhere)
    answer(subscribed, "More.")
    assert len(deliver()) == 1


def test_leaving_again_is_fine(client, subscribed, deliver):
    answer(subscribed)
    address = link_in(deliver()[0], "leave")
    for _ in range(2):
        assert client.post(address).status_code == 200
    assert not Subscription.objects.get().is_active


def test_who_left_and_asks_again_is_asked_again(client, subscribed, deliver):
    Subscription.objects.update(left_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        ask(subscribed.post, "And yet?")
    [question] = deliver(days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=1)):
        client.post(link_in(question, "confirm"))
    assert Subscription.objects.get().is_active


def test_a_reader_with_an_account_is_asked_too(post, deliver, bob):
    ask(post, author=bob, email=bob.email)
    [question] = deliver()
    assert question["To"] == "bob@example.org"


def test_who_left_while_the_mail_waited_is_not_mailed(subscribed, deliver):
    answer(subscribed)
    Subscription.objects.update(left_at=timezone.now())
    assert deliver() == []
    assert not Notice.objects.filter(kind=Notice.Kind.ANSWERED).exists()


def test_nobody_hears_of_a_post_that_is_not_public(subscribed, deliver, alice):
    reply = answer(subscribed)
    posting.decide([reply], State.TRASH, "away", by=alice)
    type(subscribed.post).objects.update(status="private")
    posting.decide([reply], State.APPROVED, "back", by=alice)
    assert deliver() == []


def test_nobody_hears_of_a_post_taken_back_while_the_mail_waited(subscribed, deliver):
    answer(subscribed)
    type(subscribed.post).objects.update(status="private")
    assert deliver() == []


@pytest.mark.parametrize("address", FORGED)
def test_a_forged_address_is_refused(client, post, address):
    ask(post)
    assert client.post(address).status_code == 404
    assert not Subscription.objects.get().is_active


def test_leaving_what_was_deleted_is_fine(client, subscribed, deliver):
    answer(subscribed)
    address = link_in(deliver()[0], "leave")
    subscribed.post.delete()
    assert client.post(address).status_code == 200
