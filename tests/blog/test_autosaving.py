"""What is being written is kept beside the post, shown again, and forgotten when saved."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from blog import working_copies
from blog.models import Post, WorkingCopy
from tests.blog.test_admin_posts import ADD, edit, form
from tests.builders import make_category, make_page, make_post, make_user

Status = Post.Status
NEW = reverse("admin:blog_post_autosave")


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def address(post, name="autosave"):
    kind = "page" if post.is_page else "post"
    return reverse(f"admin:blog_{kind}_{name}", args=[post.pk])


def keep(client, user, post=None, url=None, **fields):
    """Autosave what the browser would send of `post` with `fields` changed."""
    about = {"writer": user.pk, "window": "one", "copy_at": ""}
    url = url or (address(post) if post else NEW)
    return client.post(url, form(post, **(about | fields)))


def shown(response):
    return response.context["adminform"].form


def test_an_autosave_is_kept_beside_the_post_and_leaves_it_alone(editor, alice):
    post = make_post("As it is", author=alice)
    before = Post.objects.values().get()
    response = keep(editor, alice, post, title="As it will be")
    assert response.status_code == 200
    assert response.json()["sentence"].startswith("Saved on the server at ")
    assert Post.objects.values().get() == before
    assert not Version.objects.exists()
    copy = WorkingCopy.objects.get()
    assert (copy.title, copy.post, copy.writer) == ("As it will be", post, alice)


def test_one_window_has_one_row_however_often_it_saves(editor, alice):
    post = make_post(author=alice)
    for title in ("One", "Two", "Three"):
        assert keep(editor, alice, post, title=title).status_code == 200
    assert WorkingCopy.objects.get().title == "Three"


def test_another_window_does_not_write_over_it(editor, alice):
    post = make_post(author=alice)
    first = keep(editor, alice, post, title="One")
    refused = keep(editor, alice, post, title="Two", window="two")
    assert refused.status_code == 409
    assert "another window" in refused.json()["sentence"]
    assert WorkingCopy.objects.get().title == "One"
    # It restored the other's: now it goes on from there.
    known = first.json()["copy_at"]
    response = keep(editor, alice, post, title="Two", window="two", copy_at=known)
    assert response.status_code == 200
    assert WorkingCopy.objects.get().title == "Two"


def test_a_new_post_is_kept_by_its_key_and_opened_by_it(editor, alice):
    news = make_category("News")
    key = str(uuid.uuid4())
    fields = {
        "copy_key": key,
        "title": "Half",
        "categories": [news.pk],
        "tags": "a, b",
        "excerpt": "Short.",
        "published_at": "2031-01-02T03:04",
        "comments_open": "",
    }
    data = {"writer": alice.pk, "window": "one", "as_html": "0"} | fields
    del data["comments_open"]
    assert editor.post(NEW, data).json()["key"] == key
    assert not Post.objects.exists()
    response = editor.get(f"{ADD}?key={key}")
    page = shown(response)
    values = {name: page[name].value() for name in ("title", "tags", "excerpt")}
    assert values == {"title": "Half", "tags": "a, b", "excerpt": "Short."}
    assert page["categories"].value() == [str(news.pk)]
    assert page["comments_open"].value() is False
    html = response.content.decode()
    assert 'value="2031-01-02T03:04"' in html
    assert f'name="copy_key" value="{key}"' in html


def test_saving_forgets_it(editor, alice):
    post = make_post(author=alice)
    keep(editor, alice, post, title="Two")
    editor.post(edit(post), form(post, title="Two", window="one", _save="Update"))
    assert Post.objects.get().title == "Two"
    assert not WorkingCopy.objects.exists()


def test_saving_a_new_one_forgets_it(editor, alice):
    key = str(uuid.uuid4())
    keep(editor, alice, copy_key=key)
    about = {"window": "one", "copy_key": key}
    editor.post(ADD, form(author=alice.pk, _draft="Save draft", **about))
    assert Post.objects.exists()
    assert not WorkingCopy.objects.exists()


def test_saving_leaves_what_another_window_keeps(editor, alice):
    post = make_post(author=alice)
    keep(editor, alice, post, title="In the other window")
    editor.post(edit(post), form(post, title="Two", window="two", _save="Update"))
    assert WorkingCopy.objects.get().title == "In the other window"


def test_what_was_not_saved_is_offered_and_restored_by_its_address(editor, alice):
    post = make_post("Stored", author=alice)
    keep(editor, alice, post, title="Newer", tags="one, two")
    response = editor.get(edit(post))
    html = response.content.decode()
    assert "You were writing this" in html
    assert shown(response)["title"].value() == "Stored"
    copy = WorkingCopy.objects.get()
    response = editor.get(f"{edit(post)}?key={copy.key}")
    assert shown(response)["title"].value() == "Newer"
    assert shown(response)["tags"].value() == "one, two"
    html = response.content.decode()
    assert "You were writing this" not in html
    assert f'name="copy_at" value="{copy.saved_at.isoformat()}"' in html


def test_what_does_not_differ_is_not_offered(editor, alice):
    post = make_post("Stored", author=alice, pings_open=False)
    keep(editor, alice, post, author=alice.pk)
    response = editor.get(edit(post))
    assert b"You were writing this" not in response.content


def test_a_form_is_shown_again_as_it_was_sent_and_nothing_is_stored(editor, alice):
    post = make_post("Stored", author=alice)
    sent = form(post, title="From this computer", _restore="1", read_at="")
    response = editor.post(edit(post), sent)
    assert shown(response)["title"].value() == "From this computer"
    assert Post.objects.get().title == "Stored"
    assert not WorkingCopy.objects.exists()


def test_what_was_typed_as_html_goes_along_to_the_editor(editor):
    sent = form(body="One.\n\nTwo.", as_html="0", _restore="1", _from_html="1")
    response = editor.post(ADD, sent)
    assert shown(response)["body"].value() == "<p>One.</p>\n<p>Two.</p>"
    assert b'name="as_html" value="0"' in response.content


def test_html_stays_html(editor, alice):
    post = make_post(author=alice, body="<p>Plain.</p>")
    keep(editor, alice, post, body="One.\n\nTwo.", as_html="1")
    key = WorkingCopy.objects.get().key
    response = editor.get(f"{edit(post)}?key={key}")
    assert shown(response)["body"].value() == "One.\n\nTwo."
    assert b'name="as_html" value="1"' in response.content
    editor.post(
        edit(post), form(post, body="One.\n\nTwo.", as_html="1", _save="Update")
    )
    assert Post.objects.get().body == "<p>One.</p>\n<p>Two.</p>"


def test_pages_are_kept_too(editor, alice):
    page = make_page("About", author=alice)
    assert keep(editor, alice, page, title="About us").status_code == 200
    assert WorkingCopy.objects.get().kind == Post.Kind.PAGE


# --- Who may


def test_nobody_keeps_anything_of_a_post_that_is_not_theirs(client, alice, bob):
    author = make_user("anton", role="Author")
    post = make_post(author=alice)
    client.force_login(author)
    assert keep(client, author, post).status_code == 403
    client.force_login(bob)
    assert keep(client, bob, post).status_code == 302
    client.logout()
    assert keep(client, alice, post).status_code == 302
    assert not WorkingCopy.objects.exists()


def test_a_contributor_keeps_nothing_of_what_is_published(client, db):
    carol = make_user("carol", role="Contributor")
    client.force_login(carol)
    post = make_post(author=carol)
    assert keep(client, carol, post).status_code == 403
    draft = make_post(author=carol, status=Status.DRAFT)
    assert keep(client, carol, draft, password="secret").status_code == 200
    # What they may not decide is not kept either.
    assert "password" not in WorkingCopy.objects.get().fields


def test_somebody_elses_key_shows_nothing_and_is_not_written_over(client, alice):
    key = str(uuid.uuid4())
    client.force_login(alice)
    keep(client, alice, copy_key=key, title="Hers")
    dmitri = make_user("dmitri", role="Editor")
    client.force_login(dmitri)
    assert keep(client, dmitri, copy_key=key, title="His").status_code == 413
    assert WorkingCopy.objects.get().title == "Hers"
    response = client.get(f"{ADD}?key={key}")
    assert b"Hers" not in response.content
    assert b"was saved, or thrown away" in response.content
    page = reverse("admin:blog_post_working_copy", args=[key])
    assert client.get(page).status_code == 403
    assert client.post(page).status_code == 403
    assert WorkingCopy.objects.exists()


def test_who_logged_in_meanwhile_keeps_nothing_for_another(editor, alice, bob):
    response = keep(editor, bob, make_post(author=alice))
    assert response.status_code == 403
    assert "Somebody else is logged in" in response.json()["sentence"]
    assert not WorkingCopy.objects.exists()


def test_it_takes_posts_alone_with_their_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    post = make_post(author=alice)
    assert client.get(address(post)).status_code == 405
    assert keep(client, alice, post).status_code == 403
    assert not WorkingCopy.objects.exists()


def test_a_form_with_a_stale_token_is_refused_in_plain_words(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    post = make_post("Stored", author=alice)
    response = client.post(edit(post), form(post, title="Sent", _save="Update"))
    assert response.status_code == 403
    assert "while this form was open" in response.content.decode()
    assert Post.objects.get().title == "Stored"


def test_too_much_is_refused_with_a_sentence(editor, alice, monkeypatch):
    monkeypatch.setattr(working_copies, "MAX_BYTES", 1000)
    response = keep(editor, alice, make_post(author=alice), body="x" * 1001)
    assert response.status_code == 413
    assert "on this computer" in response.json()["sentence"]


def test_no_more_than_so_many_new_posts_are_begun(editor, alice, monkeypatch):
    monkeypatch.setattr(working_copies, "MAX_UNFINISHED", 2)
    for _ in range(2):
        assert keep(editor, alice, copy_key=str(uuid.uuid4())).status_code == 200
    refused = keep(editor, alice, copy_key=str(uuid.uuid4()))
    assert "Throw some of them away" in refused.json()["sentence"]


# --- Looked at and thrown away


def test_what_differs_is_shown_and_can_be_thrown_away(editor, alice):
    news = make_category("News")
    post = make_post("Stored", author=alice)
    fields = {"title": "Newer", "body": "<p>Other words.</p>", "categories": news.pk}
    keep(editor, alice, post, **fields)
    copy = WorkingCopy.objects.get()
    page = reverse("admin:blog_post_working_copy", args=[copy.key])
    html = editor.get(page).content.decode()
    for word in ("Newer", "Stored", "News", "Other"):
        assert word in html
    response = editor.post(page, follow=True)
    assert "The draft is thrown away." in response.content.decode()
    assert not WorkingCopy.objects.exists()
    assert Post.objects.get().title == "Stored"
    gone = editor.get(page, follow=True)
    assert "not here any more" in gone.content.decode()


def test_abandoned_ones_are_forgotten(alice):
    old = timezone.now() - timedelta(days=31)
    post = make_post(author=alice)
    WorkingCopy.objects.create(writer=alice, saved_at=old)
    WorkingCopy.objects.create(writer=alice, post=post, saved_at=old, is_kept=True)
    young = WorkingCopy.objects.create(writer=alice)
    assert working_copies.forget_abandoned() == 1
    assert young in WorkingCopy.objects.all()
    assert WorkingCopy.objects.filter(is_kept=True).exists()


def test_they_go_with_their_writer(alice):
    WorkingCopy.objects.create(writer=alice, fields={"title": ["Mine"]})
    alice.delete()
    assert not WorkingCopy.objects.exists()
