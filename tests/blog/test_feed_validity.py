"""Every feed is valid, and says all that is asked of it: WebSub, parts, icons."""

import feedparser
import pytest

from blog import feeds
from blog.models import SiteSettings
from tests.blog.test_icons import choose
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_media,
    make_post,
    make_user,
)
from tests.feed_checks import faults_of_atom, faults_of_json, faults_of_rss
from tests.feed_reader import SITE, as_json, blog_example, keep, parsed, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blog_example")]
__all__ = ["blog_example"]
HOSTILE = "]]> <b>\u202e</title> & \x0b \ud7ff “é” 🎉"
BODY = (
    '<p onclick="x()">One <a href="/about/">two</a> <script>three()</script></p>'
    '<p><img src="{src}" alt="A > B"></p><p><audio controls src="{src}"></audio></p>'
    '<iframe src="https://example.org/"></iframe><style>p {{ color: red }}</style>'
)


@pytest.fixture
def full_blog():
    media = make_media()
    news = make_category("News & <views>")
    asia = make_category("Asia", parent=news)
    author = make_user("dmitri", role="Author", website="https://d.example/")
    posts = [
        make_post(
            title,
            body=BODY.format(src=media.file.url),
            excerpt=HOSTILE,
            featured_image=media,
            author=author,
            categories=[asia],
            tags=["talks", "차"],
            language=language,
            published_at=at(f"2006-11-{number:02} 12:00"),
        )
        for number, (title, language) in enumerate(
            [(HOSTILE, ""), ("", "ar"), ("Plain", "pt-br")], start=10
        )
    ]
    make_post("Locked", password="tea", categories=[asia], author=None)
    first = make_comment(posts[0], HOSTILE, author_name=HOSTILE[:20])
    make_comment(posts[0], "Yes", parent=first, author_url="https://bob.example/ä")
    SiteSettings(title=HOSTILE, description=HOSTILE).save()
    return posts


def places(posts):
    path = posts[0].get_absolute_url()
    return [
        "/",
        "/category/news-views/",
        "/category/news-views/asia/",
        "/tag/talks/",
        "/tag/%EC%B0%A8/",
        "/author/dmitri-writes/",
        "/comments/",
        path,
    ]


@pytest.mark.parametrize("style", ["whole", "excerpt"])
def test_every_feed_is_valid(client, full_blog, style, settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    keep(feed_style=style)
    for place in places(full_blog):
        address = f"{place}feed/"
        rss = client.get(address).content
        assert faults_of_rss(rss, SITE + address) == [], address
        atom = client.get(f"{address}atom/").content
        assert faults_of_atom(atom, f"{SITE}{address}atom/") == [], address
        feed = as_json(client, f"{address}json/")
        assert faults_of_json(feed, f"{SITE}{address}json/") == [], address


def test_what_a_browser_is_shown_is_a_feed_too(client, full_blog):
    for form in ("", "atom/"):
        shown = client.get(f"/feed/{form}", headers={"accept": "text/html"})
        assert len(feedparser.parse(shown.content).entries) == 4


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_an_empty_feed_is_valid(client, form):
    address = f"{SITE}/feed/{form}"
    if form == "json/":
        assert faults_of_json(as_json(client, "/feed/json/"), address) == []
    else:
        check = faults_of_atom if form else faults_of_rss
        assert check(client.get(f"/feed/{form}").content, address) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"<link>https", b"<link>/https"),
        (b'<guid isPermaLink="false">', b'<guid isPermaLink="false">x</guid><guid>'),
        (b"<pubDate>", b"<pubDate>Sometime "),
        (b'length="', b'length="x'),
        (b'rel="self"', b'rel="selfish"'),
        (b"<language>en", b"<language>english!"),
        (b"<title>", b"<title>x</title><title>"),
    ],
)
def test_the_checks_find_what_is_wrong(client, full_blog, good, bad):
    document = client.get("/feed/").content
    assert good in document
    assert faults_of_rss(document.replace(good, bad), f"{SITE}/feed/")


# --- The icon ---------------------------------------------------------------------


def test_feeds_show_the_icon(client, run_tasks):
    make_post()
    site = choose(run_tasks, make_media((520, 520)))
    address = {
        made["width"]: f"{SITE}/media/{made['name']}" for made in site.icon_files
    }
    found = parsed(client, "/feed/").feed
    assert found.image.href == address[32]
    assert found.image.link == found.link
    found = parsed(client, "/feed/atom/").feed
    assert found.icon == address[32]
    assert "-512.png" in found.logo
    feed = as_json(client, "/feed/json/")
    assert feed["favicon"] == found.icon
    assert feed["icon"] == found.logo


# --- Parts: RFC 5005, section 3 ---------------------------------------------------


def next_of(client, address):
    if "json" in address:
        return as_json(client, address).get("next_url")
    links = parsed(client, address).feed.links
    return next((link.href for link in links if link.rel == "next"), None)


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_what_came_before_is_in_the_next_part(client, form):
    keep(feed_items=2)
    for number in range(5):
        make_post(str(number), published_at=at(f"2006-11-{number + 10} 12:00"))
    address, seen = f"/feed/{form}", []
    while address:
        seen += titles(client, address)
        following = next_of(client, address)
        address = following and following.removeprefix(SITE)
    assert seen == ["4", "3", "2", "1", "0"]
    assert client.get(f"/feed/{form}?paged=4").status_code == 404


def test_parts_are_of_one_feed(client):
    keep(feed_items=1)
    for _ in range(3):
        make_post()
    first, second = (parsed(client, f"/feed/atom/{q}").feed for q in ("", "?paged=2"))
    assert first.id == second.id
    rels = {link.rel: link.href for link in second.links}
    assert rels["self"] == f"{SITE}/feed/atom/?paged=2"
    assert rels["previous"] == f"{SITE}/feed/atom/"
    assert rels["next"] == f"{SITE}/feed/atom/?paged=3"


def test_a_talk_has_parts_too(client):
    keep(feed_items=2)
    post = make_post()
    for _ in range(3):
        make_comment(post)
    address = f"{post.get_absolute_url()}feed/"
    assert next_of(client, address) == f"{SITE}{address}?paged=2"
    assert len(titles(client, f"{address}?paged=2")) == 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "99999999999", "9" * 40, "²"])
def test_a_part_that_is_none_is_not_found(client, number):
    make_post()
    assert client.get("/feed/", {"paged": number}).status_code == 404


def test_an_empty_feed_has_a_first_part(client):
    assert client.get("/feed/?paged=1").status_code == 200
    assert feeds.MAX_PARTS > 1
