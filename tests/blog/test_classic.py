"""The classic theme: the blogs of 2006, by the same templates."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import SiteSettings
from tests.builders import at, make_category, make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def classic():
    SiteSettings(
        theme="classic",
        title="The Wire",
        menu=[{"name": "About", "url": "/about/"}],
        blogroll=[{"name": "A friend", "url": "https://friend.example/"}],
    ).save()


@pytest.fixture
def post():
    news = make_category("News")
    post = make_post("Talks", categories=[news], published_at=at("2006-11-30 12:00"))
    make_comment(post)
    return post


def test_a_post_is_dated_above_and_filed_below_its_text(client, post):
    page = client.get("/").text
    order = ["dt-published", "The text of post", "Filed in", "One response"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert page.count("Filed in") == 1


def test_the_sidebar_has_what_they_had(client, post):
    page = client.get("/").text
    sidebar = page[page.index("<footer") :]
    headings = re.findall(r"<h2[^>]*>([^<]+)", sidebar)
    assert headings == ["Categories", "Archives", "Recently said", "Blogroll", "Meta"]
    for address in ("/feed/", "/comments/feed/", "/accounts/login/"):
        assert sidebar.count(f'href="{address}"') == 1


def test_below_a_post_stands_where_it_is_filed_and_how_to_answer(client, post):
    page = client.get(post.get_absolute_url()).text
    about = page[page.index('class="entry-about"') : page.index("</article>")]
    assert "/category/news/" in about
    assert f'href="{post.get_absolute_url()}feed/"' in about
    assert "#respond" in about


def test_a_closed_post_asks_nobody_to_answer(client, post):
    post.comments_open = False
    post.save()
    page = client.get(post.get_absolute_url()).text
    about = page[page.index('class="entry-about"') : page.index("</article>")]
    assert "#respond" not in about


def test_a_page_is_filed_nowhere(client):
    make_page("About")
    assert "entry-about" not in client.get("/about/").text


def test_it_asks_no_more_queries_than_the_book(client, post, django_assert_num_queries):
    for address in ("/", post.get_absolute_url()):
        with django_assert_num_queries(_asked(client, address, "book")):
            client.get(address)


def _asked(client, address, theme):
    SiteSettings.objects.update(theme=theme)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    SiteSettings.objects.update(theme="classic")
    return len(asked)
