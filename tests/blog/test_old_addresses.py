"""By every door of the desk: what was public at an address leads on, or says it is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import publishing
from blog.models import Category, Post, Redirect, Tag
from tests.blog.test_admin_posts import form
from tests.builders import at, make_category, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
DAY = at("2006-11-30 12:00")
PATH = "/2006/11/30/tea/"
Status = Post.Status


@pytest.fixture
def post() -> Post:
    post = make_post("Tea", slug="tea", published_at=DAY)
    publishing.save_post(post)
    return post


@pytest.fixture
def author():
    return make_user("dmitri", role="Author")


def leads(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 301, (path, answer.status_code)
    return answer["Location"]


# --- Posts


def test_the_form_of_a_post_leaves_a_redirect_for_slug_and_date(client, alice, post):
    client.force_login(alice)
    url = f"/admin/blog/post/{post.pk}/change/"
    client.post(url, form(post, slug="coffee") | {"_save": "1"})
    client.post(
        url, form(post, slug="coffee", published_at_0="2007-01-02") | {"_save": "1"}
    )
    client.logout()
    post.refresh_from_db()
    assert post.slug == "coffee"
    for path in (PATH, f"{PATH}feed/", f"{PATH}comment-page-2/"):
        assert leads(client, path).startswith(post.get_absolute_url())


def test_a_date_that_came_by_the_clock_is_not_forgotten(client, post, time_machine):
    """Public at one address, by the clock alone at the next, and renamed there."""
    soon = timezone.now() + timedelta(days=1)
    post.published_at = soon
    publishing.save_post(post)
    time_machine.move_to(soon + timedelta(minutes=1))
    between = Post.objects.get().get_absolute_url()
    post = Post.objects.get()
    post.slug = "coffee"
    publishing.save_post(post)
    for path in (PATH, between):
        assert leads(client, path) == post.get_absolute_url()
    publishing.delete([post])
    for path in (PATH, between, post.get_absolute_url()):
        assert client.get(path).status_code == 410


def test_a_page_below_that_came_by_the_clock_is_not_forgotten(client, time_machine):
    above = make_page("About")
    team = make_page("Team", parent=above)
    publishing.save_post(team)
    team.published_at, team.slug = timezone.now() + timedelta(days=1), "people"
    publishing.save_post(team)
    time_machine.move_to(team.published_at + timedelta(minutes=1))
    above.slug = "us"
    publishing.save_post(above)
    for path in ("/about/team/", "/about/people/"):
        assert leads(client, path) == "/us/people/"


def test_who_is_sent_on_to_what_was_withdrawn_hears_so_at_once(client, post):
    post.slug = "coffee"
    publishing.save_post(post)
    publishing.withdraw([post])
    assert client.get(PATH).status_code == 410
    publishing.publish([post])
    assert leads(client, PATH) == "/2006/11/30/coffee/"


# --- Categories


def test_a_category_moved_takes_its_pages_and_feeds_along_in_one_step(client):
    asia = make_category("Asia", make_category("News"))
    asia.parent = make_category("World")
    publishing.save_category(asia)
    for below in ("", "page/2/", "feed/", "feed/atom/"):
        old, new = f"/category/news/asia/{below}", f"/category/world/asia/{below}"
        assert leads(client, old) == new


def test_another_category_of_that_name_does_not_take_the_old_links(client):
    news, trade = make_category("News"), make_category("Trade")
    asia = make_category("Asia", news)
    asia.slug = "east"
    publishing.save_category(asia)
    make_category("Asia", trade)
    assert leads(client, "/category/news/asia/") == "/category/news/east/"
    assert leads(client, "/category/elsewhere/asia/") == "/category/trade/asia/"


def test_a_category_that_was_deleted_at_the_desk_is_gone(client, alice):
    news = make_category("News")
    news.slug = "newest"
    publishing.save_category(news)
    client.force_login(alice)
    client.post(f"/admin/blog/category/{news.pk}/delete/", {"post": "yes"})
    client.logout()
    assert not Category.objects.exists()
    for path in ("/category/newest/", "/category/news/", "/category/news/feed/"):
        assert client.get(path).status_code == 410


# --- Tags


@pytest.mark.parametrize("below", ["", "page/2/", "feed/", "feed/json/"])
def test_a_tag_renamed_takes_its_pages_and_feeds_along(client, alice, below):
    make_post(tags=["china"])
    client.force_login(alice)
    url = f"/admin/blog/tag/{Tag.objects.get().pk}/change/"
    client.post(url, {"name": "PRC", "slug": "prc"})
    client.logout()
    assert leads(client, f"/tag/china/{below}") == f"/tag/prc/{below}"


@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_tag_that_was_deleted_at_the_desk_is_gone(client, alice, is_bulk):
    make_post(tags=["china"])
    pk = Tag.objects.get().pk
    client.force_login(alice)
    if is_bulk:
        chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        client.post("/admin/blog/tag/", chosen)
    else:
        client.post(f"/admin/blog/tag/{pk}/delete/", {"post": "yes"})
    client.logout()
    assert not Tag.objects.exists()
    assert client.get("/tag/china/").status_code == 410
    make_post(tags=["china"])
    assert client.get("/tag/china/").status_code == 200


# --- Authors


def test_an_author_renamed_takes_their_pages_and_feeds_along(client, author):
    make_post(author=author)
    author.slug = "dima"
    publishing.save_user(author)
    for below in ("", "page/2/", "feed/"):
        assert (
            leads(client, f"/author/dmitri-writes/{below}") == f"/author/dima/{below}"
        )


def test_an_author_without_a_public_post_is_gone_until_there_is_one(client, author):
    post = make_post(author=author)
    publishing.withdraw([post])
    assert client.get("/author/dmitri-writes/").status_code == 410
    author.slug = "dima"
    publishing.save_user(author)
    assert leads(client, "/author/dmitri-writes/") == "/author/dima/"
    assert client.get("/author/dima/").status_code == 410
    publishing.publish([post])
    assert client.get("/author/dima/").status_code == 200


def test_whose_only_post_was_given_to_somebody_else_is_gone(client, author, alice):
    post = make_post(author=author)
    post.author = alice
    publishing.save_post(post)
    assert client.get("/author/dmitri-writes/").status_code == 410
    assert client.get("/author/alice-writes/").status_code == 200


def test_nobody_hears_of_an_account_that_never_published(client, author):
    author.slug = "dima"
    publishing.save_user(author)
    publishing.delete_user(author)
    assert client.get("/author/dmitri-writes/").status_code == 404
    assert not Redirect.objects.exists()


def test_an_author_who_was_deleted_is_gone_under_every_name(
    client, author, admin_client
):
    post = make_post(author=author)
    author.slug = "dima"
    publishing.save_user(author)
    publishing.delete([post])
    admin_client.post(f"/admin/blog/user/{author.pk}/delete/", {"post": "yes"})
    for path in ("/author/dmitri-writes/", "/author/dima/"):
        assert client.get(path).status_code == 410
