"""What search engines and other sites are told of a post."""

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import (
    at,
    make_category,
    make_media,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
SECRET = "Nobody may know"


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = {}
        self.canonical: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            self.said.setdefault(name, []).append(given.get("content") or "")
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical.append(given["href"])


def head_of(client, address):
    head = _Head()
    head.feed(client.get(address).text)
    return head


def test_what_was_written_for_elsewhere_is_said_there(client, settings):
    settings.SITE_URL = "https://blog.example"
    post = make_post(
        "Six nations talked & parted",
        meta_title="Six-party talks",
        meta_description='They "talked"\n\nfor a week.',
        social_image=make_media((1600, 900), alt="A long table"),
        featured_image=make_media(),
        published_at=at("2006-11-30 12:00"),
    )
    page = client.get(post.get_absolute_url())
    assert "<title>Six-party talks · Quillback</title>" in page.text
    head = head_of(client, post.get_absolute_url())
    said = head.said
    described = ['They "talked" for a week.']
    assert said["description"] == said["og:description"] == described
    assert said["og:title"] == said["twitter:title"] == ["Six-party talks"]
    assert said["og:type"] == ["article"]
    assert said["twitter:card"] == ["summary_large_image"]
    address = f"https://blog.example{post.social_image.file.url}"
    assert said["og:image"] == said["twitter:image"] == [address]
    assert said["og:image:width"] == ["1600"]
    assert said["og:image:height"] == ["900"]
    assert said["og:image:type"] == ["image/jpeg"]
    assert said["og:image:alt"] == ["A long table"]
    assert said["article:published_time"] == [post.published_at.isoformat()]
    own = "https://blog.example/2006/11/30/six-nations-talked-parted/"
    assert head.canonical == said["og:url"] == [own]


def test_a_picture_is_offered_as_wide_as_cards_are(client, run_tasks, settings):
    settings.SITE_URL = "https://blog.example"
    media = make_media((3000, 1500))
    post = make_post(featured_image=media)
    run_tasks()
    said = head_of(client, post.get_absolute_url()).said
    assert said["og:image:width"] == ["1200"]
    assert said["og:image:height"] == ["600"]
    assert said["og:image"] != [f"https://blog.example{media.file.url}"]


def test_without_words_for_elsewhere_the_posts_own_are_told(client):
    picture = make_media((300, 300))
    post = make_post("Talks", body="<p>One <b>two</b></p><p>three.</p>")
    said = head_of(client, post.get_absolute_url()).said
    assert said["og:title"] == ["Talks"]
    assert said["og:description"] == ["One two three."]
    assert said["twitter:card"] == ["summary"]
    assert "og:image" not in said
    post.excerpt, post.featured_image = "In short.", picture
    post.save()
    said = head_of(client, post.get_absolute_url()).said
    assert said["description"] == said["og:description"] == ["In short."]
    assert said["og:image:width"] == ["300"]
    assert said["twitter:card"] == ["summary"]


def test_a_long_excerpt_is_cut_between_words(client):
    post = make_post(excerpt="word " * 200)
    (said,) = head_of(client, post.get_absolute_url()).said["description"]
    assert len(said) <= 300
    assert said.endswith("word…")


def test_author_category_and_tags_are_told(client):
    anton = make_user("anton", role="Author")
    news = make_category("News")
    post = make_post(author=anton, categories=[news], tags=["china", "six, party"])
    said = head_of(client, post.get_absolute_url()).said
    assert said["article:author"][0].endswith("/author/anton-writes/")
    assert said["article:section"] == ["News"]
    assert sorted(said["article:tag"]) == ["china", "six, party"]


def test_a_page_is_no_article(client):
    said = head_of(client, make_page("About").get_absolute_url()).said
    assert said["og:type"] == ["website"]
    assert not [name for name in said if name.startswith("article:")]


@pytest.mark.parametrize("by", ["a reader", "alice"])
def test_a_password_keeps_words_and_picture_from_other_sites(client, alice, by):
    media = make_media(alt=SECRET)
    post = make_post(
        "Locked",
        body=f"<p>{SECRET}</p>",
        excerpt=SECRET,
        meta_description=SECRET,
        featured_image=media,
        social_image=media,
        password="tea",
    )
    if by == "alice":
        client.force_login(alice)
    said = head_of(client, post.get_absolute_url()).said
    assert said["og:title"] == ["Locked"]
    assert said["description"] == [""]
    assert "og:image" not in said
    assert SECRET not in str(said)


def test_an_untitled_post_behind_a_password_is_just_untitled(client):
    post = make_post("", body=f"<p>{SECRET}</p>", password="tea", slug="locked")
    page = client.get(post.get_absolute_url()).text
    assert SECRET not in page
    assert "<title>Untitled · Quillback</title>" in page


@pytest.mark.parametrize("status", ["draft", "private", "pending"])
def test_what_is_not_public_is_not_offered_elsewhere(client, alice, status):
    post = make_post(status=status)
    client.force_login(alice)
    said = head_of(client, post.get_absolute_url()).said
    assert said["robots"] == ["noindex"]
    assert not [name for name in said if name.startswith(("og:", "twitter:"))]


def test_a_file_that_is_no_picture_is_not_shown_as_one(client):
    media = make_media()
    type(media).objects.update(width=None, height=None, mime_type="application/pdf")
    said = head_of(client, make_post(social_image=media).get_absolute_url()).said
    assert "og:image" not in said


def test_the_tags_cost_no_query(client, django_assert_num_queries):
    # Filed, too: what is related is looked for where anything may be.
    bare, full = (
        make_post(tags=["c"]),
        make_post(
            author=make_user("anton", role="Author"),
            social_image=make_media(),
            featured_image=make_media(),
            categories=[make_category("News")],
            tags=["a", "b"],
        ),
    )
    client.get(bare.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        client.get(bare.get_absolute_url())
    with django_assert_num_queries(len(queries)):
        client.get(full.get_absolute_url())
