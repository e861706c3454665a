"""One click in a mail: it asks on a GET, acts on a POST, works once and expires."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import owning, posting
from comments.models import Comment, Decision
from comments.submission import Submission
from tests.builders import make_post, make_user
from tests.mailbox import text_of

pytestmark = pytest.mark.django_db
State = Comment.State
HOST = "https://blog.example.org"


@pytest.fixture
def held(alice):
    said = Submission(
        body="I **doubt** it.", author_name="Anna", author_email="a@r.example"
    )
    return posting.post_comment(make_post("Talks"), said)


@pytest.fixture
def link(held, mailbox, run_tasks):
    """The path behind a word in the mail that alice got."""
    run_tasks()
    text = text_of(mailbox.to("alice@example.org")[0])

    def find(word: str) -> str:
        return re.search(rf"^{word}: {HOST}(\S+)$", text, re.MULTILINE)[1]

    return find


def seen_in(page) -> str:
    """When the page was made, as its form sends it along."""
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


def in_main(page) -> str:
    """What the page is about, without the search in its footer."""
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Approve", State.APPROVED),
        ("Spam", State.SPAM),
        ("Trash", State.TRASH),
    ],
)
def test_a_link_asks_first_and_its_button_acts(client, held, link, word, state):
    page = client.get(link(word))
    assert "doubt" in page.text
    assert "Anna" in page.text
    assert "Talks" in page.text
    assert "held: no earlier comment of this writer was approved" in page.text
    assert in_main(page).count("<button") == 1
    held.refresh_from_db()
    assert held.state == State.PENDING

    # What a browser sends from a page without a referrer.
    acted = client.post(link(word), headers={"origin": "null"})
    assert acted.status_code == 200
    held.refresh_from_db()
    assert held.state == state
    decision = Decision.objects.get()
    assert decision.moderator.username == "alice"
    assert decision.reason.endswith("by Alice from a mail")
    assert held.reasons == [decision.reason]


def test_nobody_keeps_finds_or_is_told_of_the_page(client, link):
    page = client.get(link("Approve"))
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert "csrfmiddlewaretoken" not in page.text


def test_a_scanner_that_follows_every_link_changes_nothing(client, held, link):
    for word in ("Approve", "Spam", "Trash"):
        client.get(link(word))
        client.head(link(word))
    assert not Decision.objects.exists()


def test_a_link_works_once(client, held, link):
    client.post(link("Approve"))
    again = client.post(link("Spam"))
    assert "approved by Alice from a mail" in again.text
    assert "Your link changed nothing." in again.text
    held.refresh_from_db()
    assert held.state == State.APPROVED
    assert Decision.objects.count() == 1


def test_who_comes_late_is_told_what_somebody_else_did(client, held, link):
    bea = make_user("bea", role="Editor")
    posting.decide([held], State.SPAM, "marked as spam by Bea", by=bea)
    for late in (client.get(link("Approve")), client.post(link("Approve"))):
        assert "marked as spam by Bea" in late.text
        assert "<button" not in in_main(late)
    held.refresh_from_db()
    assert held.state == State.SPAM


def test_it_can_be_undone_at_once_and_once(client, held, link):
    acted = client.post(link("Trash"))
    undo = re.search(r'action="(/comments/unjudge/[^"]+)"', acted.text)[1]
    assert client.get(undo).status_code == 405
    assert "All is as it was." in client.post(undo).text
    held.refresh_from_db()
    assert held.state == State.PENDING
    assert held.reasons == ["held: no earlier comment of this writer was approved"]
    assert "can’t be undone any more" in client.post(undo).text


def test_what_was_changed_while_one_looked_is_shown_first(client, held, link):
    """Otherwise one has something harmless looked at and shows something else."""
    seen = seen_in(client.get(link("Approve")))
    own = f"/comments/own/{owning.sign(held)}/"
    client.post(own, {"body": "Buy my watches."})
    acted = client.post(link("Approve"), {"seen": seen})
    assert acted.status_code == 409
    assert "changed since you looked" in acted.text
    assert "Buy my watches." in acted.text
    held.refresh_from_db()
    assert held.state == State.PENDING
    client.post(link("Approve"), {"seen": seen_in(acted)})
    held.refresh_from_db()
    assert held.state == State.APPROVED


def test_a_link_expires(client, held, link):
    address = link("Approve")
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        for late in (client.get(address), client.post(address)):
            assert late.status_code == 410
            assert "Links in mails work for 7 days." in late.text
            assert "/admin/comments/comment/" in late.text
    held.refresh_from_db()
    assert held.state == State.PENDING


@pytest.mark.parametrize("loss", ["is_active", "groups"])
def test_who_moderates_no_more_cannot_with_an_old_mail(client, held, link, alice, loss):
    address = link("Approve")
    if loss == "groups":
        alice.groups.clear()
    else:
        type(alice).objects.update(is_active=False)
    for refused in (client.get(address), client.post(address)):
        assert refused.status_code == 403
        assert "does not moderate here any more" in refused.text
    held.refresh_from_db()
    assert held.state == State.PENDING


def test_a_forged_or_broken_address_is_refused(client, held, link):
    address = link("Approve")
    for broken in (address[:-5] + "/", address.replace("judge/", "judge/x")):
        assert client.post(broken).status_code == 404
    # A token of one sort is none of another.
    other = address.replace("/judge/", "/leave/")
    assert client.post(other).status_code == 404
    held.refresh_from_db()
    assert held.state == State.PENDING


def test_a_comment_gone_with_its_post_is_no_error(client, held, link):
    address = link("Approve")
    held.post.delete()
    gone = client.get(address)
    assert gone.status_code == 410
    assert "The post was deleted" in gone.text


def test_an_author_who_moderates_can_remove_what_was_approved(
    client, mailbox, run_tasks, alice
):
    said = Submission(body="Hm.", author_name="Bob", author_email="b@r.example")
    post = make_post("Talks", author=alice)
    first = posting.post_comment(post, said)
    Comment.objects.filter(pk=first.pk).update(
        state=State.APPROVED, created_at=timezone.now() - timedelta(hours=1)
    )
    second = posting.post_comment(
        post, Submission(body="So.", author_name="Bob", author_email="b@r.example")
    )
    assert second.is_approved
    run_tasks()
    text = text_of(mailbox.taken[-1])
    assert "Approve:" not in text
    client.post(re.search(rf"^Spam: {HOST}(\S+)$", text, re.MULTILINE)[1])
    second.refresh_from_db()
    assert second.state == State.SPAM
