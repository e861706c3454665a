"""Feeds of posts, as feed readers and parsers of XML and JSON read them."""

from datetime import timedelta

import feedparser
import pytest
from defusedxml import ElementTree
from django.utils import timezone

from blog import freshness, publishing
from blog.models import Post, Redirect
from tests.builders import (
    at,
    make_category,
    make_media,
    make_page,
    make_post,
    make_user,
)
from tests.feed_reader import (
    FEEDS,
    SITE,
    XML_FEEDS,
    as_json,
    blog_example,
    keep,
    parsed,
    titles,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blog_example")]
__all__ = ["blog_example"]
SECRET = "Nobody may know"


@pytest.fixture
def post():
    return make_post(
        "Six nations & one <table>",
        guid="urn:uuid:6f0b0a0c-0000-4000-8000-000000000001",
        body="<p>They talked.</p>",
        author=make_user("dmitri", role="Author"),
        categories=[make_category("News")],
        tags=["talks"],
        published_at=at("2006-11-30 12:00"),
        updated_at=at("2006-12-01 09:30"),
        comment_count=4,
        touched_at=at("2006-12-02 10:00"),
    )


ADDRESS = f"{SITE}/2006/11/30/six-nations-one-table/"


def test_rss_says_all_of_a_post(client, post):
    found = parsed(client, "/feed/")
    assert found.version == "rss20"
    assert found.feed.link == f"{SITE}/"
    assert found.feed.language == "en"
    own = [link.href for link in found.feed.links if link.rel == "self"]
    assert own == [f"{SITE}/feed/"]
    (entry,) = found.entries
    assert entry.id == post.guid
    assert entry.guidislink is False
    assert entry.link == ADDRESS
    assert entry.published == "Thu, 30 Nov 2006 12:00:00 +0000"
    assert entry.author == "Dmitri"
    assert [tag.term for tag in entry.tags] == ["News", "talks"]
    assert entry.comments == f"{ADDRESS}#responses"
    assert entry.wfw_commentrss == f"{ADDRESS}feed/"
    assert entry.slash_comments == "4"
    assert entry.summary == "They talked."
    assert entry.content[0].value == "<p>They talked.</p>"
    item = ElementTree.fromstring(client.get("/feed/").content).find("channel/item")
    assert item.findtext("title") == "Six nations & one <table>"


def test_atom_says_all_of_a_post(client, post):
    found = parsed(client, "/feed/atom/")
    assert found.version == "atom10"
    assert found.feed.id == f"{SITE}/feed/atom/"
    assert found.feed.updated == "2006-12-01T09:30:00+00:00"
    (entry,) = found.entries
    assert entry.id == post.guid
    assert entry.link == ADDRESS
    assert entry.published == "2006-11-30T12:00:00+00:00"
    assert entry.updated == "2006-12-01T09:30:00+00:00"
    assert entry.author_detail.href == f"{SITE}/author/dmitri-writes/"
    (replies,) = [link for link in entry.links if link.rel == "replies"]
    assert replies.href == f"{ADDRESS}feed/atom/"
    assert replies["thr:count"] == "4"
    assert replies["thr:updated"] == "2006-12-02T10:00:00+00:00"


def test_json_feed_says_all_of_a_post(client, post):
    feed = as_json(client, "/feed/json/")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Quillback"
    assert feed["home_page_url"] == f"{SITE}/"
    assert feed["feed_url"] == f"{SITE}/feed/json/"
    assert feed["items"] == [
        {
            "id": post.guid,
            "url": ADDRESS,
            "title": "Six nations & one <table>",
            "content_html": "<p>They talked.</p>",
            "summary": "They talked.",
            "date_published": "2006-11-30T12:00:00+00:00",
            "date_modified": "2006-12-01T09:30:00+00:00",
            "authors": [{"name": "Dmitri", "url": f"{SITE}/author/dmitri-writes/"}],
            "tags": ["News", "talks"],
        }
    ]


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        ("/feed/", "application/rss+xml; charset=utf-8"),
        ("/feed/atom/", "application/atom+xml; charset=utf-8"),
        ("/feed/json/", "application/feed+json"),
    ],
)
def test_each_format_has_its_type_and_sets_no_cookie(client, address, content_type):
    answer = client.get(address)
    assert answer.headers["Content-Type"] == content_type
    assert not answer.cookies
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", FEEDS)
def test_only_what_is_public_is_in_a_feed(client, alice, address):
    client.force_login(alice)  # who may read all of it on the pages
    make_post("Public")
    make_post("Tomorrow", published_at=timezone.now() + timedelta(days=1))
    for status in (Post.Status.DRAFT, Post.Status.PENDING):
        make_post("Draft", status=status)
    make_post("Private", status=Post.Status.PRIVATE)
    make_post("Trash", status=Post.Status.TRASH)
    make_page("A page")
    assert titles(client, address) == ["Public"]


