"""What was public and is not any more: 410, which says that nobody need ask again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import publishing
from blog.models import Post, Redirect
from tests.builders import at, make_comment, make_page, make_post

pytestmark = pytest.mark.django_db
DAY = at("2006-11-30 12:00")
PATH = "/2006/11/30/tea/"
Status = Post.Status


@pytest.fixture
def post() -> Post:
    return make_post("Tea", slug="tea", published_at=DAY)


def status(client, path: str = PATH) -> int:
    return client.get(path).status_code


def save(post: Post, **changes) -> None:
    post.refresh_from_db()
    for name, value in changes.items():
        setattr(post, name, value)
    publishing.save_post(post)


@pytest.mark.parametrize("act", [publishing.withdraw, publishing.trash])
def test_what_was_taken_back_is_gone_until_it_comes_back(client, post, act):
    act([post])
    assert status(client) == 410
    assert "What was here is gone" in client.get(PATH).text
    publishing.publish([post])
    assert status(client) == 200


def test_what_was_made_private_is_gone_for_others(client, post, alice):
    save(post, status=Status.PRIVATE)
    assert status(client) == 410
    client.force_login(alice)
    assert status(client) == 200


def test_the_page_is_the_same_for_everybody(client, post, bob):
    publishing.withdraw([post])
    before = client.get(PATH)
    client.force_login(bob)
    assert client.get(PATH).content == before.content
    assert not before.cookies
    assert "Cookie" not in before.headers.get("Vary", "")


def test_it_is_gone_in_every_spelling_and_so_is_its_talk(client, post):
    make_comment(post)
    publishing.withdraw([post])
    for path in (f"{PATH}?utm=1", f"{PATH}comment-page-2/"):
        assert status(client, path) == 410
    assert client.get(PATH[:-1], follow=True).status_code == 410


def test_its_number_leads_nowhere_any_more_either(client, post, alice):
    number = f"/?p={post.pk}"
    assert client.get(number)["Location"] == PATH
    publishing.withdraw([post])
    assert status(client, number) == 410
    assert status(client, f"/?page_id={post.pk}") == 410
    assert status(client, f"{number}0000") == 404
    client.force_login(alice)
    assert client.get(number, follow=True).status_code == 200


def test_a_post_nobody_ever_saw_is_not_gone(client):
    soon = make_post(slug="soon", published_at=timezone.now() + timedelta(hours=1))
    draft = make_post(slug="draft", status=Status.DRAFT, published_at=DAY)
    for post in (soon, draft):
        publishing.save_post(post)
        assert status(client, post.get_absolute_url()) == 404
        assert status(client, f"/?p={post.pk}") == 404
        publishing.trash([post])
        publishing.delete([post])
    assert not Redirect.objects.exists()


def test_what_was_deleted_for_ever_stays_gone(client, post):
    publishing.trash([post])
    publishing.delete([post])
    assert not Post.objects.exists()
    assert status(client) == 410
    assert status(client, f"{PATH}comment-page-2/") == 410


def test_all_that_led_to_it_is_gone_with_it(client, post):
    save(post, slug="coffee")
    assert client.get(PATH)["Location"] == "/2006/11/30/coffee/"
    publishing.trash([post])
    assert client.get(PATH, follow=True).status_code == 410
    publishing.delete([post])
    assert status(client) == 410


def test_a_new_post_at_that_address_takes_the_mark_away(client, post):
    publishing.delete([post])
    new = make_post("Tea", slug="tea", published_at=DAY, status=Status.DRAFT)
    publishing.publish([new])
    assert status(client) == 200
    assert not Redirect.objects.exists()


def test_an_address_that_is_another_posts_by_now_is_not_gone(client, post):
    publishing.withdraw([post])
    save(post, slug="old-tea")
    make_post("Green tea", slug="tea", published_at=DAY)
    assert status(client) == 200
    publishing.delete([post])
    assert status(client) == 200
    assert not Redirect.objects.exists()


def test_a_new_date_that_came_by_the_clock_leads_from_the_old_address(
    client, post, time_machine
):
    tomorrow = timezone.now() + timedelta(days=1)
    save(post, published_at=tomorrow)
    assert status(client) == 410
    time_machine.move_to(tomorrow + timedelta(minutes=1))
    assert client.get(PATH)["Location"] == post.get_absolute_url()
    further = client.get(f"{PATH}comment-page-2/")["Location"]
    assert further == f"{post.get_absolute_url()}comment-page-2/"
    assert client.get(PATH, follow=True).status_code == 200


def test_a_page_of_a_talk_that_is_too_far_is_not_found(client, post):
    assert status(client, f"{PATH}comment-page-9/") == 404


def test_pages_are_gone_as_posts_are(client):
    about = make_page("About")
    publishing.withdraw([about])
    assert status(client, "/about/") == 410
    publishing.delete([about])
    assert status(client, "/about/") == 410


def test_the_admin_deletes_for_ever_and_leaves_the_mark(client, alice, post):
    publishing.trash([post])
    client.force_login(alice)
    client.post(f"/admin/blog/post/{post.pk}/delete/", {"post": "yes"})
    client.logout()
    assert not Post.objects.exists()
    assert status(client) == 410


def test_the_keeper_marks_an_address_as_gone(client, admin_client, db):
    fields = {"old_path": "/old.html", "new_path": ""}
    admin_client.post("/admin/blog/redirect/add/", fields)
    assert status(client, "/old.html") == 410
    assert "gone" in admin_client.get("/admin/blog/redirect/").text
