"""The keeper sees which mails did not go out, why, and sends them again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import SiteSettings
from comments import posting
from comments.models import Notice
from comments.submission import Submission
from tests.builders import make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/notice/"


@pytest.fixture
def keeper(client):
    user = make_user("keeper", role="Administrator", is_superuser=False)
    client.force_login(user)
    return user


@pytest.fixture
def refused(mailbox, run_tasks):
    """A mail the server would not take."""
    SiteSettings(hold_first=False).save()
    post = make_post("Talks", author=make_user("carol", role="Author"))
    mailbox.data_answer = "550 Blocked <b>here</b>"
    said = Submission(body="Hm.", author_name="Anna", author_email="a@r.example")
    posting.post_comment(post, said)
    run_tasks()
    mailbox.data_answer = ""
    return Notice.objects.get()


def test_the_list_says_what_went_wrong(client, keeper, refused):
    page = client.get(LIST, {"standing": "wrong"})
    assert "carol@example.org" in page.text
    assert "given up: The mail server refused it: 550 Blocked &lt;b&gt;" in page.text
    assert "carol@example.org" not in client.get(LIST, {"standing": "sent"}).text
    assert "carol@example.org" not in client.get(LIST, {"standing": "waiting"}).text


def test_it_is_sent_again_at_the_keepers_wish(
    client, keeper, refused, mailbox, run_tasks
):
    wish = {"action": "send_again", "_selected_action": [refused.pk]}
    page = client.post(LIST, wish, follow=True)
    assert "1 mail is on the way." in page.text
    run_tasks()
    assert len(mailbox.taken) == 1
    client.post(LIST, wish)
    run_tasks()
    assert len(mailbox.taken) == 1  # what was sent is not sent again


def test_a_mail_whose_worker_died_is_shown(client, keeper, refused):
    long_ago = timezone.now() - timedelta(hours=1)
    Notice.objects.update(claimed_at=long_ago, attempts=1, error="")
    page = client.get(LIST, {"standing": "wrong"})
    assert "it may have arrived, or not" in page.text


def test_only_the_keeper_sees_the_list(client, refused, alice):
    client.force_login(alice)
    assert client.get(LIST).status_code == 403


def test_nobody_adds_changes_or_deletes_a_mail(client, keeper, refused):
    for path in ("add/", f"{refused.pk}/delete/"):
        assert client.get(f"{LIST}{path}").status_code == 403


def test_the_settings_of_mails_are_in_the_keepers_reach(client, keeper):
    page = client.get("/admin/blog/sitesettings/1/change/").text
    assert "mail the moderators about held comments" in page.lower()
    assert "mail the author when somebody comments" in page.lower()
