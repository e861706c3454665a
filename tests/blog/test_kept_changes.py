"""A published post is worked on, and readers see nothing of it before “Update”."""

import pytest
from django.urls import reverse

from blog import working_copies
from blog.models import Post, WorkingCopy
from tests.blog.test_admin_posts import LIST, edit, form
from tests.blog.test_autosaving import keep, shown
from tests.builders import make_category, make_post, make_user

Status = Post.Status


@pytest.fixture
def post(alice):
    return make_post("In public", author=alice, tags=["old"])


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def keep_changes(client, post, **fields):
    about = {"window": "one", "_keep": "1"}
    return client.post(edit(post), form(post, **(about | fields)), follow=True)


def hidden(response, name):
    return response.context["autosave"]["hidden"][name]


def test_what_is_kept_is_shown_at_the_desk_and_to_nobody_else(editor, client, post):
    news = make_category("News")
    keep(editor, post.author, post, title="In work")
    response = keep_changes(editor, post, title="In work", categories=news.pk, tags="a")
    html = response.content.decode()
    assert "Your changes are kept." in html
    assert "Changes that <bdi>Alice</bdi> kept on" in html
    page = shown(response)
    assert page["title"].value() == "In work"
    assert page["categories"].value() == [str(news.pk)]
    assert page["tags"].value() == "a"
    assert WorkingCopy.objects.get().is_kept
    post.refresh_from_db()
    assert (post.title, post.status) == ("In public", Status.PUBLISHED)
    assert "changes waiting" in editor.get(LIST).content.decode()
    client.logout()
    assert "In work" not in client.get(post.get_absolute_url()).content.decode()


def test_update_publishes_them(editor, post):
    response = keep_changes(editor, post, title="In work")
    fields = {name: hidden(response, name) for name in ("kept_at", "read_at")}
    editor.post(edit(post), form(post, title="In work", _save="Update", **fields))
    post.refresh_from_db()
    assert post.title == "In work"
    assert not WorkingCopy.objects.exists()
    assert "changes waiting" not in editor.get(LIST).content.decode()


def test_another_editor_goes_on_with_them(editor, client, post):
    keep_changes(editor, post, title="In work")
    dmitri = make_user("dmitri", role="Editor")
    client.force_login(dmitri)
    response = client.get(edit(post))
    assert shown(response)["title"].value() == "In work"
    kept_at = hidden(response, "kept_at")
    keep_changes(client, post, title="Further", kept_at=kept_at)
    copy = WorkingCopy.objects.get()
    assert (copy.title, copy.writer) == ("Further", dmitri)


def test_nobody_keeps_or_publishes_over_changes_they_have_not_seen(
    editor, client, post
):
    opened = hidden(keep_changes(editor, post, title="Alice's first"), "kept_at")
    dmitri = make_user("dmitri", role="Editor")
    client.force_login(dmitri)
    keep_changes(client, post, title="Dmitri's", kept_at=opened)
    client.force_login(post.author)
    response = keep_changes(client, post, title="Alice's second", kept_at=opened)
    assert "Dmitri kept other changes" in response.content.decode()
    assert shown(response)["title"].value() == "Alice's second"
    assert WorkingCopy.objects.get().title == "Dmitri's"
    sent = form(post, title="Alice's second", _save="Update", kept_at=opened)
    response = client.post(edit(post), sent)
    assert "Dmitri kept other changes" in response.content.decode()
    post.refresh_from_db()
    assert post.title == "In public"
    # Told of it, pressing again replaces them.
    again = hidden(response, "kept_at")
    sent = form(post, title="Alice's second", _save="Update", kept_at=again)
    client.post(edit(post), sent)
    post.refresh_from_db()
    assert post.title == "Alice's second"
    assert not WorkingCopy.objects.exists()


