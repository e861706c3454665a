"""Changing and withdrawing one's own comment, with the signed link and in the account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import SiteSettings
from comments import owning
from comments.models import Comment, Notice
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_post("Talks")


@pytest.fixture
def comment(post):
    """PatternRec's, just posted and on show."""
    return make_comment(
        post,
        "I doubt it.",
        author_name="PatternRec",
        author_email="pattern@example.org",
        created_at=timezone.now(),
    )


@pytest.fixture
def own(comment):
    return f"/comments/own/{owning.sign(comment)}/"


def refreshed(comment):
    return Comment.objects.get(pk=comment.pk)


def test_the_address_after_posting_leads_to_the_edit_page(client, post):
    SiteSettings(hold_first=False).save()
    form = {"body": "Frist!", "author_name": "Anna", "author_email": "a@example.org"}
    response = client.post(f"/comments/reply/{post.pk}/", form)
    comment = Comment.objects.get()
    assert response["Location"].endswith(f"#comment-{comment.pk}")
    shown = client.get(response["Location"])
    assert {"private", "no-store"} <= set(shown["Cache-Control"].split(", "))
    page = shown.text
    assert 'content="noindex"' in page
    edit = page.partition('rel="nofollow" href="/comments/own/')[2].partition('"')[0]
    shown = client.get(f"/comments/own/{edit}")
    assert "Frist!</textarea>" in shown.text
    assert "no-store" in shown["Cache-Control"]
    response = client.post(f"/comments/own/{edit}", {"body": "First!"})
    assert "First!" in client.get(response["Location"]).text
    comment = refreshed(comment)
    assert (comment.body, comment.is_approved) == ("First!", True)
    assert comment.edited_at
    assert not client.cookies


def test_nobody_else_is_offered_to_change_it(client, post, comment):
    assert "Edit or withdraw" not in client.get(post.get_absolute_url()).text


@pytest.mark.parametrize("token", ["1", "1:x:y", "1:1tTTTT:" + "a" * 43, "\u2603"])
def test_a_forged_link_changes_nothing(client, comment, token):
    response = client.post(f"/comments/own/{token}/", {"body": "Mine now"})
    assert response.status_code == 403
    assert "Mine now</textarea>" in response.text
    assert refreshed(comment).body == "I doubt it."


def test_the_window_closes_and_the_text_is_not_lost(client, comment, own, time_machine):
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    response = client.post(own, {"body": "Too late"})
    assert response.status_code == 403
    assert "can’t be changed any more" in response.text
    assert "Too late</textarea>" in response.text
    assert "I doubt it.</textarea>" in client.get(own).text
    assert client.post(own, {"withdraw": "yes"}).status_code == 403
    assert refreshed(comment).body == "I doubt it."
    assert refreshed(comment).is_approved


def test_a_blog_can_have_no_window_at_all(client, comment, own):
    SiteSettings(edit_minutes=0).save()
    assert client.get(own).status_code == 403


@pytest.mark.parametrize("state", ["spam", "trash"])
def test_what_was_removed_cannot_be_changed(client, comment, own, state):
    Comment.objects.update(state=state)
    assert client.post(own, {"body": "Back again"}).status_code == 403
    assert refreshed(comment).body == "I doubt it."


def test_a_rule_takes_an_edited_comment_from_view(client, post, comment, own):
    links = "https://a.example https://b.example"
    response = client.post(own, {"body": links})
    assert refreshed(comment).state == Comment.State.PENDING
    assert refreshed(comment).reasons == ["held: 2 links, the limit is 2"]
    post.refresh_from_db()
    assert post.comment_count == 0
    # Its writer still sees it.
    assert "https://a.example" in client.get(response["Location"]).text


def test_an_edit_that_is_held_is_told_to_the_moderators(client, alice, comment, own):
    client.post(own, {"body": "https://a.example https://b.example"})
    notice = Notice.objects.get(comment=comment)
    assert (notice.kind, notice.email) == (Notice.Kind.HELD, alice.email)


def test_an_edit_cannot_have_a_held_comment_shown(client, comment, own):
    SiteSettings(hold_first=False).save()
    Comment.objects.update(state="pending", reasons=["held: by somebody"])
    client.post(own, {"body": "Quite harmless."})
    comment = refreshed(comment)
    assert (comment.state, comment.body) == (Comment.State.PENDING, "Quite harmless.")
    assert comment.reasons == ["held: by somebody"]


def test_what_somebody_approved_stays_approved(client, comment, own):
    Comment.objects.update(is_decided=True, reasons=["approved by alice"])
    client.post(own, {"body": "I doubt it very much."})
    comment = refreshed(comment)
    assert comment.is_approved
    assert comment.reasons == ["approved by alice"]
    # The spam filter must not learn from a text nobody saw.
    assert not comment.is_decided


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ("  ", 400, "There is no text"),
        ("é" * 40_000, 413, "80,000 bytes"),
        ("Said before.", 409, "exactly this here already"),
    ],
)
def test_an_edit_has_the_limits_of_a_comment(
    client, post, comment, own, body, status, sentence
):
    make_comment(post, "Said before.", author_email="pattern@example.org")
    response = client.post(own, {"body": body})
    assert response.status_code == status
    assert sentence in response.text
    assert refreshed(comment).body == "I doubt it."


