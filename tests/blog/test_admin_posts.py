"""The list of posts and the page they are written on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog import publishing
from blog.models import Page, Post, Redirect
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

LIST = "/admin/blog/post/"
ADD = "/admin/blog/post/add/"
Status = Post.Status


@pytest.fixture
def author(db):
    return make_user("anton", role="Author")


@pytest.fixture
def contributor(db):
    return make_user("carol", role="Contributor")


def edit(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def form(post=None, **fields):
    """What the browser sends for `post` as it stands, with `fields` changed."""
    values = {
        "title": post.title if post else "A title",
        "body": post.body if post else "<p>A text.</p>",
        "slug": post.slug if post else "",
        "published_at": "",
        "comments_open": "on",
        "sends_pings": "on",
        "tags": "",
    }
    if post and post.published_at:
        local = timezone.localtime(post.published_at)
        values["published_at"] = f"{local:%Y-%m-%dT%H:%M}"
    return values | fields


def act(client, action, *posts):
    rows = [post.pk for post in posts]
    return client.post(
        LIST + "?state=trash" if action == "restore" else LIST,
        {"action": action, "_selected_action": rows},
        follow=True,
    )


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("role", [None, "Subscriber"])
def test_readers_cannot_enter(client, db, role):
    client.force_login(make_user("bob", role=role))
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Administrator"])
def test_who_writes_sees_list_and_form(client, db, role):
    client.force_login(make_user("alice", role=role))
    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == 200
    assert client.get("/admin/").status_code == 200


def test_pages_of_the_admin_carry_no_inline_style(client, alice):
    make_post(categories=[make_category("Asia", make_category("News"))])
    make_page("Team", parent=make_page("About"))
    client.force_login(make_user("root", is_superuser=True, role="Administrator"))
    pages = [
        "",
        "post/",
        "post/add/",
        "page/",
        "page/add/",
        "category/",
        "category/add/",
    ]
    pages += [
        "tag/",
        "media/",
        "media/add/",
        "sitesettings/1/change/",
        "user/",
        "user/add/",
    ]
    for page in pages:
        html = client.get(f"/admin/blog/{page}").content.decode()
        assert "style=" not in html, page
        assert "<style" not in html, page


def test_list_takes_as_many_queries_for_30_posts_as_for_3(
    client, alice, django_assert_max_num_queries
):
    news = make_category("News")
    client.force_login(alice)
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make_post(author=alice, categories=[news], tags=["china", "japan"])
        client.get(LIST)
        with django_assert_max_num_queries(15) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_list_names_the_state_of_each_post(client, alice):
    make_post(status=Status.PENDING, published_at=None)
    make_post(published_at=timezone.now() + timedelta(days=400))
    make_post(date_is_estimated=True)
    make_post("Thrown away", status=Status.TRASH)
    client.force_login(alice)
    html = client.get(LIST).content.decode()
    for words in ("waiting for review", "scheduled for", "estimated"):
        assert words in html
    assert "Thrown away" not in html
    assert "Thrown away" in client.get(f"{LIST}?state=trash").content.decode()


def test_category_filter_finds_what_is_filed_below(client, alice):
    news = make_category("News")
    asia = make_category("Asia", news)
    make_post("Deep", categories=[asia])
    make_post("Elsewhere")
    client.force_login(alice)
    html = client.get(f"{LIST}?category={news.pk}").content.decode()
    assert "Deep" in html
    assert "Elsewhere" not in html


def test_search_looks_into_tags(client, alice):
    make_post("Found", tags=["six-party talks"])
    make_post("Not this one")
    client.force_login(alice)
    html = client.get(f"{LIST}?q=six-party").content.decode()
    assert "Found" in html
    assert "Not this one" not in html


def test_bulk_publish_says_how_many(client, alice):
    drafts = [make_post(status=Status.DRAFT, published_at=None) for _ in range(2)]
    later = make_post(
        status=Status.DRAFT, published_at=timezone.now() + timedelta(days=2)
    )
    client.force_login(alice)
    response = act(client, "publish", *drafts, later)
    assert said(response) == ["2 posts were published and 1 post was scheduled."]
    assert Post.objects.published().count() == 2


def test_two_drafts_with_one_slug_are_both_published(client, alice):
    twins = [
        make_post("Twin", slug="twin", status=Status.DRAFT, published_at=None)
        for _ in range(2)
    ]
    client.force_login(alice)
    act(client, "publish", *twins)
    assert {post.slug for post in Post.objects.published()} == {"twin", "twin-2"}


def test_trash_and_restore(client, alice):
    post = make_post()
    client.force_login(alice)
    act(client, "move_to_trash", post)
    post.refresh_from_db()
    assert post.status == Status.TRASH
    act(client, "restore", post)
    post.refresh_from_db()
    assert post.status == Status.DRAFT


def test_only_what_is_in_the_trash_can_be_deleted(client, alice):
    post = make_post()
    make_comment(post, parent=make_comment(post))
    client.force_login(alice)
    url = reverse("admin:blog_post_delete", args=[post.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    act(client, "move_to_trash", post)
    assert "Comments: 2" in client.get(url).content.decode()
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert not Post.objects.exists()


def test_contributor_cannot_publish_by_any_button(client, contributor):
    client.force_login(contributor)
    assert client.post(ADD, form(_publish="Publish")).status_code == 403
    client.post(ADD, form(status="published", visibility="private", _save="Save"))
    client.post(ADD, form(status="published", author="1", _review="Send"))
    assert not Post.objects.exclude(status__in=["draft", "pending"]).exists()
    assert {post.author for post in Post.objects.all()} == {contributor}
    draft = Post.objects.first()
    act(client, "publish", draft)
    draft.refresh_from_db()
    assert draft.status in (Status.DRAFT, Status.PENDING)


def test_contributor_sends_a_draft_for_review(client, contributor):
    client.force_login(contributor)
    client.post(ADD, form(_review="Send for review"))
    assert Post.objects.get().status == Status.PENDING


def test_contributor_cannot_touch_what_was_published(client, contributor):
    post = make_post("As the editor left it", author=contributor)
    client.force_login(contributor)
    response = client.post(edit(post), form(post, title="Changed", _draft="x"))
    assert response.status_code == 403
    act(client, "move_to_trash", post)
    post.refresh_from_db()
    assert (post.title, post.status) == ("As the editor left it", Status.PUBLISHED)


def test_author_cannot_change_or_see_another_ones_post(client, author, alice):
    post = make_post("Alice's", author=alice)
    client.force_login(author)
    client.post(edit(post), form(post, title="Taken over", _save="Update"))
    act(client, "move_to_trash", post)
    post.refresh_from_db()
    assert (post.title, post.status) == ("Alice's", Status.PUBLISHED)
    assert "Alice&#x27;s" not in client.get(LIST).content.decode()


def test_author_publishes_under_their_own_name(client, author, alice):
    client.force_login(author)
    client.post(ADD, form(author=alice.pk, _publish="Publish"))
    post = Post.objects.get()
    assert post.author == author
    assert post.is_public


def test_editor_changes_anybodys_post(client, alice, author):
    post = make_post("Before", author=author)
    client.force_login(alice)
    client.post(edit(post), form(post, title="After", author=author.pk, _save="Update"))
    post.refresh_from_db()
    assert (post.title, post.author) == ("After", author)


def test_a_date_to_come_schedules(client, alice):
    client.force_login(alice)
    response = client.post(
        ADD, form(published_at="2999-01-01T12:00:00", _publish="x"), follow=True
    )
    assert Post.objects.get().is_scheduled
    assert "will appear on" in said(response)[0]


def test_private_is_published_for_a_few(client, alice):
    client.force_login(alice)
    client.post(ADD, form(visibility="private", _publish="Publish"))
    post = Post.objects.get()
    assert post.status == Status.PRIVATE
    client.post(edit(post), form(post, visibility="public", _save="Update"))
    post.refresh_from_db()
    assert post.status == Status.PUBLISHED


def test_categories_and_tags_are_filed(client, alice):
    asia = make_category("Asia", make_category("News"))
    client.force_login(alice)
    client.post(
        ADD, form(categories=[asia.pk], tags="china, six-party talks", _draft="x")
    )
    post = Post.objects.get()
    assert list(post.categories.all()) == [asia]
    assert sorted(tag.name for tag in post.tags.all()) == ["china", "six-party talks"]


def test_opening_and_saving_changes_no_word_and_no_date(client, alice):
    body = '<p>One.</p>\n<!--more-->\n<p class="x">Two.</p><iframe src="/x"></iframe>'
    post = make_post(body=body, published_at=at("2006-11-30 12:34:56.789"))
    client.force_login(alice)
    html = client.get(edit(post)).content.decode()
    assert "markup the editor would drop" in html
    client.post(edit(post), form(post, _save="Update"))
    post.refresh_from_db()
    assert post.body == body
    assert post.published_at == at("2006-11-30 12:34:56.789")


def test_saving_does_not_overwrite_the_count_of_comments(alice):
    post = make_post()
    stale = Post.objects.get(pk=post.pk)
    make_comment(post)
    stale.title = "Edited meanwhile"
    publishing.save_post(stale)
    post.refresh_from_db()
    assert (post.title, post.comment_count) == ("Edited meanwhile", 1)


def test_a_new_slug_leaves_a_redirect(client, alice):
    post = make_post(slug="old", published_at=at("2006-11-30 12:00"))
    client.force_login(alice)
    client.post(edit(post), form(post, slug="new", _save="Update"))
    redirect = Redirect.objects.get()
    assert redirect.old_path == "/2006/11/30/old/"
    assert redirect.new_path == "/2006/11/30/new/"
    assert client.get("/2006/11/30/old/").status_code == 301


def test_a_draft_leaves_no_redirect(client, alice):
    post = make_post(slug="old", status=Status.DRAFT, published_at=None)
    client.force_login(alice)
    client.post(edit(post), form(post, slug="new", _draft="Save draft"))
    assert not Redirect.objects.exists()


def test_a_taken_slug_is_an_error_in_words(client, alice):
    make_post("First", slug="same", published_at=at("2006-11-30 12:00"))
    post = make_post(slug="other", published_at=at("2006-11-30 13:00"))
    client.force_login(alice)
    response = client.post(edit(post), form(post, slug="same", _save="Update"))
    assert "has this address already" in response.content.decode()
    post.refresh_from_db()
    assert post.slug == "other"


def test_pages_below_move_along_and_leave_redirects(client, alice):
    about = make_page("About", author=alice)
    team = make_page("Team", parent=about)
    make_page("Contact", parent=team)
    client.force_login(alice)
    url = reverse("admin:blog_page_change", args=[about.pk])
    client.post(url, form(about, slug="us", menu_order=0, parent="", _save="Update"))
    assert list(Page.objects.order_by("path").values_list("path", flat=True)) == [
        "us",
        "us/team",
        "us/team/contact",
    ]
    moved = dict(Redirect.objects.values_list("old_path", "new_path"))
    assert moved["/about/team/contact/"] == "/us/team/contact/"


def test_a_page_cannot_stand_below_itself(client, alice):
    about = make_page("About", author=alice)
    team = make_page("Team", parent=about)
    client.force_login(alice)
    url = reverse("admin:blog_page_change", args=[about.pk])
    client.post(url, form(about, menu_order=0, parent=team.pk, _save="Update"))
    about.refresh_from_db()
    assert about.parent is None


def test_new_pages_take_no_comments_unless_asked(client, alice):
    client.force_login(alice)
    response = client.get("/admin/blog/page/add/")
    assert response.context["adminform"].form["comments_open"].value() is False


def test_a_tag_that_is_too_long_is_an_error_in_words(client, alice):
    client.force_login(alice)
    response = client.post(ADD, form(tags=f"short, {'x' * 101}", _draft="x"))
    assert "a tag has at most 100 characters" in response.content.decode()
    assert not Post.objects.exists()


def test_tags_of_many_signs_have_slugs_that_fit(client, alice):
    client.force_login(alice)
    client.post(ADD, form(tags=f"{'+' * 40}, {'+' * 41}", _draft="x"))
    slugs = list(Post.objects.get().tags.values_list("slug", flat=True))
    assert len(set(slugs)) == 2
    assert all(len(slug) <= 100 for slug in slugs)


@pytest.mark.parametrize("words", ["ferry", "FERRIES", "the fer", '"the ferry"', "zü"])
def test_search_finds_drafts_by_words_and_beginnings(client, alice, words):
    make_post("The ferry to Zürich", status=Status.DRAFT, published_at=None)
    make_post("Not this one")
    client.force_login(alice)
    html = client.get(LIST, {"q": words}).content.decode()
    assert "The ferry to" in html
    assert "Not this one" not in html


@pytest.mark.parametrize("words", ["\0", '"', "-", "-ferry", "x" * 100_000, "AND ("])
def test_search_takes_any_words(client, alice, words):
    make_post("The ferry")
    client.force_login(alice)
    assert "The ferry" not in client.get(LIST, {"q": words}).content.decode()
