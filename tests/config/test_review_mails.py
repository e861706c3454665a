"""Who is mailed when a text waits for review, went back or is out; each of it once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import publishing, reviewing
from blog.models import Post
from comments import notify
from comments.models import Notice
from config.desk.own_mails import SAVED
from tests.blog.test_admin_posts import form
from tests.builders import make_page, make_post, make_user
from tests.mailbox import html_of, mailbox, text_of

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db
Status = Post.Status


@pytest.fixture
def carol(db):
    return make_user("carol", role="Contributor")


@pytest.fixture
def draft(carol):
    return make_post("Talks", author=carol, status=Status.DRAFT, published_at=None)


def press(client, user, post, button, **fields):
    client.force_login(user)
    post.refresh_from_db()
    url = reverse("admin:blog_post_change", args=[post.pk])
    data = form(post, author=post.author_id, **fields) | {button: "1"}
    return client.post(url, data)


def test_the_editors_hear_what_waits(client, mailbox, run_tasks, carol, draft, alice):
    make_user("anton", role="Author")
    make_user("bert", role="Subscriber")
    adam = make_user("adam", role="Administrator")
    press(client, carol, draft, "_review", review_note="Please check\nthe <dates>.")
    run_tasks()
    assert {mail["To"] for mail in mailbox.taken} == {alice.email, adam.email}
    mail = mailbox.to(alice.email)[0]
    assert mail["Subject"] == "Waits for review: Talks"
    assert "Carol" in mail["From"]
    edit = f"https://blog.example.org/admin/blog/post/{draft.pk}/change/"
    assert "Please check\nthe <dates>." in text_of(mail)
    assert "The text of post" in text_of(mail)
    assert edit in text_of(mail)
    assert "the &lt;dates&gt;." in html_of(mail)
    assert edit in html_of(mail)


def test_two_presses_are_one_submission(
    client, mailbox, run_tasks, carol, draft, alice
):
    client.force_login(carol)
    url = reverse("admin:blog_post_change", args=[draft.pk])
    # What a double click sends: twice the same.
    data = form(draft, review_note="Please") | {
        "_review": "1",
        "read_at": draft.updated_at.isoformat(),
    }
    client.post(url, data)
    client.post(url, data)
    run_tasks()
    run_tasks()
    assert len(mailbox.taken) == 1


def test_saves_of_what_waits_tell_nobody(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    press(client, carol, draft, "_save", title="Better")
    press(client, alice, draft, "_save", title="Better still")
    run_tasks()
    assert [mail["Subject"] for mail in mailbox.taken] == [
        "Waits for review: Better still"
    ]


def test_what_was_sent_anew_is_told_anew(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    run_tasks()
    press(client, alice, draft, "_return", review_note="Who said that?")
    run_tasks()
    press(client, carol, draft, "_review", review_note="He did.")
    run_tasks()
    assert [mail["To"] for mail in mailbox.taken] == [
        alice.email,
        carol.email,
        alice.email,
    ]
    back = text_of(mailbox.to(carol.email)[0])
    assert "Alice has sent “Talks” back to you" in back
    assert "Who said that?" in back
    assert f"/admin/blog/post/{draft.pk}/change/" in back
    assert "He did." in text_of(mailbox.to(alice.email)[-1])


def test_what_was_taken_back_before_it_was_sent_is_not_told(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    press(client, carol, draft, "_draft")
    run_tasks()
    assert mailbox.taken == []


def test_the_writer_hears_that_it_is_out(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    run_tasks()
    press(client, alice, draft, "_publish", review_note="Well done.")
    run_tasks()
    mail = mailbox.to(carol.email)[0]
    draft.refresh_from_db()
    assert mail["Subject"] == "Published: Talks"
    assert "Alice has published “Talks”." in text_of(mail)
    assert "Well done." in text_of(mail)
    assert f"https://blog.example.org{draft.get_absolute_url()}" in text_of(mail)


def test_a_post_that_is_to_come_says_when(mailbox, run_tasks, carol, draft, alice):
    draft.status = Status.PUBLISHED
    draft.published_at = timezone.now() + timedelta(days=3)
    publishing.save_post(draft, alice)
    run_tasks()
    assert "it will appear on" in text_of(mailbox.to(carol.email)[0])


def test_nobody_is_told_of_what_they_did_themselves(mailbox, run_tasks, alice):
    anton = make_user("anton", role="Author")
    own = make_post("Own", author=anton, status=Status.DRAFT)
    publishing.publish([own], anton)
    mine = make_post("Mine", author=alice, status=Status.DRAFT)
    mine.status = Status.PENDING
    publishing.save_post(mine, alice)
    run_tasks()
    assert mailbox.taken == []


def test_changes_of_what_is_out_tell_nobody(mailbox, run_tasks, carol, alice):
    post = make_post("Out", author=carol)
    publishing.save_post(post, alice)
    publishing.withdraw([post], alice)
    run_tasks()
    assert mailbox.taken == []


def test_what_comes_out_of_the_trash_is_not_sent_anew(
    mailbox, run_tasks, carol, draft, alice
):
    draft.status = Status.TRASH
    publishing.save_post(draft, carol)
    draft.status = Status.PENDING
    publishing.save_post(draft, carol)
    run_tasks()
    assert mailbox.taken == []


def test_each_can_switch_them_off(client, mailbox, run_tasks, carol, draft, alice):
    client.force_login(alice)
    page = client.get(reverse("admin:own_mails")).content.decode()
    assert "checked" in page
    answer = client.post(reverse("admin:own_mails"), {}, follow=True)
    assert str(SAVED) in answer.content.decode()
    press(client, carol, draft, "_review")
    run_tasks()
    assert mailbox.taken == []


def test_a_wish_written_down_later_still_counts(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    alice.review_mails = False
    alice.save()
    run_tasks()
    assert mailbox.taken == []


def test_who_lost_the_role_hears_no_more(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    alice.groups.clear()
    run_tasks()
    assert mailbox.taken == []


def test_a_server_that_cannot_now_is_asked_again(
    client, mailbox, run_tasks, carol, draft, alice
):
    mailbox.data_answer = "451 Try again later"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        press(client, carol, draft, "_review")
        run_tasks()
        assert Notice.objects.get().attempts == 1
        mailbox.data_answer = ""
        clock.shift(timedelta(minutes=3))
        run_tasks()
    assert len(mailbox.taken) == 1


def test_a_worker_that_died_before_it_sent_loses_nothing(
    client, mailbox, run_tasks, carol, draft, alice
):
    press(client, carol, draft, "_review")
    DBTaskResult.objects.all().delete()
    Notice.objects.update(due_at=timezone.now() - timedelta(hours=1))
    notify.sweep()
    run_tasks()
    assert len(mailbox.taken) == 1


def test_a_mail_that_may_have_arrived_is_not_sent_twice(
    client, mailbox, run_tasks, carol, draft, alice
):
    mailbox.hangs_up = True
    press(client, carol, draft, "_review")
    run_tasks()
    mailbox.hangs_up = False
    notify.sweep()
    run_tasks()
    assert len(mailbox.taken) == 1


def test_many_reviews_are_not_mixed_with_comments(
    client, mailbox, run_tasks, carol, alice
):
    for number in range(8):
        post = make_post(f"Talks {number}", author=carol, status=Status.DRAFT)
        reviewing.write_note(post, carol, f"Note {number}")
        post.status = Status.PENDING
        publishing.save_post(post, carol)
    run_tasks()
    assert len(mailbox.taken) == 8


def test_importing_sends_none(mailbox, run_tasks, carol, alice, tmp_path):
    before = make_post("From there", author=carol, status=Status.PENDING)
    fixture = tmp_path / "blog.json"
    call_command(
        *("dumpdata", "blog.post", "--natural-foreign", "--natural-primary"),
        output=str(fixture),
        verbosity=0,
    )
    Post.objects.filter(pk=before.pk).delete()
    call_command("loaddata", str(fixture), verbosity=0)
    run_tasks()
    assert Post.objects.filter(status=Status.PENDING).exists()
    assert mailbox.taken == []


def test_a_page_is_told_to_who_may_publish_pages(mailbox, run_tasks, carol, alice):
    page = make_page("About", author=carol, status=Status.DRAFT)
    page.status = Status.PENDING
    publishing.save_post(page, carol)
    run_tasks()
    assert f"/admin/blog/page/{page.pk}/change/" in text_of(mailbox.taken[0])


def test_the_keeper_sees_what_became_of_them(client, carol, draft, alice):
    press(client, carol, draft, "_review")
    client.force_login(make_user("keeper", is_superuser=True, role="Administrator"))
    listed = client.get("/admin/comments/notice/").content.decode()
    assert "Talks" in listed
    assert "alice@example.org" in listed


@pytest.mark.parametrize("title", ["A\nheader: x", "🙂" * 150, "<b>Bold</b>"])
def test_whatever_the_title_is_a_mail_goes_out(mailbox, run_tasks, carol, alice, title):
    post = make_post(title, author=carol, status=Status.DRAFT)
    post.status = Status.PENDING
    publishing.save_post(post, carol)
    run_tasks()
    assert len(mailbox.taken) == 1
    assert mailbox.taken[0]["header"] is None
