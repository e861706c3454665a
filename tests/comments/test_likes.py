"""Likes: of readers who are logged in, and of other blogs by webmention."""

import json
import re

import mf2py
import pytest
from django.core import serializers
from django.core.cache import cache
from django.test import Client

from blog.models import Post, SiteSettings, User
from comments import likes, posting, privacy
from comments.models import Comment, Like
from tests.builders import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
BUTTON = re.compile(
    r'<button class="quiet" name="like" value="(\d)" aria-pressed="(\w+)"'
)


@pytest.fixture(autouse=True)
def _calm():
    cache.clear()


@pytest.fixture
def bob() -> User:
    return make_user("bob", "Subscriber")


@pytest.fixture
def reader(bob) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def send(client: Client, post: Post, value: str = "1", **headers: str):
    address = f"/comments/like/{post.pk}/"
    return client.post(address, {"like": value}, headers=SAME_ORIGIN | headers)


def make_blog_like(post: Post, name: str = "Anna", **fields) -> Comment:
    number = Comment.objects.count()
    values = {
        "kind": "webmention",
        "author_name": name,
        "author_email": "",
        "source_url": f"https://there.example/{number}/",
        "source_data": {"type": "like"},
    }
    return make_comment(post, "", **(values | fields))


def likes_line(client: Client, post: Post) -> str:
    page = client.get(post.get_absolute_url()).text
    _, begins, rest = page.partition('<section class="likes"')
    return begins + rest.partition("</section>")[0]


def test_a_reader_likes_a_post_and_takes_it_back(reader, bob):
    post = make_post()
    assert BUTTON.search(likes_line(reader, post)).groups() == ("1", "false")
    answer = send(reader, post)
    assert answer.url == f"{post.get_absolute_url()}#likes"
    line = likes_line(reader, post)
    assert "One blogger likes this" in line
    assert ">Bob</bdi>" in line
    assert BUTTON.search(line).groups() == ("0", "true")
    send(reader, post, "0")
    assert not Like.objects.exists()
    assert "likes-count" not in likes_line(reader, post)


def test_twice_is_once(reader):
    post = make_post()
    send(reader, post)
    send(reader, post)
    assert Like.objects.count() == 1


def test_a_visitor_sees_the_count_and_the_way_to_log_in(client, bob):
    post = make_post()
    Like.objects.create(post=post, user=bob)
    line = likes_line(client, post)
    assert "One blogger likes this" in line
    assert f"/accounts/login/?next={post.get_absolute_url()}%23likes" in line
    assert "<form" not in line
    answer = send(client, post)
    assert answer.url.startswith("/accounts/login/?next=")
    assert Like.objects.count() == 1


def test_the_page_of_a_visitor_is_the_same_for_all(client, reader):
    post = make_post()
    send(reader, post)
    first, second = (Client().get(post.get_absolute_url()) for _ in range(2))
    assert first.content == second.content
    assert not first.cookies


def test_another_site_cannot_like_for_a_reader(reader):
    post = make_post()
    answer = send(reader, post, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "from another website" in answer.text
    assert not Like.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"status": "draft"}, {"status": "private"}, {"status": "trash"}]
)
def test_what_is_not_public_is_not_liked(reader, fields):
    assert send(reader, make_post(**fields)).status_code == 404


def test_a_locked_post_is_liked_by_who_opened_it_and_shows_nothing(reader):
    post = make_post(password="open")
    assert send(reader, post).status_code == 403
    assert not likes_line(reader, post)
    reader.post(f"/unlock/{post.pk}/", {"password": "open"}, headers=SAME_ORIGIN)
    assert send(reader, post).status_code == 302
    assert "One blogger" in likes_line(reader, post)


def test_who_changes_their_mind_too_often_waits(reader, monkeypatch):
    monkeypatch.setattr(likes, "MAX_CHANGES", 2)
    post = make_post()
    assert [send(reader, post, value).status_code for value in "101"] == [302, 302, 429]
    assert not Like.objects.exists()


def test_a_count_that_is_forgotten_meanwhile_begins_anew(reader, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args: False)
    assert send(reader, make_post()).status_code == 302


def test_the_keeper_may_switch_them_off(reader):
    SiteSettings(shows_likes=False).save()
    post = make_post()
    make_blog_like(post)
    assert not likes_line(reader, post)
    assert send(reader, post).status_code == 404


