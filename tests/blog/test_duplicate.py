"""A copy says the same, and is a draft of its own."""

import pytest

from blog import publishing
from blog.models import Page, Post
from comments.models import OutgoingPing
from tests.blog.test_admin_posts import act, said
from tests.builders import (
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

Status = Post.Status


def copy_of(post):
    return Post.objects.exclude(pk=post.pk).get()


def press(client, post, kind="post"):
    return client.post(f"/admin/blog/{kind}/{post.pk}/copy/", follow=True)


@pytest.fixture
def post(db):
    news = make_category("News")
    return make_post(
        "Talks",
        slug="talks",
        categories=[news],
        tags=["china", "c++"],
        excerpt="Short.",
        language="de",
        is_sticky=True,
        trackback_urls="https://other.example/trackback/",
        body='<p>See <a href="https://other.example/">there</a>.</p>',
    )


def test_it_says_the_same_and_is_filed_the_same(client, alice, post):
    make_comment(post)
    client.force_login(alice)
    response = press(client, post)
    copy = copy_of(post)
    assert response.redirect_chain == [(f"/admin/blog/post/{copy.pk}/change/", 302)]
    assert said(response) == ["This is a copy of “Talks”, a draft of its own."]
    assert (copy.title, copy.status, copy.author) == ("Copy of Talks", "draft", alice)
    same = ["body", "body_html", "excerpt", "language", "comments_open"]
    assert [getattr(copy, name) for name in same] == [
        getattr(post, name) for name in same
    ]
    assert list(copy.categories.all()) == list(post.categories.all())
    assert sorted(copy.tags.names()) == ["c++", "china"]


def test_what_belongs_to_the_one_post_stays_its_own(db, alice, post):
    make_comment(post)
    copy = publishing.duplicate(Post.objects.get(pk=post.pk), alice)
    assert copy.guid != post.guid
    assert (copy.published_at, copy.public_path, copy.trackback_urls) == (None, "", "")
    assert (copy.comment_count, copy.is_sticky) == (0, False)
    post.refresh_from_db()
    assert (post.title, post.slug, post.comment_count) == ("Talks", "talks", 1)


def test_nobody_is_told_before_it_is_published(db, alice, post, run_tasks):
    copy = publishing.duplicate(post, alice)
    run_tasks()
    assert not OutgoingPing.objects.filter(post=copy).exists()


def test_both_can_be_out_on_one_day(db, alice, post):
    copy = publishing.duplicate(post, alice)
    copy.published_at = post.published_at
    copy.status = Status.PUBLISHED
    publishing.save_post(copy)
    assert (copy.published_on, copy.slug) == (post.published_on, "talks-2")


def test_a_page_is_copied_beside_itself(client, alice):
    above = make_page("About")
    team = make_page("Team", parent=above)
    client.force_login(alice)
    press(client, team, "page")
    copy = Page.objects.get(title="Copy of Team")
    assert (copy.path, copy.parent_id) == ("about/team-2", above.pk)


def test_many_are_copied_from_the_list(client, alice):
    posts = [make_post() for _ in range(2)]
    client.force_login(alice)
    response = act(client, "duplicate", *posts)
    assert said(response) == ["2 posts were copied as drafts."]
    assert Post.objects.filter(status=Status.DRAFT, author=alice).count() == 2


def test_a_title_as_long_as_can_be_is_cut(db, alice):
    copy = publishing.duplicate(make_post("t" * 1000), alice)
    assert len(Post.objects.get(pk=copy.pk).title) == 1000


def test_a_contributor_copies_what_is_theirs_alone(client, db):
    carol = make_user("carol", role="Contributor")
    own, others = make_post(author=carol), make_post()
    client.force_login(carol)
    assert press(client, others).status_code == 403
    assert press(client, own).status_code == 200
    assert Post.objects.filter(title__startswith="Copy of").count() == 1


def test_a_copy_is_not_made_by_looking(client, alice, post):
    client.force_login(alice)
    assert client.get(f"/admin/blog/post/{post.pk}/copy/").status_code == 403
    assert Post.objects.count() == 1
