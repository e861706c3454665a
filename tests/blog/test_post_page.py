from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Post
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def test_a_post_stands_at_its_dated_permalink(client):
    make_post("No Progress", published_at=at("2006-11-30 12:00"))
    response = client.get("/2006/11/30/no-progress/")
    assert response.status_code == 200
    assert "No Progress" in response.text


def test_another_date_is_not_its_address(client):
    make_post("No Progress", published_at=at("2006-11-30 12:00"))
    assert client.get("/2006/12/30/no-progress/").status_code == 404


def test_the_address_stays_when_the_time_zone_changes(client, settings):
    make_post("Late", published_at=at("2006-11-30 23:30"))
    settings.TIME_ZONE = "Asia/Tokyo"  # there it was the first of December
    assert client.get("/2006/11/30/late/").status_code == 200


def test_it_shows_byline_categories_tags_and_date(client):
    author = make_user("dmitri", role="Author", bio="Writes.")
    news = make_category("News")
    post = make_post(
        author=author,
        categories=[make_category("Asia", news)],
        tags=["talks"],
        published_at=at("2006-11-30 12:00"),
    )
    page = client.get(post.get_absolute_url()).text
    assert "Dmitri" in page
    assert "/category/news/asia/" in page
    assert "/tag/talks/" in page
    assert "30 November 2006" in page


def test_it_leads_to_the_next_newer_and_older_post(client):
    oldest = make_post("Oldest", published_at=at("2006-11-01 12:00"))
    middle = make_post("Middle", published_at=at("2006-11-02 12:00"))
    newest = make_post("Newest", published_at=at("2006-11-02 12:00"))
    make_post("Draft", status="draft", published_at=at("2006-11-02 13:00"))
    context = client.get(middle.get_absolute_url()).context
    assert (context["older"], context["newer"]) == (oldest, newest)
    context = client.get(newest.get_absolute_url()).context
    assert (context["older"], context["newer"]) == (middle, None)


@pytest.mark.parametrize(
    ("status", "days", "is_public"),
    [
        ("published", -1, True),
        ("published", 1, False),
        ("draft", -1, False),
        ("pending", -1, False),
        ("private", -1, False),
        ("trash", -1, False),
    ],
)
def test_sql_and_python_agree_on_what_is_public(client, status, days, is_public):
    when = timezone.now() + timedelta(days=days)
    post = make_post(status=status, published_at=when)
    assert post.is_public is is_public
    assert Post.objects.published().exists() is is_public
    assert (client.get(post.get_absolute_url()).status_code == 200) is is_public


def test_a_scheduled_post_appears_by_the_clock_alone(client, time_machine):
    make_post("Soon", published_at=timezone.now() + timedelta(hours=1))
    assert "Soon" not in client.get("/").text
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert "Soon" in client.get("/").text


def test_an_editor_sees_a_draft_where_it_will_stand(client, alice, bob):
    draft = make_post("Draft", status="draft", published_at=None)
    assert draft.get_absolute_url() == f"/?p={draft.pk}"
    client.force_login(bob)
    assert client.get(f"/?p={draft.pk}").status_code == 404
    client.force_login(alice)
    assert "Only you and the editors see this" in client.get(f"/?p={draft.pk}").text


def test_an_old_number_goes_to_the_permalink(client):
    post = make_post()
    response = client.get(f"/?p={post.pk}")
    assert (response.status_code, response["Location"]) == (
        301,
        post.get_absolute_url(),
    )


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "٣"])
def test_a_number_nobody_has_is_not_found(client, number):
    assert client.get("/", {"p": number}).status_code == 404


def test_who_names_no_number_is_at_home(client):
    assert client.get("/", {"p": ""}).status_code == 200


def test_an_untitled_post_is_called_by_its_first_words(client):
    post = make_post("", body="<p>One two three four five six seven eight nine.</p>")
    assert post.headline == "One two three four five six seven eight…"
    assert post.slug == "one-two-three-four-five-six-seven-eight"
    assert post.headline in client.get(post.get_absolute_url()).text


def test_two_posts_of_a_day_with_one_title_have_two_addresses():
    first = make_post("Same", published_at=at("2006-11-30 12:00"))
    second = make_post("Same", published_at=at("2006-11-30 13:00"))
    other_day = make_post("Same", published_at=at("2006-12-01 13:00"))
    assert [p.slug for p in (first, second, other_day)] == ["same", "same-2", "same"]


def test_a_page_stands_at_its_full_path(client):
    about = make_page("About")
    team = make_page("Team", parent=about)
    assert team.get_absolute_url() == "/about/team/"
    assert client.get("/about/team/").status_code == 200
    assert client.get("/team/").status_code == 404


def test_a_page_cannot_take_an_address_of_the_blog():
    assert make_page("Archives").slug == "archives-2"
    assert make_page("2006").slug == "2006-2"


def test_a_password_locks_text_and_talk(client):
    post = make_post(body="<p>Secret words.</p>", password="open")
    make_comment(post, "Secret talk.")
    page = client.get(post.get_absolute_url())
    assert "Secret" not in page.text
    assert "Secret" not in client.get("/").text
    wrong = client.post(f"/unlock/{post.pk}/", {"password": "x"}, headers=SAME_ORIGIN)
    assert wrong.status_code == 403
    assert "not the password" in wrong.text
    client.post(f"/unlock/{post.pk}/", {"password": "open"}, headers=SAME_ORIGIN)
    assert "Secret words." in client.get(post.get_absolute_url()).text


def test_a_new_password_locks_everybody_out_again(client):
    post = make_post(body="<p>Secret words.</p>", password="open")
    client.post(f"/unlock/{post.pk}/", {"password": "open"}, headers=SAME_ORIGIN)
    post.password = "other"
    post.save()
    assert "Secret" not in client.get(post.get_absolute_url()).text


def test_no_reader_gets_a_cookie(client):
    post = make_post(categories=[make_category("News")], tags=["a"])
    make_comment(post)
    for url in ("/", post.get_absolute_url(), "/archives/", "/tag/a/", "/nowhere/"):
        assert not client.get(url).cookies, url


# Two of them count all posts, and are asked again only where some have changed. With
# pages of comments one more is asked: how many there are.
@pytest.mark.parametrize(("comments", "limit"), [(0, 13), (3, 13), (60, 14)])
def test_a_post_page_asks_thirteen_queries_at_most(
    client, comments, limit, django_assert_max_num_queries
):
    author = make_user("dmitri", role="Author")
    post = make_post(author=author, categories=[make_category("News")], tags=["a"])
    make_post(published_at=at("2006-01-01 12:00"))
    make_post()
    last = None
    for number in range(comments):
        last = make_comment(post, parent=last if number % 3 else None)
    with django_assert_max_num_queries(limit):
        assert client.get(post.get_absolute_url()).status_code == 200
