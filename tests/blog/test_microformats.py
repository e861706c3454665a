"""What the pages say in microformats2, as mf2py reads it.

https://microformats.org/wiki/microformats2
"""

import mf2py
import pytest

from tests.builders import (
    at,
    make_category,
    make_comment,
    make_media,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
SITE = "https://blog.example"


def parsed(client, path):
    return mf2py.parse(doc=client.get(path).text, url=SITE + path)


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def anna():
    return make_user(
        "anna", role="Author", website="https://anna.example/", bio="Writes."
    )


@pytest.fixture
def post(anna):
    return make_post(
        "Talks",
        author=anna,
        body="<p>They talked.</p>",
        featured_image=make_media(),
        categories=[make_category("News")],
        tags=["china"],
        published_at=at("2006-11-30 12:00"),
    )


def test_a_post_is_one_entry(client, post):
    path = post.get_absolute_url()
    (entry,) = parsed(client, path)["items"]
    assert entry["type"] == ["h-entry"]
    said = entry["properties"]
    assert said["name"] == ["Talks"]
    assert said["url"] == [SITE + path]
    assert said["published"] == ["2006-11-30T12:00:00+0000"]
    assert said["content"][0]["value"] == "They talked."
    assert sorted(said["category"]) == ["News", "china"]
    assert len(said["featured"]) == 1
    (author,) = said["author"]
    assert author["type"] == ["h-card"]
    assert author["properties"]["name"] == ["Anna"]
    assert author["properties"]["url"] == [f"{SITE}/author/anna-writes/"]


def test_comments_belong_to_the_entry_and_say_what_they_answer(client, post):
    asked = make_comment(
        post, "Why?", author_name="Bob", author_url="https://bob.example/"
    )
    make_comment(post, "Because.", parent=asked, author_name="Zoe")
    (entry,) = parsed(client, post.get_absolute_url())["items"]
    first, second = entry["properties"]["comment"]
    assert first["type"] == second["type"] == ["h-cite"]
    (writer,) = first["properties"]["author"]
    assert writer["properties"]["name"] == ["Bob"]
    assert writer["properties"]["url"] == ["https://bob.example/"]
    assert first["properties"]["content"] == ["Why?"]
    assert first["properties"]["published"]
    assert second["properties"]["in-reply-to"] == first["properties"]["url"]
    assert "in-reply-to" not in first["properties"]
    # Nothing of the conversation is taken for the entry's own.
    assert entry["properties"]["content"][0]["value"] == "They talked."
    assert len(entry["properties"]["author"]) == 1
    assert len(entry["properties"]["url"]) == 1
    assert "in-reply-to" not in entry["properties"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "Quillback"),
        ("/category/news/", "News"),
        ("/tag/china/", "china"),
        ("/2006/", "2006"),
    ],
)
def test_a_list_is_a_feed_of_entries(client, post, path, name):
    other = make_post("Parting", tags=["china"], published_at=at("2006-11-29 12:00"))
    other.categories.set(post.categories.all())
    (feed,) = parsed(client, path)["items"]
    assert feed["type"] == ["h-feed"]
    assert feed["properties"]["name"] == [name]
    entries = feed["children"]
    assert [entry["type"] for entry in entries] == [["h-entry"], ["h-entry"]]
    assert [entry["properties"]["name"] for entry in entries] == [
        ["Talks"],
        ["Parting"],
    ]
    assert entries[0]["properties"]["url"] == [SITE + post.get_absolute_url()]


def test_an_authors_page_says_who_they_are(client, post):
    found = parsed(client, "/author/anna-writes/")
    (feed,) = found["items"]
    (card,) = feed["properties"]["author"]
    said = card["properties"]
    assert card["type"] == ["h-card"]
    assert said["name"] == ["Anna"]
    assert said["note"] == ["Writes."]
    assert said["uid"] == [f"{SITE}/author/anna-writes/"]
    assert "https://anna.example/" in said["url"]
    assert found["rels"]["me"] == ["https://anna.example/"]


def test_a_locked_post_says_its_name_alone(client, anna):
    post = make_post("Locked", author=anna, body="<p>Secret.</p>", password="tea")
    (entry,) = parsed(client, post.get_absolute_url())["items"]
    assert entry["properties"]["name"] == ["Locked"]
    assert not {"content", "summary", "featured"} & set(entry["properties"])
