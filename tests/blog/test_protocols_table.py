"""Each line of what feeds and pages say to machines, as feedparser and mf2py read it.

One post with everything, one answer to it; the tests beside this one go into each part.
RSS 2.0 and its modules, RFC 4287 and 4685, JSON Feed 1.1, microformats2, schema.org,
Open Graph, oEmbed, OpenSearch, RSD.
"""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime

import mf2py
import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.utils import timezone

from blog import publishing
from blog.models import Post
from comments.models import Comment
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_media,
    make_post,
    make_user,
)
from tests.feed_reader import SITE, as_json, blog_example, keep, parsed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blog_example", "answer")]
__all__ = ["blog_example"]

HUB = "https://hub.example/"


@pytest.fixture
def post(settings) -> Post:
    settings.WEBSUB_HUB = HUB
    keep(profiles=[{"name": "Elsewhere", "url": "https://social.example/@anna"}])
    website = "https://anna.example/"
    post = make_post(
        "Talks",
        slug="talks",
        author=make_user("anna", role="Author", website=website),
        body='<p>They talked <a href="/about/">here</a>.</p>',
        featured_image=make_media(),
        categories=[make_category("News")],
        tags=["china"],
        published_at=at("2006-11-30 12:00"),
    )
    publishing.save_post(post)
    return post


@pytest.fixture
def answer(post) -> Comment:
    first = make_comment(post, "Why?", author_name="Bob")
    return make_comment(post, "Because.", parent=first, author_name="Zoe")


# --- RSS


def test_rss_reads_line_by_line(client, post):
    found = parsed(client, "/feed/")
    (entry,) = found.entries
    place, file = SITE + post.get_absolute_url(), post.featured_image
    lines = {
        "guid": entry.id == post.guid,
        "RFC 822 date": parsedate_to_datetime(entry.published) == post.published_at,
        "atom:link rel=self": links(found.feed, "self") == [f"{SITE}/feed/"],
        "hub": links(found.feed, "hub") == [HUB],
        "content:encoded": f'href="{SITE}/about/"' in entry.content[0].value,
        "dc:creator": entry.author == "Anna",
        "category": [tag.term for tag in entry.tags] == ["News", "china"],
        "slash:comments": entry.slash_comments == "2",
        "wfw:commentRss": entry.wfw_commentrss == f"{place}feed/",
        "comments": entry.comments.startswith(place),
        "enclosure": [
            (one.href, one.length, one.type) for one in links_of(entry, "enclosure")
        ]
        == [(SITE + file.file.url, str(file.byte_count), "image/jpeg")],
    }
    assert wrong(lines) == []


# --- Atom


def test_atom_reads_line_by_line(client, post, answer):
    found = parsed(client, "/feed/atom/")
    (entry,) = found.entries
    (replies,) = links_of(entry, "replies")
    told = parsed(client, f"{post.get_absolute_url()}feed/atom/")
    newest, first = told.entries
    lines = {
        "feed id": found.feed.id == f"{SITE}/feed/atom/",
        "self": links(found.feed, "self") == [f"{SITE}/feed/atom/"],
        "id": entry.id == post.guid,
        "title": entry.title == "Talks",
        "updated": entry.updated_parsed >= entry.published_parsed,
        "link rel=replies": replies.href.endswith("/talks/feed/atom/"),
        "thr:count": replies.get("thr:count", replies.get("count")) == "2",
        "thr:updated": replies.get("thr:updated", replies.get("updated")) is not None,
        "thr:in-reply-to": in_reply_to(client, post)
        == {newest.id: first.id, first.id: post.guid},
    }
    assert wrong(lines) == []


def in_reply_to(client, post) -> dict[str, str]:
    """What each entry of the comments' feed answers; feedparser keeps the last alone."""
    atom, thread = (
        "{http://www.w3.org/2005/Atom}",
        "{http://purl.org/syndication/thread/1.0}",
    )
    root = ElementTree.fromstring(
        client.get(f"{post.get_absolute_url()}feed/atom/").content
    )
    return {
        entry.findtext(f"{atom}id"): entry.find(f"{thread}in-reply-to").get("ref")
        for entry in root.iter(f"{atom}entry")
    }


# --- JSON Feed


def test_json_feed_reads_line_by_line(client, post):
    found = as_json(client, "/feed/json/")
    (item,) = found["items"]
    file = post.featured_image
    lines = {
        "version": found["version"] == "https://jsonfeed.org/version/1.1",
        "title": found["title"] == "Quillback",
        "home_page_url": found["home_page_url"] == f"{SITE}/",
        "feed_url": found["feed_url"] == f"{SITE}/feed/json/",
        "hubs": found["hubs"] == [{"type": "WebSub", "url": HUB}],
        "id": item["id"] == post.guid,
        "url": item["url"] == SITE + post.get_absolute_url(),
        "content_html": f'href="{SITE}/about/"' in item["content_html"],
        "date_published": item["date_published"].startswith("2006-11-30T12:00:00"),
        "date_modified": item["date_modified"] >= item["date_published"],
        "authors": [author["name"] for author in item["authors"]] == ["Anna"],
        "tags": item["tags"] == ["News", "china"],
        "attachments": [one["size_in_bytes"] for one in item["attachments"]]
        == [file.byte_count],
    }
    assert wrong(lines) == []


