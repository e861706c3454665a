"""Akismet, where the keeper has a key: asked about strangers, told where it was wrong."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from blog.models import SiteSettings
from comments import akismet, owning
from comments.models import Comment, Notice
from comments.posting import decide, post_comment, undo
from comments.submission import Submission
from tests.builders import make_post
from tests.web import answer

State = Comment.State


@pytest.fixture
def service(web, settings, monkeypatch, db):
    """An Akismet that calls everything spam."""
    monkeypatch.setattr(akismet, "URL", web.url("/1.1"))
    settings.AKISMET_KEY = "a-key"
    settings.SITE_URL = "https://blog.example.org"
    SiteSettings(hold_first=False).save()
    web.answers["/1.1/comment-check"] = b"true"
    web.answers["/1.1/submit-spam"] = b"Thanks for making the web a better place."
    web.answers["/1.1/submit-ham"] = b"Thanks for making the web a better place."
    return web


@pytest.fixture
def later(run_tasks, time_machine):
    """The tasks that are due so many minutes from now."""

    def run(minutes=0):
        time_machine.move_to(timezone.now() + timedelta(minutes=minutes), tick=False)
        run_tasks()

    return run


def say(**fields) -> Comment:
    values = {
        "body": "Buy my watches.",
        "author_name": "Mallory",
        "author_email": "mallory@example.org",
        "ip_address": "192.0.2.9",
        "user_agent": "Mozilla",
    }
    return post_comment(make_post(), Submission(**(values | fields)))


def asked(web) -> list[str]:
    return [knock.path.rpartition("/")[2] for knock in web.knocks]


def test_without_a_key_nothing_leaves_the_machine(service, settings, run_tasks, alice):
    settings.AKISMET_KEY = ""
    comment = say()
    decide([comment], State.SPAM, "spam: alice says so", by=alice)
    run_tasks()
    assert service.knocks == []


def test_what_it_calls_spam_is_held_and_nothing_is_deleted(service, run_tasks):
    comment = say()
    assert comment.state == State.APPROVED
    run_tasks()
    comment.refresh_from_db()
    assert (comment.state, comment.is_decided) == (State.PENDING, False)
    assert akismet.REASON in comment.reasons
    comment.post.refresh_from_db()
    assert comment.post.comment_count == 0


def test_it_is_sent_what_it_needs(service, run_tasks):
    comment = say()
    run_tasks()
    sent = parse_qs(service.knocks[0].body.decode())
    assert sent["blog"] == ["https://blog.example.org/"]
    assert sent["user_ip"] == ["192.0.2.9"]
    assert sent["comment_content"] == ["Buy my watches."]
    assert sent["permalink"][0].endswith(comment.post.get_absolute_url())


def test_moderators_hear_of_what_it_held(service, run_tasks, alice):
    comment = say()
    run_tasks()
    notice = Notice.objects.get(comment=comment)
    assert (notice.kind, notice.email) == (Notice.Kind.HELD, alice.email)


def test_it_is_asked_again_about_another_text(service, run_tasks, client):
    service.answers["/1.1/comment-check"] = b"false"
    comment = say(body="A harmless word.")
    run_tasks()
    service.answers["/1.1/comment-check"] = b"true"
    own = f"/comments/own/{owning.sign(comment)}/"
    client.post(own, {"body": "Buy my watches."})
    run_tasks()
    comment.refresh_from_db()
    assert comment.state == State.PENDING
    assert parse_qs(service.knocks[-1].body.decode())["comment_content"] == [
        "Buy my watches."
    ]


def test_what_it_finds_good_stays_as_it_is(service, run_tasks):
    service.answers["/1.1/comment-check"] = b"false"
    comment = say()
    run_tasks()
    assert Comment.objects.get().reasons == comment.reasons


def test_a_held_one_keeps_the_reasons_it_had(service, run_tasks):
    SiteSettings(hold_all=True).save()
    comment = say()
    run_tasks()
    assert Comment.objects.get().reasons == [*comment.reasons, akismet.REASON]


def test_what_somebody_decided_meanwhile_stands(service, run_tasks, alice):
    comment = say()
    decide([comment], State.SPAM, "spam: for a moment", by=alice)
    decide([comment], State.APPROVED, "approved: alice says so", by=alice)
    run_tasks()
    assert Comment.objects.get().state == State.APPROVED


def test_people_with_accounts_are_not_asked_about(service, run_tasks, bob):
    say(author=bob)
    say(ip_address=None, user_agent="", author_email="other@example.org", body="Else.")
    run_tasks()
    assert service.knocks == []


@pytest.mark.parametrize(
    "reply", [b"invalid", lambda handler: answer(handler, 500), b""]
)
def test_where_it_says_nothing_it_is_asked_again_later(service, later, reply):
    service.answers["/1.1/comment-check"] = reply
    say()
    later()
    assert Comment.objects.get().state == State.APPROVED
    service.answers["/1.1/comment-check"] = b"true"
    later(minutes=2)
    assert Comment.objects.get().state == State.PENDING


def test_it_is_told_what_it_missed(service, later, alice):
    service.answers["/1.1/comment-check"] = b"false"
    comment = say()
    later()
    decide([comment], State.SPAM, "spam: alice says so", by=alice)
    later(minutes=6)
    assert asked(service) == ["comment-check", "submit-spam"]


def test_it_is_told_what_it_held_wrongly(service, later, alice):
    comment = say()
    later()
    decide([comment], State.APPROVED, "approved: alice says so", by=alice)
    later(minutes=6)
    assert asked(service) == ["comment-check", "submit-ham"]


def test_it_is_not_told_what_was_undone_or_what_it_knew(service, later, alice):
    comment = say()
    later()
    batch = decide([comment], State.APPROVED, "approved: by mistake", by=alice)
    undo(batch)
    decide([comment], State.SPAM, "spam: alice says so", by=alice)
    later(minutes=6)
    assert asked(service) == ["comment-check"]