@pytest.mark.parametrize("address", FEEDS)
def test_a_locked_post_is_named_and_says_nothing(client, address):
    make_post(
        "Locked",
        body=f"<p>{SECRET}</p>",
        excerpt=SECRET,
        password="sesame",
        featured_image=make_media(alt=SECRET),
    )
    assert titles(client, address) == ["Locked"]
    text = client.get(address).text
    assert SECRET not in text
    assert "/media/" not in text


def test_lists_have_feeds_of_their_own(client):
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    author = make_user("dmitri", role="Author")
    make_post("Here", categories=[asia], tags=["talks"], author=author)
    make_post("Elsewhere")
    for path in ("category/news", "category/news/asia", "tag/talks"):
        for form in ("", "atom/", "json/"):
            assert titles(client, f"/{path}/feed/{form}") == ["Here"]
    found = parsed(client, "/author/dmitri-writes/feed/")
    assert [entry.title for entry in found.entries] == ["Here"]
    assert found.feed.title == "Dmitri · Quillback"
    assert found.feed.link == f"{SITE}/author/dmitri-writes/"


def test_what_there_is_no_list_of_has_no_feed(client):
    make_user("bob")
    for path in ("category/none", "tag/none", "author/bob-writes", "author/none"):
        assert client.get(f"/{path}/feed/").status_code == 404


def test_a_tag_may_be_called_feed(client):
    make_post("About readers", tags=["feed"])
    assert client.get("/tag/feed/").headers["Content-Type"].startswith("text/html")
    assert titles(client, "/tag/feed/feed/") == ["About readers"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/feed/rss/", "/feed/"),
        ("/feed/rss2/", "/feed/"),
        ("/feed/rdf/", "/feed/"),
        ("/?feed=rss2", "/feed/"),
        ("/?feed=rdf", "/feed/"),
        ("/?feed=atom", "/feed/atom/"),
        ("/?feed=comments-rss2", "/comments/feed/"),
        ("/tag/talks/feed/rss2/", "/tag/talks/feed/"),
    ],
)
def test_old_addresses_of_feeds_lead_on_at_once(client, old, new):
    make_post(tags=["talks"])
    answer = client.get(old)
    assert (answer.status_code, answer.headers.get("Location")) == (301, new)


def test_a_number_and_a_feed_mean_the_talk_below_it(client, post):
    path = post.get_absolute_url()
    found = client.get(f"/?feed=rss2&p={post.pk}")
    assert (found.status_code, found.headers["Location"]) == (301, f"{path}feed/")
    for query in ("feed=none", "feed=rss2&p=99999", "feed=rss2&p=x"):
        assert client.get(f"/?{query}").status_code == 404


