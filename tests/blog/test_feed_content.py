"""What stands in the entries of a feed of posts, and that no text breaks one."""

import json

import feedparser
import pytest
from defusedxml import ElementTree
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import Media, Post, SiteSettings, User
from tests.builders import at, make_media, make_post
from tests.feed_reader import (
    FEEDS,
    SITE,
    XML_FEEDS,
    as_json,
    blog_example,
    entries,
    keep,
    parsed,
    titles,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blog_example")]
__all__ = ["blog_example"]


@pytest.mark.parametrize("address", FEEDS)
def test_every_address_in_a_text_is_whole(client, address):
    make_post(
        "Here",
        body='<p><a href="/about/">About</a> <a href="//other.example/">there</a>'
        '<a href="mailto:a@b.example">mail</a></p>'
        '<p><img src="/media/a.png" srcset="/media/a.png 400w, b.png 800w" alt="A"></p>',
        published_at=at("2006-11-30 12:00"),
    )
    ((_, content),) = entries(client, address)
    assert f'href="{SITE}/about/"' in content
    assert 'href="https://other.example/"' in content
    assert 'href="mailto:a@b.example"' in content
    assert f'src="{SITE}/media/a.png"' in content
    sources = f"{SITE}/media/a.png 400w, {SITE}/2006/11/30/here/b.png 800w"
    if address.endswith("json/"):  # feedparser drops what it does not know
        assert f'srcset="{sources}"' in content


def test_footnotes_and_cards_read_well_without_our_style(client):
    make_post(
        "Here",
        body='<p>Word<span class="footnote">The note.</span></p>'
        '<figure class="embed"><a href="https://www.youtube.com/watch?v=abc12345678">'
        "https://www.youtube.com/watch?v=abc12345678</a></figure>"
        "<!--more--><p>And the rest.</p>",
        published_at=at("2006-11-30 12:00"),
    )
    ((_, content),) = entries(client, "/feed/json/")
    for gone in ("class=", "id=", "data-", "<iframe", "<form", "<script", "tabindex"):
        assert gone not in content
    assert f'<sup><a href="{SITE}/2006/11/30/here/#fn-' in content
    assert "<hr><section><ol><li>The note." in content
    assert '<a href="https://www.youtube.com/watch?v=abc12345678"' in content
    assert "<br><span>YouTube</span>" in content
    assert "And the rest." in content


def test_the_featured_image_comes_with_the_post(client):
    media = make_media((900, 600), alt="A harbour", caption="At <dawn>")
    make_post("Here", featured_image=media)
    whole = f"{SITE}{media.file.url}"
    (item,) = as_json(client, "/feed/json/")["items"]
    assert item["image"] == whole
    assert item["attachments"] == [
        {"url": whole, "mime_type": "image/jpeg", "size_in_bytes": media.byte_count}
    ]
    assert item["content_html"].startswith("<figure><img ")
    assert "<figcaption>At &lt;dawn&gt;</figcaption></figure>" in item["content_html"]
    for address in XML_FEEDS:
        (entry,) = parsed(client, address).entries
        (file,) = entry.enclosures
        assert (file.href, file.type) == (whole, "image/jpeg")
        assert file.length == str(media.byte_count)


def test_what_is_played_comes_before_the_picture(client):
    sound = Media(mime_type="audio/mpeg", byte_count=3, content_hash="x")
    sound.file.save("talk.mp3", ContentFile(b"ID3"))
    body = f'<p>Listen.</p><audio controls src="{sound.file.url}"></audio>'
    make_post("Here", body=body, featured_image=make_media())
    (entry,) = parsed(client, "/feed/").entries
    assert [file.href for file in entry.enclosures] == [f"{SITE}{sound.file.url}"]
    (item,) = as_json(client, "/feed/json/")["items"]
    assert [file["mime_type"] for file in item["attachments"]] == [
        "audio/mpeg",
        "image/jpeg",
    ]


def test_a_language_of_its_own_is_said(client):
    make_post("Gespräche", language="de", body="<p>Sechs.</p>")
    assert '<entry xml:lang="de">' in client.get("/feed/atom/").text
    assert "<dc:language>de</dc:language>" in client.get("/feed/").text
    (item,) = as_json(client, "/feed/json/")["items"]
    assert item["language"] == "de"
    assert item["content_html"] == '<div lang="de"><p>Sechs.</p></div>'


def test_the_keeper_chooses_excerpts_and_how_many(client):
    keep(feed_style=SiteSettings.ListingStyle.EXCERPT, feed_items=2)
    for number in range(3):
        make_post(f"Post {number}", body="<p>Whole.</p>", excerpt=f"Of <{number}> & me")
    assert titles(client, "/feed/atom/") == ["Post 2", "Post 1"]
    newest = parsed(client, "/feed/").entries[0]
    assert "content" not in newest
    assert newest.summary == "Of &lt;2&gt; &amp; me"
    (item, _) = as_json(client, "/feed/json/")["items"]
    assert "content_html" not in item
    assert item["content_text"] == item["summary"] == "Of <2> & me"


def test_a_byline_never_recorded_is_the_blogs(client):
    make_post("Old")
    assert parsed(client, "/feed/atom/").feed.author == "Quillback"
    assert "authors" not in as_json(client, "/feed/json/")["items"][0]


def test_a_guid_that_is_no_address_is_kept_and_made_one_for_atom(client):
    make_post("Old", guid="post 12 of <old>")
    assert parsed(client, "/feed/").entries[0].id == "post 12 of <old>"
    made = "urn:quillback:post%2012%20of%20%3Cold%3E"
    assert parsed(client, "/feed/atom/").entries[0].id == made


@pytest.mark.parametrize("address", FEEDS)
def test_an_empty_blog_has_feeds_too(client, address):
    assert titles(client, address) == []
    assert client.get(address).content == client.get(address).content


class AnyText(TestCase):
    """No text breaks a feed."""

    @settings(max_examples=25)
    @given(
        title=st.text(max_size=60),
        words=st.text(max_size=120),
        name=st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=40),
    )
    def test_any_text_parses(self, title, words, name):
        Post.objects.all().delete()
        blank = title.replace("\0", "").encode("utf-8", "ignore").decode()
        body = words.replace("\0", "").encode("utf-8", "ignore").decode()
        label = name.encode("utf-8", "ignore").decode()
        SiteSettings(title=blank[:60], tagline=body[:60]).save()
        make_post(
            blank, body=body, excerpt=body, author=_named(label), slug="here", guid="x"
        )
        client = Client()
        for address in XML_FEEDS:
            for accept in ("*/*", "text/html"):
                answer = client.get(address, headers={"accept": accept})
                ElementTree.fromstring(answer.content)
                assert len(feedparser.parse(answer.content).entries) == 1
        (item,) = json.loads(client.get("/feed/json/").content)["items"]
        assert item["id"] == "x"


def _named(label):
    user, _ = User.objects.get_or_create(username="dmitri")
    user.display_name = label
    user.save()
    return user
