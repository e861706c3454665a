"""A text that waits for an editor: the note, the way back, who sees what."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from blog import publishing, reviewing
from blog.models import Post
from tests.blog.test_admin_posts import form
from tests.builders import make_post, make_user

LIST = "/admin/blog/post/"
Status = Post.Status


@pytest.fixture
def carol(db):
    return make_user("carol", role="Contributor")


@pytest.fixture
def draft(carol):
    return make_post("Talks", author=carol, status=Status.DRAFT, published_at=None)


def edit(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def press(client, user, post, button, **fields):
    """The write page of `post`, sent by `user` with this button."""
    client.force_login(user)
    post.refresh_from_db()
    data = form(post, author=post.author_id, **fields) | {button: "1"}
    return client.post(edit(post), data, follow=True)


def send(client, carol, draft, note="Please check the dates."):
    press(client, carol, draft, "_review", review_note=note)
    draft.refresh_from_db()
    return draft


def page(client, user, url):
    client.force_login(user)
    return client.get(url).content.decode()


def test_a_note_goes_along_to_the_editor(client, carol, draft, alice):
    send(client, carol, draft)
    assert (draft.status, draft.review_by) == (Status.PENDING, carol)
    written = page(client, alice, edit(draft))
    assert "Please check the dates." in written
    assert "Sent by <bdi>Carol</bdi>" in written
    # The answer is the editor's own to write.
    assert ">Please check the dates.</textarea>" not in written


def test_the_list_says_who_waits_and_since_when(client, carol, draft, alice):
    send(client, carol, draft, "One two three four five six seven eight " * 3)
    listed = page(client, alice, f"{LIST}?state=pending")
    assert "waiting for review" in listed
    assert "<bdi>Carol</bdi>" in listed
    assert "One two three four" in listed
    assert "just now" in listed


def test_the_list_asks_as_often_for_many_as_for_one(client, carol, alice):
    def count():
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{LIST}?state=pending")
        return len(asked)

    client.force_login(alice)
    counts = []
    for _ in range(2):
        for _ in range(3):
            post = make_post(author=carol, status=Status.DRAFT)
            reviewing.write_note(post, carol, "A note")
            post.status = Status.PENDING
            publishing.save_post(post, carol)
        count()
        counts.append(count())
    assert counts[0] == counts[1]


def test_an_editor_sends_it_back_with_a_note(client, carol, draft, alice):
    send(client, carol, draft)
    answer = press(client, alice, draft, "_return", review_note="Who said that?")
    assert "went back to its writer" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.status, draft.review_note) == (Status.DRAFT, "Who said that?")
    written = page(client, carol, edit(draft))
    assert "Sent back to you" in written
    assert "Who said that?" in written
    assert ">Who said that?</textarea>" not in written


def test_nothing_goes_back_without_a_word(client, carol, draft, alice):
    send(client, carol, draft)
    answer = press(client, alice, draft, "_return", review_note="  ", title="Typed")
    assert "Say in the note what is to be changed" in answer.content.decode()
    assert "Typed" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.status, draft.title) == (Status.PENDING, "Talks")


def test_a_note_to_the_writer_is_not_saved_unsent(client, carol, draft, alice):
    send(client, carol, draft)
    answer = press(client, alice, draft, "_save", review_note="Who said that?")
    assert "Press one of them" in answer.content.decode()
    assert "Who said that?</textarea>" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.review_note == "Please check the dates."


def test_saving_as_an_editor_leaves_the_writers_note(client, carol, draft, alice):
    send(client, carol, draft)
    press(client, alice, draft, "_save", title="Talks, with dates")
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Talks, with dates", Status.PENDING)
    assert (draft.review_note, draft.review_by) == ("Please check the dates.", carol)


def test_a_draft_keeps_the_note_that_was_not_sent(client, carol, draft):
    press(client, carol, draft, "_draft", review_note="Not sure yet")
    assert ">\nNot sure yet</textarea>" in page(client, carol, edit(draft))


def test_publishing_clears_the_note_and_its_history_keeps_it(
    client, carol, draft, alice
):
    send(client, carol, draft)
    press(client, alice, draft, "_publish")
    draft.refresh_from_db()
    assert draft.status == Status.PUBLISHED
    assert (draft.review_note, draft.review_by, draft.review_at) == ("", None, None)
    versions = Version.objects.get_for_object_reference(Post, draft.pk)
    notes = [
        json.loads(version.serialized_data)[0]["fields"]["review_note"]
        for version in versions.order_by("pk")
    ]
    assert notes[-2:] == ["Please check the dates.", ""]


def test_bulk_publishing_clears_it_too(client, carol, draft, alice):
    send(client, carol, draft)
    publishing.publish([draft], alice)
    draft.refresh_from_db()
    assert draft.review_note == ""


def test_an_old_revision_without_a_note_still_opens(client, carol, draft, alice):
    press(client, carol, draft, "_draft", title="One")
    press(client, carol, draft, "_draft", title="Two")
    older, newer = Version.objects.get_for_object_reference(Post, draft.pk).order_by(
        "pk"
    )[:2]
    row = json.loads(older.serialized_data)
    del row[0]["fields"]["review_note"]
    older.serialized_data = json.dumps(row)
    older.save()
    compared = reverse("admin:blog_post_compare", args=[draft.pk])
    client.force_login(carol)
    answer = client.get(f"{compared}?before={older.pk}&after={newer.pk}")
    assert answer.status_code == 200
    assert "note about the review" not in answer.content.decode()


def test_restoring_a_revision_leaves_the_conversation_about_it(
    client, carol, draft, alice
):
    press(client, carol, draft, "_draft", title="One")
    send(client, carol, draft)
    press(client, alice, draft, "_return", review_note="Who said that?")
    older = Version.objects.get_for_object_reference(Post, draft.pk).last()
    client.force_login(carol)
    client.post(reverse("admin:blog_post_restore", args=[draft.pk, older.pk]))
    draft.refresh_from_db()
    assert draft.review_note == "Who said that?"


def test_who_may_not_publish_sends_nothing_back(client, carol, draft):
    send(client, carol, draft)
    answer = press(client, carol, draft, "_return", review_note="To myself")
    assert answer.status_code == 403
    draft.refresh_from_db()
    assert draft.status == Status.PENDING


def test_a_writer_works_on_what_waits(client, carol, draft):
    send(client, carol, draft)
    press(client, carol, draft, "_save", title="Better", review_note="Now with dates")
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("Better", Status.PENDING)
    assert draft.review_note == "Now with dates"


def test_who_publishes_is_asked_for_no_note(client, alice):
    client.force_login(alice)
    assert "review_note" not in client.get("/admin/blog/post/add/").content.decode()


def test_a_note_is_shown_as_it_was_typed(client, carol, draft, alice):
    send(client, carol, draft, "<b>Bold</b>\nand a line")
    written = page(client, alice, edit(draft))
    assert "&lt;b&gt;Bold&lt;/b&gt;<br>and a line" in written


def test_a_copy_has_no_note(client, carol, draft, alice):
    send(client, carol, draft)
    copy = publishing.duplicate(draft, alice)
    assert (copy.review_note, copy.review_by) == ("", None)


def test_what_was_published_meanwhile_is_refused_with_what_was_typed(
    client, carol, draft, alice
):
    client.force_login(carol)
    data = form(draft, title="Typed meanwhile") | {"_draft": "1"}
    publishing.publish([draft], alice)
    answer = client.post(edit(draft), data)
    assert answer.status_code == 403
    assert "An editor has published it meanwhile" in answer.content.decode()
    assert "Typed meanwhile</textarea>" in answer.content.decode()
    assert "Back to the desk" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Talks"
