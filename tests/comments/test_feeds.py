"""Feeds of what people say: everything everybody may read, and nothing else."""

import json
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from blog.models import Post, Redirect, SiteSettings
from comments.models import Comment
from tests.builders import at, make_comment, make_page, make_post
from tests.feed_reader import parsed

pytestmark = pytest.mark.django_db
SITE = "https://blog.example"
SECRET = "Nobody may know"
THREAD = "{http://purl.org/syndication/thread/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _at_blog_example(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def post():
    return make_post("Talks", published_at=at("2006-11-30 12:00"))


def said(client, address):
    return [entry.content[0].value for entry in parsed(client, address).entries]


def test_a_posts_feed_says_all_of_a_comment(client, post):
    comment = make_comment(
        post,
        "See [there](https://other.example/).",
        author_name="PatternRec",
        author_url="https://pattern.example/",
        created_at=at("2006-11-30 18:00"),
        body_format=Comment.Format.MARKDOWN,
    )
    found = parsed(client, f"{post.get_absolute_url()}feed/")
    assert found.feed.title == "Responses to “Talks” · Quillback"
    assert found.feed.link == f"{SITE}{post.get_absolute_url()}"
    (entry,) = found.entries
    assert entry.id == comment.guid
    assert entry.title == "PatternRec on “Talks”"
    assert entry.link == f"{SITE}/comments/{comment.pk}/"
    assert entry.author == "PatternRec"
    assert entry.published == "Thu, 30 Nov 2006 18:00:00 +0000"
    assert "https://other.example/" in entry.content[0].value
    assert "@example.org" not in client.get(f"{post.get_absolute_url()}feed/").text


def test_atom_says_who_answers_whom(client, post):
    first = make_comment(post, created_at=timezone.now() - timedelta(hours=3))
    make_comment(post, parent=first, created_at=timezone.now() - timedelta(hours=2))
    hidden = make_comment(post, state=Comment.State.SPAM)
    make_comment(post, parent=hidden)
    document = client.get(f"{post.get_absolute_url()}feed/atom/").content
    found = ElementTree.fromstring(document).findall(f"{ATOM}entry/{THREAD}in-reply-to")
    refs = [(answered.get("ref"), answered.get("href")) for answered in found]
    here = f"{SITE}{post.get_absolute_url()}"
    assert refs == [
        (post.guid, here),  # what it answers is not to be seen
        (first.guid, f"{SITE}/comments/{first.pk}/"),
        (post.guid, here),
    ]


def test_only_what_everybody_may_read_is_in_a_feed(client, post, alice):
    client.force_login(alice)
    for state in (Comment.State.PENDING, Comment.State.SPAM, Comment.State.TRASH):
        make_comment(post, SECRET, state=state)
    for fields in (
        {"password": "sesame"},
        {"status": Post.Status.PRIVATE},
        {"status": Post.Status.DRAFT},
        {"published_at": timezone.now() + timedelta(days=1)},
    ):
        make_comment(make_post(SECRET, **fields), SECRET)
    make_comment(post, "Seen by all.")
    for address in ("/comments/feed/", f"{post.get_absolute_url()}feed/"):
        assert said(client, address) == ["<p>Seen by all.</p>"]
        for form in ("", "atom/", "json/"):
            assert SECRET not in client.get(f"{address}{form}").text


def test_a_talk_that_is_not_open_has_no_feed(client):
    for fields in ({"password": "sesame"}, {"status": Post.Status.PRIVATE}):
        hidden = make_post("Hidden", slug="hidden", **fields)
        address = f"{hidden.get_absolute_url()}feed/"
        assert client.get(address).status_code == 404
        assert address not in client.get(hidden.get_absolute_url()).text
        hidden.delete()
    silent = make_page("About", comments_open=False)
    assert client.get(f"{silent.get_absolute_url()}feed/").status_code == 404


def test_a_page_has_a_feed_of_its_talk(client):
    page = make_page("About", comments_open=True)
    make_comment(page, "On a page.")
    assert said(client, "/about/feed/") == ["<p>On a page.</p>"]
    assert said(client, "/about/feed/atom/") == ["<p>On a page.</p>"]
    assert client.get("/about/feed/rss2/").headers["Location"] == "/about/feed/"
    assert client.get("/nowhere/feed/").status_code == 404


def test_a_post_that_moved_takes_its_feed_along(client, post):
    old = post.get_absolute_url()
    post.slug = "moved"
    post.save()
    Redirect.leave(old, post.get_absolute_url())
    answer = client.get(f"{old}feed/atom/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{post.get_absolute_url()}feed/atom/"


def test_json_feed_of_all_comments(client, post):
    comment = make_comment(post, "Hello & good day.")
    feed = json.loads(client.get("/comments/feed/json/").content)
    assert feed["home_page_url"] == f"{SITE}/"
    assert feed["feed_url"] == f"{SITE}/comments/feed/json/"
    (item,) = feed["items"]
    assert item["id"] == comment.guid
    assert item["content_html"] == "<p>Hello &amp; good day.</p>"
    assert item["summary"] == "Hello & good day."


def test_who_has_it_is_told_so_until_something_is_said(client, post):
    make_comment(post)
    address = f"{post.get_absolute_url()}feed/"
    same = {"if-none-match": client.get(address).headers["ETag"]}
    assert client.get(address, headers=same).status_code == 304
    make_comment(post)
    assert client.get(address, headers=same).status_code == 200


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_fifty_comments_cost_as_many_queries_as_one(
    client, post, form, django_assert_max_num_queries
):
    SiteSettings(feed_items=50).save()
    first = make_comment(post)
    for _ in range(50):
        make_comment(post, parent=first)
    with django_assert_max_num_queries(3):
        client.get(f"/comments/feed/{form}")
    with django_assert_max_num_queries(4):
        client.get(f"{post.get_absolute_url()}feed/{form}")