def test_a_list_that_moved_takes_its_feeds_along(client):
    category = make_category("News")
    was = category.get_absolute_url()
    category.slug = "world"
    category.save()
    Redirect.leave(was, category.get_absolute_url())
    answer = client.get("/category/news/feed/atom/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/category/world/feed/atom/"


def test_a_category_that_stands_elsewhere_now_is_followed(client):
    asia = make_category("Asia", parent=make_category("News"))
    answer = client.get("/category/asia/feed/json/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{asia.get_absolute_url()}feed/json/"


# --- Asked again and again ----------------------------------------------------


@pytest.mark.parametrize("address", FEEDS)
def test_who_has_it_is_told_so(client, post, address):
    first = client.get(address)
    assert first.headers["Last-Modified"] == "Sat, 02 Dec 2006 10:00:00 GMT"
    same = {"if-none-match": first.headers["ETag"]}
    again = client.get(address, headers=same)
    assert (again.status_code, again.content) == (304, b"")
    since = {"if-modified-since": first.headers["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304


def test_any_change_is_news(client, post):
    def etag():
        return client.get("/feed/").headers["ETag"]

    seen = {etag()}
    category = post.categories.get()
    category.name = "World"
    category.save()
    seen.add(etag())
    Post.objects.filter(pk=post.pk).update(comment_count=5, touched_at=timezone.now())
    seen.add(etag())
    Post.objects.filter(pk=post.pk).update(status=Post.Status.PRIVATE)
    seen.add(etag())
    assert len(seen) == 4


def test_a_scheduled_post_is_news_when_it_appears(client, post):
    first = client.get("/feed/").headers["Last-Modified"]
    now = timezone.now()
    earlier = now - timedelta(days=3)
    make_post("Later", published_at=now - timedelta(minutes=1), updated_at=earlier)
    since = client.get("/feed/", headers={"if-modified-since": first})
    assert since.status_code == 200


def test_a_second_change_in_the_same_second_is_news(client, post, time_machine):
    """A date tells nothing of it, so that it is told when no other can come."""
    time_machine.move_to("2026-11-20 12:00:00.2Z", tick=False)
    make_post("First", published_at=timezone.now())
    with freshness.watched() as span:
        first = client.get("/feed/").headers
    assert "Last-Modified" not in first
    since = {"if-modified-since": "Fri, 20 Nov 2026 12:00:00 GMT"}
    assert client.get("/feed/", headers=since).status_code == 200
    # From then on a kept page is another one.
    assert span.until == at("2026-11-20 12:00:02")
    time_machine.move_to("2026-11-20 12:00:02Z", tick=False)
    told = client.get("/feed/").headers["Last-Modified"]
    assert told == since["if-modified-since"]
    assert client.get("/feed/", headers=since).status_code == 304


def test_whose_newest_post_is_taken_back_is_told_so(client, post):
    long_ago = at("2016-11-20 12:00")
    newest = make_post("Newest", published_at=long_ago, updated_at=long_ago)
    since = {"if-modified-since": client.get("/feed/").headers["Last-Modified"]}
    assert client.get("/feed/", headers=since).status_code == 304
    publishing.delete(Post.objects.filter(pk=newest.pk))
    assert client.get("/feed/", headers=since).status_code == 200


# How many a category or tag has is asked first: it says which way to them is shorter.
@pytest.mark.parametrize(
    ("address", "limit"),
    [("/feed/", 7), ("/category/news/feed/", 9), ("/tag/a/feed/", 8)],
)
def test_fifty_posts_cost_as_many_queries_as_one(
    client, address, limit, django_assert_max_num_queries
):
    keep(feed_items=50)
    news = make_category("News")
    author = make_user("dmitri", role="Author")
    media = make_media()
    for number in range(50):
        make_post(
            author=author,
            categories=[news],
            tags=["a", f"b{number}"],
            featured_image=media,
            body=f'<p><img src="{media.file.url}" alt=""></p>',
        )
    with django_assert_max_num_queries(limit):
        assert len(titles(client, address)) == 50


# --- Found by people and programs ---------------------------------------------


def test_a_browser_gets_what_it_can_show(client, post):
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*"}
    for address in XML_FEEDS:
        answer = client.get(address, headers=browser)
        assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert "Accept" in answer.headers["Vary"]
        assert "<?xml-stylesheet " in answer.text
        assert f'<a href="{ADDRESS}">' in answer.text
        assert '<p class="feed-address" dir="ltr">' in answer.text
        assert len(feedparser.parse(answer.content).entries) == 1
        reader = {"accept": "application/rss+xml, application/atom+xml, text/html"}
        for_reader = client.get(address, headers=reader)
        assert "xhtml" not in for_reader.text
        assert for_reader.headers["ETag"] != answer.headers["ETag"]
    shown = client.get("/feed/json/", headers=browser)
    assert shown.headers["Content-Type"] == "application/feed+json"


def test_pages_name_their_feeds(client, post):
    home = client.get("/").text
    for kind, path in (("rss+xml", ""), ("atom+xml", "atom/"), ("feed+json", "json/")):
        link = f'<link rel="alternate" type="application/{kind}" title="Quillback'
        assert link in home
        assert f'href="/feed/{path}">' in home
    assert 'href="/comments/feed/">' in home
    for path in ("/category/news/", "/tag/talks/", "/author/dmitri-writes/"):
        page = client.get(path).text
        assert f'href="{path}feed/">' in page
        assert page.index(f'href="{path}feed/">') < page.index('href="/feed/">')
    page = client.get(post.get_absolute_url()).text
    assert f'href="{post.get_absolute_url()}feed/">' in page