# --- All feeds


OLD = ("feed/rss/", "feed/rss2/", "feed/rdf/")
BEFORE = ("/", "/comments/", "/category/news/", "/tag/china/", "/author/anna-writes/")


@pytest.mark.parametrize("before", [*BEFORE, "/2006/11/30/talks/"])
def test_every_list_has_each_feed_and_old_readers_find_it(client, before, time_machine):
    # A feed tells its date when what changed last did so a while ago.
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    for form in ("feed/", "feed/atom/", "feed/json/"):
        answer = client.get(before + form)
        assert answer.status_code == 200, form
        assert "charset=utf-8" in answer["Content-Type"] or form == "feed/json/"
        for asked, said in (
            ("If-None-Match", "ETag"),
            ("If-Modified-Since", "Last-Modified"),
        ):
            again = client.get(before + form, headers={asked: answer[said]})
            assert again.status_code == 304, (form, asked)
    for old in OLD:
        answer = client.get(before + old)
        assert (answer.status_code, answer["Location"]) == (301, f"{before}feed/")


# --- Pages


def test_a_post_reads_line_by_line(client, post):
    path = post.get_absolute_url()
    text = client.get(path).text
    page = BeautifulSoup(text, "html.parser")
    (entry,) = mf2py.parse(doc=text, url=SITE + path)["items"]
    said = entry["properties"]
    data = json.loads(page.find("script", type="application/ld+json").string)
    meta = {
        tag.get("property"): tag["content"] for tag in page.select("meta[property]")
    }
    lines = {
        "h-entry": entry["type"] == ["h-entry"],
        "p-name": said["name"] == ["Talks"],
        "u-url": said["url"] == [SITE + path],
        "dt-published": said["published"] == ["2006-11-30T12:00:00+0000"],
        "e-content": said["content"][0]["value"] == "They talked here.",
        "p-author h-card": said["author"][0]["type"] == ["h-card"],
        "p-category": sorted(said["category"]) == ["News", "china"],
        "u-comment h-cite": [one["type"] for one in said["comment"]]
        == [["h-cite"]] * 2,
        "BlogPosting": data["@type"] == "BlogPosting",
        "comments as data": [one["@type"] for one in data["comment"]]
        == ["Comment"] * 2,
        "Open Graph": meta["og:title"] == "Talks" and meta["og:url"] == SITE + path,
        "og:image": meta["og:image"].startswith(SITE),
        "Twitter card": page.find("meta", {"name": "twitter:card"}) is not None,
        "canonical": page.find("link", rel="canonical")["href"] == SITE + path,
        "pingback, rel first": re.search(r'<link rel="pingback" href="', text),
        "webmention": page.find("link", rel="webmention") is not None,
    }
    assert wrong(lines) == []


def test_a_blog_reads_line_by_line(client, post):
    text = client.get("/").text
    page = BeautifulSoup(text, "html.parser")
    found = mf2py.parse(doc=text, url=f"{SITE}/")
    provider = BeautifulSoup(client.get(post.get_absolute_url()).text, "html.parser")
    told = provider.find("link", type="application/json+oembed")["href"]
    lines = {
        "h-feed": [item["type"] for item in found["items"]] == [["h-feed"]],
        "rel=me": "https://social.example/@anna" in found["rels"]["me"],
        "OpenSearch": reads_as_xml(client, page.find("link", rel="search")["href"]),
        "RSD": reads_as_xml(client, "/rsd.xml"),
        "oEmbed": client.get(told.removeprefix(SITE)).json()["title"] == "Talks",
        "manifest": client.get(page.find("link", rel="manifest")["href"]).json()[
            "icons"
        ],
        "sitemap": reads_as_xml(client, "/sitemap.xml"),
        "robots": f"Sitemap: {SITE}/sitemap.xml" in client.get("/robots.txt").text,
    }
    assert wrong(lines) == []


def reads_as_xml(client, address: str) -> bool:
    answer = client.get(address.removeprefix(SITE))
    return (
        answer.status_code == 200 and ElementTree.fromstring(answer.content) is not None
    )


def links(feed, rel: str) -> list[str]:
    return [link.href for link in links_of(feed, rel)]


def links_of(part, rel: str) -> list:
    return [link for link in part.links if link.rel == rel]


def wrong(lines: dict[str, object]) -> list[str]:
    """The names of the lines that are not as they should be."""
    return [name for name, is_right in lines.items() if not is_right]