def test_saving_what_stands_there_already_is_no_duplicate(client, own):
    assert client.post(own, {"body": "I doubt it."}).status_code == 302


def test_an_edit_is_previewed_without_being_saved(client, comment, own):
    response = client.post(own, {"body": "<b>Bold</b>", "preview": "1"})
    assert "It is not saved yet" in response.text
    assert refreshed(comment).body == "I doubt it."


def test_withdrawing_asks_once_and_leaves_a_tombstone(client, post, comment, own):
    make_comment(post, "So do I.", parent=comment)
    asked = client.post(own, {"body": "Half an edit", "withdraw": "ask"})
    assert "Withdraw your comment?" in asked.text
    kept = client.post(own, {"body": "Half an edit", "keep": "1"})
    assert "Half an edit</textarea>" in kept.text
    assert refreshed(comment).is_approved
    done = client.post(own, {"body": "I doubt it.", "withdraw": "yes"})
    assert "Your comment is withdrawn" in done.text
    assert "I doubt it.</textarea>" in done.text
    assert refreshed(comment).state == Comment.State.TRASH
    assert refreshed(comment).reasons == ["withdrawn by its writer"]
    page = client.get(post.get_absolute_url()).text
    assert "I doubt it." not in page
    assert 'class="tombstone"' in page


def test_another_site_cannot_withdraw_it(client, comment, own):
    headers = {"sec-fetch-site": "cross-site"}
    response = client.post(own, {"withdraw": "yes"}, headers=headers)
    assert response.status_code == 403
    assert refreshed(comment).is_approved


def test_the_token_outlives_neither_a_day_nor_a_change(comment, time_machine):
    token = owning.sign(comment)
    assert owning.read(token) == comment.pk
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert owning.read(token) is None


class TestInTheAccount:
    @pytest.fixture
    def comment(self, post, bob):
        return make_comment(post, "By Bob.", author=bob, created_at=timezone.now())

    def test_readers_see_what_they_said_and_what_became_of_it(
        self, client, post, bob, comment
    ):
        words = {
            "approved": "Everybody can read it.",
            "pending": "It waits for the author’s approval.",
            "spam": "It is not shown.",
        }
        for state in words:
            make_comment(post, f"Said {state}.", author=bob, state=state)
        make_comment(post, "By somebody else.")
        client.force_login(bob)
        page = client.get("/accounts/comments/")
        for state, sentence in words.items():
            assert f"Said {state}." in page.text
            assert sentence in page.text
        assert "By somebody else." not in page.text
        assert page.text.index("By Bob.") < page.text.index("Said approved.")
        assert page.text.count("Edit or withdraw") == 1

    def test_they_come_in_pages_and_few_queries(
        self, client, post, bob, django_assert_max_num_queries
    ):
        for number in range(21):
            make_comment(post, f"Number {number}.", author=bob)
        client.force_login(bob)
        with django_assert_max_num_queries(12):
            page = client.get("/accounts/comments/")
        assert "Page 1 of 2" in page.text
        assert client.get("/accounts/comments/page/2/").status_code == 200
        assert client.get("/accounts/comments/page/3/").status_code == 404

    def test_whoever_is_not_logged_in_is_asked_to(self, client, comment):
        for path in ("/accounts/comments/", f"/accounts/comments/{comment.pk}/"):
            response = client.get(path)
            assert response["Location"] == f"/accounts/login/?next={path}"
        response = client.post(f"/accounts/comments/{comment.pk}/", {"body": "Typed"})
        assert response.status_code == 403
        assert "Typed</textarea>" in response.text

    def test_readers_change_their_own_and_nobody_elses(
        self, client, post, bob, comment
    ):
        client.force_login(bob)
        response = client.post(f"/accounts/comments/{comment.pk}/", {"body": "Better."})
        assert response.status_code == 302
        assert refreshed(comment).body == "Better."
        other = make_comment(post, created_at=timezone.now())
        assert client.get(f"/accounts/comments/{other.pk}/").status_code == 404
        client.post(f"/accounts/comments/{other.pk}/", {"withdraw": "yes"})
        assert refreshed(other).is_approved

    def test_the_form_leads_there(self, client, post, bob):
        client.force_login(bob)
        assert "/accounts/comments/" in client.get(post.get_absolute_url()).text


def test_the_address_of_a_withdrawn_comment_promises_nothing(client, comment, own):
    address = owning.address_for_writer(comment)
    client.post(own, {"withdraw": "yes"})
    page = client.get(address).text
    assert "Your comment is not here any more." in page
    assert "If it is approved" not in page


def test_the_address_of_spam_says_what_that_of_a_held_comment_would(client, comment):
    Comment.objects.update(state=Comment.State.SPAM, reasons=["spam"])
    page = client.get(owning.address_for_writer(comment)).text
    assert "If it is approved, it will stand here." in page