def test_likes_of_blogs_and_readers_are_counted_together(client, bob):
    post = make_post()
    make_blog_like(post, "Anna", author_url="https://anna.example/")
    held = make_blog_like(post, "Spammer", state="pending")
    Like.objects.create(post=post, user=bob)
    line = likes_line(client, post)
    assert "2 bloggers like this" in line
    assert 'href="https://anna.example/"' in line
    assert "Spammer" not in line
    posting.decide([held], Comment.State.APPROVED, "looked at")
    assert "3 bloggers like this" in likes_line(client, post)


def test_a_blogs_like_is_no_response_and_no_row_elsewhere(client):
    post = make_post()
    make_comment(post, "Said.")
    make_comment(post, "Linked.", kind="pingback", source_url="https://a.example/")
    make_blog_like(post)
    post.refresh_from_db()
    assert post.comment_count == 2
    page = client.get(post.get_absolute_url()).text
    assert "2 Responses to" in page
    elsewhere = page[page.index('id="elsewhere"') :]
    assert "liked this" not in elsewhere
    assert 'aria-label="Response 2, permalink"' in elsewhere


def test_its_own_address_leads_to_the_line(client):
    post = make_post()
    like = make_blog_like(post)
    answer = client.get(like.get_absolute_url())
    assert answer.url == f"{post.get_absolute_url()}#comment-{like.pk}"
    assert f'id="comment-{like.pk}"' in likes_line(client, post)


def test_a_like_that_was_answered_stands_in_the_talk(client):
    post = make_post()
    like = make_blog_like(post)
    make_comment(post, "Thank you!", parent=like)
    post.refresh_from_db()
    assert post.comment_count == 2
    assert "likes-count" not in likes_line(client, post)
    assert client.get(like.get_absolute_url()).status_code == 302


def test_a_like_that_becomes_a_reply_is_a_response(db):
    post = make_post()
    like = make_blog_like(post)
    like.source_data = {"type": "reply"}
    like.save(update_fields=["source_data", "is_like"])
    posting.recount([post.pk])
    post.refresh_from_db()
    assert post.comment_count == 1


def test_machines_read_them(client, bob):
    post = make_post("Talks")
    make_comment(post, "Well said.", author_name="Dmitri")
    make_blog_like(post, "Anna")
    Like.objects.create(post=post, user=bob)
    page = client.get(post.get_absolute_url()).text
    [entry] = mf2py.parse(doc=page, url="https://blog.example.org/")["items"][:1]
    names = [
        cite["properties"]["author"][0]["properties"]["name"]
        for cite in entry["properties"]["like"]
    ]
    assert sorted(names) == [["Anna"], ["Bob"]]
    said = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert said["interactionStatistic"]["userInteractionCount"] == 2
    assert said["commentCount"] == 1
    [comment] = said["comment"]
    assert (comment["text"], comment["author"]["name"]) == ("Well said.", "Dmitri")


def test_what_is_held_is_no_data(client):
    post = make_post()
    make_comment(post, "Held back.", state="pending")
    assert "Held back." not in client.get(post.get_absolute_url()).text


def test_many_are_named_and_the_others_counted(client, monkeypatch):
    monkeypatch.setattr(likes, "MAX_NAMED", 2)
    post = make_post()
    for number in range(3):
        make_blog_like(post, f"Blog {number}")
    Like.objects.create(post=post, user=make_user("carol"))
    line = likes_line(client, post)
    assert "4 bloggers like this" in line
    assert "and 2 more" in line


def test_it_is_one_query(django_assert_num_queries, bob):
    post = make_post()
    make_blog_like(post)
    Like.objects.create(post=post, user=bob)
    site = SiteSettings.current()
    with django_assert_num_queries(1):
        assert likes.of(post, site).count == 2


def test_pages_are_liked_too(reader):
    page = make_page("About")
    assert send(reader, page).status_code == 302
    assert "One blogger" in likes_line(reader, page)


def test_it_goes_with_its_reader(bob):
    Like.objects.create(post=make_post(), user=bob)
    bob.delete()
    assert not Like.objects.exists()


def test_a_person_is_told_what_they_like_and_it_is_erased(bob):
    post = make_post()
    Like.objects.create(post=post, user=bob)
    [told] = privacy.export(bob.email)["likes"]
    assert told["page"].endswith(post.get_absolute_url())
    assert "1 like" in str(privacy.erase(bob.email))
    assert not Like.objects.exists()


def test_a_fixture_names_it_by_post_and_reader(bob):
    like = Like.objects.create(post=make_post(), user=bob)
    text = serializers.serialize(
        "json", [like], use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    [loaded] = serializers.deserialize("json", text)
    assert loaded.object.pk == like.pk
