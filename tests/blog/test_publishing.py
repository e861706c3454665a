"""What people do to posts, pages and themselves, and what follows from it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from blog import publishing
from blog.models import Page, Post, Redirect, User
from tests.builders import at, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
Status = Post.Status
DAY = at("2006-11-30 12:00")


def redirects() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def save(post: Post, **changes) -> Post:
    """What the write page does: read, change, store."""
    fresh = Post.objects.get(pk=post.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    publishing.save_post(fresh)
    return fresh


# --- Redirects ----------------------------------------------------------------


def test_a_draft_takes_nobodys_old_address(client):
    moved = make_post(slug="moved", published_at=DAY)
    save(moved, slug="here")
    draft = make_post(slug="moved", published_at=DAY, status=Status.DRAFT)
    save(draft, slug="mine")
    assert redirects() == {"/2006/11/30/moved/": "/2006/11/30/here/"}


def test_a_withdrawn_post_tells_nobody_where_it_went(client):
    post = make_post(slug="known", published_at=DAY)
    publishing.withdraw([post])
    save(post, slug="secret")
    assert client.get("/2006/11/30/known/").status_code == 410
    publishing.publish([post])
    assert redirects() == {"/2006/11/30/known/": "/2006/11/30/secret/"}


def test_a_withdrawn_post_that_was_renamed_twice_leads_from_where_it_was_public():
    post = make_post(slug="known", published_at=DAY)
    publishing.withdraw([post])
    save(post, slug="second")
    save(post, slug="third")
    publishing.publish([post])
    assert redirects() == {"/2006/11/30/known/": "/2006/11/30/third/"}


def test_a_post_that_appeared_by_the_clock_was_public(time_machine):
    post = make_post(slug="soon", published_at=timezone.now() + timedelta(hours=1))
    day = post.published_on
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    renamed = save(post, slug="later")
    assert redirects() == {f"/{day:%Y/%m/%d}/soon/": renamed.get_absolute_url()}


def test_a_scheduled_post_leaves_no_redirect():
    post = make_post(slug="soon", published_at=timezone.now() + timedelta(hours=1))
    save(post, slug="later")
    assert redirects() == {}


def test_an_address_that_is_another_posts_by_now_stays_that_ones():
    first = make_post(slug="tea", published_at=DAY)
    publishing.withdraw([first])
    save(first, slug="coffee")
    second = make_post(slug="tea", published_at=DAY)
    publishing.publish([first])
    assert redirects() == {}
    save(second, slug="chai")
    assert redirects() == {"/2006/11/30/tea/": "/2006/11/30/chai/"}


def test_a_person_with_posts_leaves_a_redirect(client):
    author = make_user("anton", role="Author")
    make_post(author=author)
    author.slug = "anton-the-second"
    publishing.save_user(author)
    assert redirects() == {"/author/anton-writes/": "/author/anton-the-second/"}


# --- Many at once -------------------------------------------------------------


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.trash])
def test_what_is_done_to_many_overwrites_no_edit(act):
    post = make_post("Before")
    seen = list(Post.objects.filter(pk=post.pk))
    save(post, title="After", body="<p>New words.</p>")
    act(seen)
    post.refresh_from_db()
    assert (post.title, post.body) == ("After", "<p>New words.</p>")
    assert post.status != Status.PUBLISHED


def test_restoring_looks_at_the_row_not_at_what_was_seen():
    post = make_post(status=Status.TRASH)
    seen = list(Post.objects.filter(pk=post.pk))
    save(post, status=Status.PUBLISHED)
    assert publishing.restore(seen) == []
    post.refresh_from_db()
    assert post.is_public


# --- Pages --------------------------------------------------------------------


def test_a_child_stored_late_follows_its_parents_new_address():
    about = make_page("About")
    team = make_page("Team", parent=about)
    seen = Page.objects.select_related("parent").get(pk=team.pk)
    save(about, slug="us")
    seen.title = "Our team"
    publishing.save_post(seen)
    team.refresh_from_db()
    assert team.path == "us/team"


def test_a_circle_of_pages_is_refused_by_every_door():
    about = make_page("About")
    team = make_page("Team", parent=about)
    with pytest.raises(ValidationError, match="under itself"):
        save(about, parent_id=team.pk)
    about.parent_id = team.pk
    with pytest.raises(ValidationError, match="under itself"):
        about.full_clean()
    with pytest.raises(ValidationError, match="under itself"):
        about.save()


def test_a_page_above_a_broken_circle_can_be_renamed():
    about = make_page("About")
    team = make_page("Team", parent=about)
    story = make_page("Story", parent=team)
    Post.objects.filter(pk=team.pk).update(parent=story)
    Post.objects.filter(pk=about.pk).update(parent=None)
    with pytest.raises(ValidationError, match="under itself"):
        save(team, slug="crew")


@pytest.mark.parametrize("title", ["Media", "2006", "Archives"])
def test_below_a_page_the_addresses_of_the_top_are_free(client, title):
    page = make_page(title, parent=make_page("About"))
    assert page.get_absolute_url() == f"/about/{title.lower()}/"
    assert client.get(page.get_absolute_url()).status_code == 200
    assert make_page(title).slug == f"{title.lower()}-2"


# --- The day in the address ---------------------------------------------------


def test_another_time_zone_moves_no_address_when_a_post_is_saved(settings):
    post = make_post(slug="late", published_at=at("2006-11-30 23:30"))
    settings.TIME_ZONE = "Asia/Tokyo"  # there it was the first of December
    save(post, title="Edited")
    post.refresh_from_db()
    assert post.get_absolute_url() == "/2006/11/30/late/"


def test_a_new_moment_is_a_day_of_the_blogs_present_time_zone(settings):
    post = make_post(slug="late", published_at=at("2006-11-30 23:30"))
    settings.TIME_ZONE = "Asia/Tokyo"
    moved = save(post, published_at=post.published_at + timedelta(minutes=1))
    assert moved.published_on == date(2006, 12, 1)
    post.published_at += timedelta(days=9)
    post.save()
    assert post.published_on == date(2006, 12, 10)


# --- People -------------------------------------------------------------------


def test_a_login_is_not_given_away_in_another_case():
    user = User.objects.create(username="Carol", display_name="Carol")
    assert user.slug.startswith("author-")
    user.slug = "carol"
    with pytest.raises(ValidationError, match="must not be the login"):
        user.full_clean(exclude=["password"])
