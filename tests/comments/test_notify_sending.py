"""Sending: never twice whatever breaks, put off when it must be, few when there are many."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends import smtp
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import SiteSettings
from comments import notify, posting
from comments.models import Comment, Notice
from comments.notify import sending
from comments.submission import Submission
from config.chores import CHORES
from tests.builders import make_post, make_user
from tests.mailbox import free_port, text_of

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def post(db):
    SiteSettings(hold_first=False).save()
    return make_post("Talks", author=make_user("carol", role="Author"))


@pytest.fixture
def clock():
    """Time stands still until it is moved."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


_seconds = iter(range(1, 10_000))


def say(post, body="I doubt it.") -> Comment:
    """Each by somebody else."""
    number = next(_seconds)
    said = Submission(
        body=body, author_name=f"R{number}", author_email=f"r{number}@r.example"
    )
    return posting.post_comment(post, said)


def test_a_server_that_cannot_now_is_asked_again(mailbox, run_tasks, post, clock):
    mailbox.data_answer = "451 Try again later"
    say(post)
    run_tasks()
    notice = Notice.objects.get()
    assert (notice.attempts, notice.claimed_at, notice.sent_at) == (1, None, None)
    assert "451 Try again later" in notice.error
    run_tasks()
    assert Notice.objects.get().attempts == 1  # not at once

    mailbox.data_answer = ""
    clock.shift(timedelta(minutes=3))
    run_tasks()
    assert len(mailbox.taken) == 1
    assert Notice.objects.get().error == ""


def test_after_a_day_of_trying_it_is_given_up(mailbox, run_tasks, post, clock):
    mailbox.rcpt_answer = "450 Greylisted"
    say(post)
    start = timezone.now()
    for _ in range(20):
        run_tasks()
        clock.shift(timedelta(hours=2))
    notice = Notice.objects.get()
    assert notice.attempts == 6
    assert notice.claimed_at is None
    mailbox.rcpt_answer = ""
    run_tasks()
    notify.sweep()
    run_tasks()
    assert mailbox.taken == []
    assert sum(sending.BACK_OFF_MINUTES) <= 24 * 60
    assert start < timezone.now()


@pytest.mark.parametrize("where", ["rcpt_answer", "data_answer"])
def test_a_plain_no_is_taken_for_one(mailbox, run_tasks, post, clock, where):
    setattr(mailbox, where, "550 No such user")
    say(post)
    run_tasks()
    notice = Notice.objects.get()
    assert "550 No such user" in notice.error
    setattr(mailbox, where, "")
    clock.shift(timedelta(days=2))
    notify.sweep()
    run_tasks()
    assert mailbox.taken == []


def test_without_a_mail_server_nothing_breaks(
    mailbox, run_tasks, settings, post, clock
):
    open_port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    say(post)
    run_tasks()
    assert "can't be reached" in Notice.objects.get().error
    settings.EMAIL_PORT = open_port
    clock.shift(timedelta(minutes=3))
    run_tasks()
    assert len(mailbox.taken) == 1


def test_a_line_that_breaks_when_all_was_said_makes_no_second_mail(
    mailbox, run_tasks, post, clock
):
    mailbox.hangs_up = True
    say(post)
    run_tasks()
    assert len(mailbox.taken) == 1
    notice = Notice.objects.get()
    assert notice.sent_at is None
    assert "nobody knows whether it was delivered" in notice.error
    mailbox.hangs_up = False
    clock.shift(timedelta(days=1))
    notify.sweep()
    run_tasks()
    assert len(mailbox.taken) == 1


def test_a_worker_killed_before_it_noted_the_mail_does_not_send_again(
    mailbox, run_tasks, post, clock, monkeypatch
):
    class Killed(BaseException):
        pass

    send = smtp.EmailBackend.send_messages

    def send_and_die(self, messages):
        send(self, messages)
        raise Killed

    comment = say(post)
    notice = Notice.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr(smtp.EmailBackend, "send_messages", send_and_die)
        with pytest.raises(Killed):
            sending.look_at(notice.pk)
    assert len(mailbox.taken) == 1
    clock.shift(timedelta(hours=2))
    notify.sweep()
    run_tasks()
    posting.decide([comment], State.TRASH, "away")
    posting.decide([comment], State.APPROVED, "back")
    run_tasks()
    assert len(mailbox.taken) == 1


def test_a_server_that_says_nothing_does_not_hold_the_worker_for_ever(settings):
    assert 0 < settings.EMAIL_TIMEOUT <= 60


