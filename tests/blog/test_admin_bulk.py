"""What is done to many posts at once, and taken back."""

import re
from html import unescape

import pytest
from django.urls import reverse

from blog.models import Post
from tests.blog.test_admin_posts import LIST, act, said
from tests.builders import make_post, make_user

Status = Post.Status


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def state_of(post):
    return Post.objects.get(pk=post.pk).status


def press_undo(client, response):
    """Press the button in the message."""
    value = re.search(r'name="undo" value="([^"]+)"', response.content.decode())[1]
    return client.post(LIST + "undo/", {"undo": unescape(value)}, follow=True)


def trash_url(post):
    return reverse("admin:blog_post_trash", args=[post.pk])


def test_bulk_publish_leaves_the_private_and_says_so(editor):
    private = make_post(status=Status.PRIVATE)
    draft = make_post(status=Status.DRAFT, published_at=None)
    response = act(editor, "publish", private, draft)
    assert state_of(private) == Status.PRIVATE
    assert state_of(draft) == Status.PUBLISHED
    assert said(response) == [
        "1 post was published.",
        "1 private post stayed private.",
    ]


def test_bulk_publish_takes_nothing_out_of_the_trash(editor):
    thrown = make_post(status=Status.TRASH)
    response = editor.post(
        f"{LIST}?state=trash",
        {"action": "publish", "_selected_action": [thrown.pk]},
        follow=True,
    )
    assert state_of(thrown) == Status.TRASH
    assert said(response) == ["1 post stayed in the trash."]


def test_what_is_restored_is_said_to_be_a_draft(editor):
    thrown = [make_post(status=Status.TRASH) for _ in range(2)]
    response = act(editor, "restore", *thrown)
    assert said(response) == ["2 posts were restored as drafts."]
    assert {state_of(post) for post in thrown} == {Status.DRAFT}


def test_undo_takes_each_out_of_the_trash_as_it_was(editor):
    posts = [make_post(status=Status.PRIVATE), make_post()]
    response = act(editor, "move_to_trash", *posts)
    assert "“in the trash” in the filter shows them" in said(response)[0]
    assert {state_of(post) for post in posts} == {Status.TRASH}
    press_undo(editor, response)
    assert [state_of(post) for post in posts] == [Status.PRIVATE, Status.PUBLISHED]


def test_undo_refuses_what_it_did_not_sign(editor):
    post = make_post(status=Status.TRASH)
    response = editor.post(LIST + "undo/", {"undo": f"{post.pk}:published"})
    assert response.status_code == 302
    assert state_of(post) == Status.TRASH


def test_the_write_page_throws_away_too(editor):
    post = make_post(status=Status.PRIVATE)
    change = reverse("admin:blog_post_change", args=[post.pk])
    assert trash_url(post) in editor.get(change).content.decode()
    response = editor.post(trash_url(post), follow=True)
    assert state_of(post) == Status.TRASH
    press_undo(editor, response)
    assert state_of(post) == Status.PRIVATE


def test_nobody_throws_away_what_is_not_theirs(client, db):
    post = make_post()
    client.force_login(make_user("anton", role="Author"))
    assert client.post(trash_url(post)).status_code == 403
    own = make_post(author=make_user("carol", role="Contributor"))
    client.force_login(own.author)
    assert client.post(trash_url(own)).status_code == 403
    assert state_of(post) == state_of(own) == Status.PUBLISHED


def test_throwing_away_takes_a_post_request(editor):
    post = make_post()
    assert editor.get(trash_url(post)).status_code == 403
    assert state_of(post) == Status.PUBLISHED
