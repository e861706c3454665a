"""JSON-LD of posts, and the canonical addresses of lists."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup, structured_data
from blog.models import Post, SiteSettings
from tests.builders import (
    at,
    make_category,
    make_media,
    make_page,
    make_post,
    make_user,
)

SECRET = "Nobody may know"
HOSTILE = "</script><script>alert(1)</script><!--<script>]]>&\u2028"


class _Blocks(HTMLParser):
    """What stands in each block of data, as a browser's parser ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_in = False

    def handle_starttag(self, tag, attrs):
        self._is_in = tag == "script" and ("type", "application/ld+json") in attrs
        if self._is_in:
            self.found.append("")

    def handle_endtag(self, tag):
        self._is_in = False

    def handle_data(self, data):
        if self._is_in:
            self.found[-1] += data


def blocks(text):
    parser = _Blocks()
    parser.feed(text)
    return [json.loads(found) for found in parser.found]


def data_of(client, post):
    return blocks(client.get(post.get_absolute_url()).text)


@pytest.mark.django_db
def test_a_post_is_told_as_data(client, settings):
    settings.SITE_URL = "https://blog.example"
    media = make_media((1600, 900))
    anna = make_user("anna", role="Author", website="https://anna.example")
    moment = at("2006-11-30 12:00")
    post = make_post(
        "Talks & parting",
        author=anna,
        body="<p>They talked.</p>",
        featured_image=media,
        categories=[make_category("News")],
        tags=["china"],
        language="de",
        published_at=moment,
        updated_at=at("2006-12-01 09:30"),
    )
    address = "https://blog.example/2006/11/30/talks-parting/"
    assert data_of(client, post) == [
        {
            "@context": "https://schema.org",
            "@type": "BlogPosting",
            "@id": address,
            "url": address,
            "mainEntityOfPage": address,
            "headline": "Talks & parting",
            "description": "They talked.",
            "datePublished": "2006-11-30T12:00:00+00:00",
            "dateModified": "2006-12-01T09:30:00+00:00",
            "inLanguage": "de",
            "author": {
                "@type": "Person",
                "name": "Anna",
                "url": "https://blog.example/author/anna-writes/",
                "sameAs": "https://anna.example",
            },
            "image": {
                "@type": "ImageObject",
                "url": f"https://blog.example{media.file.url}",
                "width": 1600,
                "height": 900,
            },
            "articleSection": ["News"],
            "keywords": ["china"],
            "commentCount": 0,
            "isPartOf": {
                "@type": "Blog",
                "name": "Quillback",
                "url": "https://blog.example/",
            },
        }
    ]


@pytest.mark.django_db
def test_what_is_not_known_is_not_said(client):
    (said,) = data_of(client, make_post(author=None, body=""))
    assert not {"author", "image", "description", "keywords"} & set(said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"password": "tea"}, {"status": "draft"}, {"status": "private"}], ids=str
)
def test_nothing_is_told_of_what_not_everybody_may_read(client, alice, fields):
    post = make_post(SECRET, author=alice, **fields)
    client.force_login(alice)
    assert data_of(client, post) == []


@pytest.mark.django_db
def test_an_unlocked_post_is_not_told_either(client):
    post = make_post(SECRET, password="tea")
    client.post(
        f"/unlock/{post.pk}/", {"password": "tea"}, headers={"sec-fetch-site": "none"}
    )
    assert "The text of post" in client.get(post.get_absolute_url()).text
    assert data_of(client, post) == []


@pytest.mark.django_db
def test_a_page_is_no_posting(client):
    (said,) = data_of(client, make_page("About"))
    assert said["@type"] == "BreadcrumbList"


@pytest.mark.django_db
def test_no_words_end_the_block_they_stand_in(client):
    SiteSettings(title=HOSTILE).save()
    anna = make_user("anna", role="Author", website="https://a.example/</script>")
    anna.display_name = HOSTILE
    anna.save()
    tags, categories = ["</script>"], [make_category(HOSTILE)]
    post = make_post(
        HOSTILE, author=anna, meta_description=HOSTILE, tags=tags, categories=categories
    )
    (said,) = data_of(client, post)
    assert said["headline"] == said["author"]["name"] == HOSTILE
    assert said["isPartOf"]["name"] == said["articleSection"][0] == HOSTILE
    assert "alert(1)</script>" not in client.get(post.get_absolute_url()).text


@given(st.text() | st.sampled_from([HOSTILE, "<!--", "</SCRIPT ", "\\u003C", "&lt;"]))
def test_any_title_is_read_back_as_it_was(title):
    block = str(markup.data_block(structured_data.as_text({"headline": title})))
    assert block.count("<") == 2
    text = re.fullmatch(r"<script [^>]*>(.*)</script>", block, re.DOTALL)[1]
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"headline": title}


def test_what_could_end_the_block_is_refused():
    with pytest.raises(ValueError, match="end its element"):
        markup.data_block('{"headline": "</script>"}')


@pytest.mark.django_db
def test_the_data_costs_no_query(client, django_assert_num_queries):
    post = make_post(
        author=make_user("anna", role="Author"),
        featured_image=make_media(),
        categories=[make_category("News")],
        tags=["china"],
    )
    loaded, site = Post.objects.with_detail().get(pk=post.pk), SiteSettings.current()
    with django_assert_num_queries(0):
        assert structured_data.of_post(loaded, site)["keywords"] == ["china"]


# --- Canonical addresses --------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/page/2/",
        "/archives/",
        "/2006/",
        "/2006/11/",
        "/2006/11/30/",
        "/category/news/",
        "/category/news/page/2/",
        "/tag/%EC%B0%A8/",
        "/author/anna-writes/",
    ],
)
def test_a_list_says_its_one_address(client, settings, path):
    settings.SITE_URL = "https://blog.example"
    SiteSettings(posts_per_page=1).save()
    anna, news = make_user("anna", role="Author"), make_category("News")
    for _ in range(2):
        make_post(
            author=anna,
            categories=[news],
            tags=["차"],
            published_at=at("2006-11-30 12:00"),
        )
    page = client.get(f"{path}?utm_source=x")
    canonical = f'<link rel="canonical" href="https://blog.example{path}">'
    assert page.text.count('rel="canonical"') == page.text.count(canonical) == 1