def test_they_are_discarded_after_a_look(editor, post):
    keep_changes(editor, post, title="In work")
    copy = WorkingCopy.objects.get()
    page = reverse("admin:blog_post_working_copy", args=[copy.key])
    html = editor.get(page).content.decode()
    assert "Kept by Alice on" in html
    assert "Discard the changes" in html
    stale = editor.post(page, {"seen": "long ago"}, follow=True)
    assert "It went on meanwhile." in stale.content.decode()
    assert WorkingCopy.objects.exists()
    editor.post(page, {"seen": copy.saved_at.isoformat()})
    assert not WorkingCopy.objects.exists()
    assert shown(editor.get(edit(post)))["title"].value() == "In public"


def test_what_one_form_does_not_show_stays_as_another_kept_it(editor, client, post):
    keep_changes(editor, post, title="In work", password="secret")
    copy = WorkingCopy.objects.get()
    anton = make_user("anton", role="Author")
    Post.objects.update(author=anton)
    client.force_login(anton)
    sent = form(post, title="Further", kept_at=copy.saved_at.isoformat(), _keep="1")
    del sent["tags"]
    client.post(edit(post), sent)
    copy.refresh_from_db()
    assert (copy.title, copy.value("password")) == ("Further", "secret")


def test_who_may_not_publish_changes_nothing_in_public_by_it(client, db):
    carol = make_user("carol", role="Contributor")
    post = make_post(author=carol)
    client.force_login(carol)
    assert keep_changes(client, post, title="Hers").status_code == 403
    draft = make_post(author=carol, status=Status.DRAFT)
    assert keep_changes(client, draft, title="Hers").status_code == 403
    copy = WorkingCopy.objects.create(
        post=post, writer=carol, is_kept=True, fields={"title": ["Kept"]}
    )
    page = reverse("admin:blog_post_working_copy", args=[copy.key])
    assert client.post(page).status_code == 403
    assert WorkingCopy.objects.exists()


def test_unfinished_posts_stand_above_the_list_and_on_the_first_page(
    editor, alice, bob
):
    WorkingCopy.objects.create(writer=alice, fields={"title": ["Begun"], "body": ["x"]})
    WorkingCopy.objects.create(writer=bob, fields={"title": ["Somebody else's"]})
    for page in (LIST, "/admin/"):
        html = editor.get(page).content.decode()
        assert "Begun" in html, page
        assert "Go on writing" in html
        assert "Somebody else's" not in html
    assert "Begun" not in editor.get("/admin/blog/page/").content.decode()


def test_of_two_who_keep_changes_at_the_same_moment_one_is_told(post, alice):
    dmitri = make_user("dmitri", role="Editor")
    # Both looked, and there were none.
    working_copies.keep_changes(post, alice, {"title": ["Alice's"]}, known_at="")
    with pytest.raises(working_copies.KeptMeanwhile, match="Alice kept other changes"):
        working_copies.keep_changes(post, dmitri, {"title": ["Dmitri's"]}, known_at="")
    assert WorkingCopy.objects.get().title == "Alice's"


def test_they_stay_when_who_kept_them_goes_and_what_they_began_does_not(
    client, post, django_user_model
):
    dmitri = make_user("dmitri", role="Editor")
    working_copies.keep_changes(post, dmitri, {"title": ["Dmitri's"]})
    working_copies.autosave(dmitri, {"title": ["Begun"]}, kind="post")
    client.force_login(django_user_model.objects.create_superuser("root"))
    page = f"/admin/blog/user/{dmitri.pk}/delete/"
    client.post(page, {"post": "yes"})
    assert not django_user_model.objects.filter(username="dmitri").exists()
    response = client.get(edit(post))
    assert shown(response)["title"].value() == "Dmitri's"
    assert "<bdi>Somebody</bdi> kept" in response.content.decode()
    assert WorkingCopy.objects.get().is_kept


def test_what_was_begun_by_nobody_there_any_more_is_forgotten(db):
    WorkingCopy.objects.create(writer=None)
    assert working_copies.forget_abandoned() == 1