def test_a_row_whose_task_was_lost_is_found(mailbox, run_tasks, post, clock):
    say(post)
    DBTaskResult.objects.all().delete()
    assert notify.sweep() == 0  # its task may still come
    clock.shift(timedelta(minutes=11))
    assert notify.sweep() == 1
    assert notify.sweep() == 0
    run_tasks()
    assert len(mailbox.taken) == 1


def test_two_tasks_for_one_row_send_one_mail(mailbox, run_tasks, post):
    say(post)
    notify.notices.enqueue(Notice.objects.values_list("pk", flat=True))
    run_tasks()
    assert len(mailbox.taken) == 1


def test_under_a_flood_one_mail_an_hour_goes_to_an_address(
    mailbox, run_tasks, post, clock
):
    for _ in range(30):  # one every six minutes for three hours
        say(post)
        run_tasks()
        clock.shift(timedelta(minutes=6))
    singles, together = mailbox.taken[:5], mailbox.taken[5:]
    assert all(mail["Subject"] == "Re: Talks" for mail in singles)
    assert [mail["Subject"] for mail in together] == [
        "10 new comments on Quillback",
        "10 new comments on Quillback",
    ]

    clock.shift(timedelta(hours=1, minutes=1))
    run_tasks()
    texts = "".join(text_of(mail) for mail in mailbox.taken)
    assert Notice.objects.filter(sent_at=None).count() == 0
    for comment in Comment.objects.select_related("post"):
        link = f"Read it there: https://blog.example.org{comment.get_absolute_url()}\n"
        assert texts.count(link) == 1

    clock.shift(timedelta(hours=2))
    say(post)
    run_tasks()
    assert mailbox.taken[-1]["Subject"] == "Re: Talks"


def test_a_mail_about_many_is_no_book(mailbox, run_tasks, post, clock):
    for _ in range(7):
        say(post, "<b>word</b> " * 2000 + "end")
        run_tasks()
        clock.shift(timedelta(seconds=1))
    clock.shift(timedelta(hours=1))
    run_tasks()
    single, together = text_of(mailbox.taken[0]), text_of(mailbox.taken[-1])
    assert single.count("word") == 2000
    assert together.count("word") == 600
    assert together.count("[…]") == 2


def test_a_mail_about_many_leaves_out_what_was_removed(mailbox, run_tasks, post, clock):
    comments = []
    for number in range(9):
        comments.append(say(post, f"Word {number}"))
        run_tasks()
        clock.shift(timedelta(seconds=1))
    assert len(mailbox.taken) == 5
    posting.decide(comments[6:8], State.SPAM, "spam")
    clock.shift(timedelta(hours=1))
    run_tasks()
    [mail] = mailbox.taken[5:]
    text = text_of(mail)
    assert [f"Word {number}" in text for number in (5, 6, 7, 8)] == [
        True, False, False, True,
    ]  # fmt: skip


# --- The daily mail


@pytest.fixture
def daily(post, alice):
    SiteSettings.objects.update(
        hold_all=True, moderator_mail=SiteSettings.ModeratorMail.DAILY
    )


def at_hour(hour: int):
    now = timezone.localtime() + timedelta(days=1)
    return time_machine.travel(now.replace(hour=hour, minute=0), tick=False)


def test_once_a_day_moderators_get_all_that_is_held(
    mailbox, run_tasks, post, alice, daily
):
    say(post, "The first word")
    say(post, "The second word")
    run_tasks()
    assert mailbox.taken == []
    with at_hour(6):
        assert notify.send_digests() == 0
    with at_hour(8):
        assert notify.send_digests() == 2
        run_tasks()
        say(post, "Too late for today")
        assert notify.send_digests() == 0
        run_tasks()
    [mail] = mailbox.taken
    assert mail["To"] == "alice@example.org"
    assert mail["Subject"] == "2 comments wait for you on Quillback"
    text = text_of(mail)
    assert text.index("The first word") < text.index("The second word")
    assert text.count("Approve: https://blog.example.org/comments/judge/") == 2
    assert "/admin/comments/comment/?state=pending" in text

    with time_machine.travel(timezone.now() + timedelta(days=2)), at_hour(8):
        notify.send_digests()
        run_tasks()
    assert "Too late for today" in text_of(mailbox.taken[1])
    assert "The first word" not in text_of(mailbox.taken[1])


def test_where_nothing_is_held_no_daily_mail_goes(
    mailbox, run_tasks, post, alice, daily
):
    posting.decide([say(post)], State.APPROVED, "approved", by=alice)
    with at_hour(8):
        notify.send_digests()
        run_tasks()
    assert mailbox.to("alice@example.org") == []


def test_the_chores_see_to_lost_rows_and_to_the_daily_mail():
    done = [duty.do for duty in CHORES]
    assert notify.sweep in done
    assert notify.send_digests in done
