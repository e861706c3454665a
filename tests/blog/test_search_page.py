"""The search page: what can be asked, what is shown, and what it must not cost."""

from html import unescape
from threading import BoundedSemaphore

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.models import SiteSettings
from blog.search.results import Results
from blog.views import searching
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/search/"
URL = "{http://a9.com/-/spec/opensearch/1.1/}Url"


@pytest.fixture
def blog():
    """Two posts, a page and a comment with the word ferry; one of them is no post's."""
    dmitri = make_user("dmitri", role="Author")
    travel = make_category("Travel")
    ferry = make_post(
        "The night ferry",
        author=dmitri,
        categories=[travel],
        published_at=at("2006-11-30 12:00"),
    )
    make_post(
        "A ferry again", author=make_user("zoe"), published_at=at("2008-05-01 12:00")
    )
    make_page("Ferry times")
    make_comment(ferry, "I took the ferry once.", author_name="PatternRec")


def shown(client, query: str) -> list[str]:
    page = client.get(f"{ADDRESS}?{query}")
    assert page.status_code == 200
    results = page.context.get("results")
    return [hit.post.title for hit in results.hits] if results else []


def test_it_shows_what_was_found_with_the_words_marked(client, blog):
    page = client.get(f"{ADDRESS}?q=ferry").text
    assert "4 results for “ferry”" in page
    assert "The night <mark>ferry</mark>" in page
    assert "I took the <mark>ferry</mark> once." in page
    assert "PatternRec said" in page
    assert "Post by Dmitri" in page


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ("kind=page", {"Ferry times"}),
        ("kind=comment", {"The night ferry"}),
        ("kind=post&category=travel", {"The night ferry"}),
        ("kind=post&year=2008", {"A ferry again"}),
        ("kind=post&author=dmitri-writes", {"The night ferry"}),
    ],
)
def test_what_is_found_can_be_narrowed(client, blog, narrowed, titles):
    assert set(shown(client, f"q=ferry&{narrowed}")) == titles
    page = client.get(f"{ADDRESS}?q=ferry&{narrowed}").text
    assert '<details class="search-more" open>' in page
    assert 'href="/search/?q=ferry" rel="nofollow">Search everywhere' in page


def test_a_filter_that_names_nothing_is_none(client, blog):
    odd = "kind=x&category=nowhere&year=20x6&author=bob-writes&page=x"
    assert len(shown(client, f"q=ferry&{odd}")) == 4


def test_only_what_there_is_can_be_chosen(client, blog, bob):
    choices = client.get(ADDRESS).context["offered"]()
    assert {name: [one.value for one in found] for name, found in choices.items()} == {
        "kind": ["post", "page", "comment"],
        "year": ["2008", "2006"],
        "author": ["dmitri-writes", "zoe-writes"],
    }


@pytest.mark.django_db(transaction=True)
def test_what_can_be_chosen_is_made_once_until_something_changes(client):
    make_post("The ferry", author=make_user("alice", "Editor"))
    make_post("Another", published_at=at("2006-11-30 12:00"))
    first = client.get(f"{ADDRESS}?q=ferry").text
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"{ADDRESS}?q=ferry").text == first
    # Neither for the choices nor for the foot of the page.
    assert not [one for one in asked if "blog_category" in one["sql"]]
    assert '<option value="2006">' in first
    make_post("A third", published_at=at("1999-11-30 12:00"))
    again = client.get(f"{ADDRESS}?q=ferry").text
    assert '<option value="1999">' in again
    assert '<option value="2006" selected>' in client.get(f"{ADDRESS}?year=2006").text
    assert client.get(f"{ADDRESS}?q=ferry").text == again


def test_results_come_in_pages(client, monkeypatch):
    for number in range(23):
        make_post(f"Ferry {number}")
    first = client.get(f"{ADDRESS}?q=ferry").text
    assert 'rel="next" href="/search/?q=ferry&amp;page=2"' in first
    assert len(shown(client, "q=ferry&page=2")) == 3
    page = client.get(f"{ADDRESS}?q=ferry&page=3").text
    assert 'There is no such page: <a href="/search/?q=ferry">' in page
    assert "Nothing was found" not in page
    monkeypatch.setattr(searching, "MAX_PAGES", 1)
    assert 'rel="next"' not in client.get(f"{ADDRESS}?q=ferry").text
    assert shown(client, "q=ferry&page=2") == []


def test_without_a_question_it_says_what_can_be_asked(client, blog):
    for query in ("", "q=", "q=+++"):
        page = client.get(f"{ADDRESS}?{query}").text
        assert "A minus before a word" in page
        assert "A ferry again" in page  # the newest


def test_where_nothing_is_found_it_shows_ways_on(client, blog):
    page = client.get(f"{ADDRESS}?q=airship&year=2006").text
    assert "Nothing was found for “airship”." in page
    assert 'href="/search/?q=airship">search everywhere' in page
    assert "A ferry again" in page


def test_a_better_spelling_is_offered(client, monkeypatch):
    monkeypatch.setattr(searching, "find", lambda *_, **__: Results(meant="ferry"))
    page = client.get(f"{ADDRESS}?q=fery&year=2006").text
    assert 'Did you mean <a href="/search/?q=ferry&amp;year=2006">ferry</a>?' in page


def test_many_are_told_as_at_least(client, blog, monkeypatch):
    found = searching.find("ferry")
    found.count, found.count_is_least = 1000, True
    monkeypatch.setattr(searching, "find", lambda *_, **__: found)
    assert "At least 1,000 results" in client.get(f"{ADDRESS}?q=ferry").text


def test_search_engines_do_not_list_it(client, blog):
    response = client.get(f"{ADDRESS}?q=ferry")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex, follow">' in response.text
    SiteSettings(hides_from_search=True).save()
    assert client.get(ADDRESS).text.count('name="robots"') == 1


def test_the_page_is_the_same_for_everybody(client, blog, bob):
    before = client.get(f"{ADDRESS}?q=ferry")
    client.force_login(bob)
    assert client.get(f"{ADDRESS}?q=ferry").content == before.content
    assert not before.cookies


def test_what_was_typed_is_text_and_nothing_else(client, blog):
    page = client.get(ADDRESS, {"q": '"><script>x</script>'}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


@pytest.mark.parametrize(
    "bytes_",
    [
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "%22",
        "-",
        "%2d%22",
        "*",
        "a" * 9000,
        "%F0%9F%98%80",
    ],
)
@pytest.mark.parametrize("path", ["/search/?q=", "/search/suggest/?q=", "/?s="])
def test_any_bytes_give_a_page(client, blog, path, bytes_):
    assert client.get(path + bytes_, follow=True).status_code == 200


@hypothesis_settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_gives_a_page(client, blog, text, other):
    fields = {"q": text, "kind": other, "category": other, "year": other, "page": other}
    page = client.get(ADDRESS, fields | {"author": other})
    assert page.status_code == 200
    assert client.get("/search/suggest/", {"q": text}).status_code == 200


def test_it_asks_as_many_queries_however_much_is_found(
    client, blog, django_assert_max_num_queries
):
    for number in range(15):
        make_comment(make_post(f"Ferry {number}"), "The ferry.")
    client.get(f"{ADDRESS}?q=ferry")  # what waits for the index is entered now
    # Nothing is found so narrow: it is asked again more loosely, and for a spelling.
    # On PostgreSQL five more than on SQLite.
    with django_assert_max_num_queries(44):
        client.get(f"{ADDRESS}?q=ferry&kind=post&category=travel&author=zoe-writes")


def test_a_flood_of_searches_is_asked_to_come_back(client, blog, monkeypatch):
    busy = BoundedSemaphore(1)
    monkeypatch.setattr(searching, "_places", busy)
    monkeypatch.setattr(searching, "PATIENCE_SECONDS", 0)
    with busy:
        page = client.get(f"{ADDRESS}?q=ferry")
        assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert 'value="ferry"' in page.text
        assert client.get("/search/suggest/?q=fer").json() == ["fer", [], [], []]
    assert client.get(f"{ADDRESS}?q=ferry").status_code == 200


# --- Where searches come from


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/?s=night+ferry", "/search/?q=night+ferry"),
        ("/?s=ferry&paged=2", "/search/?q=ferry&page=2"),
        ("/page/3/?s=ferry", "/search/?q=ferry&page=3"),
        ("/?s=", "/search/?q="),
        ("/?s=%D1%87%D0%B0%D0%B9", "/search/?q=%D1%87%D0%B0%D0%B9"),
        ("/search/night+ferry/", "/search/?q=night+ferry"),
        ("/search/ferry/page/2/", "/search/?q=ferry"),
        ("/search/ferry/feed/rss2/", "/search/?q=ferry"),
    ],
)
def test_wordpress_addresses_lead_here(client, old, new):
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)


def test_every_page_has_a_field_to_search_with(client, blog):
    page = client.get("/").text
    assert page.count('role="search"') == 1
    assert 'action="/search/"' in page
    assert client.get(ADDRESS).text.count('role="search"') == 1
    missing = client.get("/2006/night-fery-boats/").text
    assert 'value="night fery boats"' in missing


# --- Suggestions, and browsers


def test_titles_are_suggested_as_opensearch_has_it(client, blog):
    make_post("Elsewhere", tags=["ferries"])
    response = client.get("/search/suggest/?q=ferr")
    typed, titles, kinds, addresses = response.json()
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert typed == "ferr"
    assert set(zip(titles, kinds, strict=True)) >= {
        ("The night ferry", "Post"),
        ("Ferry times", "Page"),
        ("ferries", "Tag"),
    }
    assert "http://testserver/2006/11/30/the-night-ferry/" in addresses
    assert not response.cookies
    assert "max-age" in response["Cache-Control"]


def test_a_browser_learns_how_to_search_here(client, settings):
    settings.SITE_URL = "https://blog.example.org"
    SiteSettings(title="Notes & <asides> of a long journey").save()
    assert 'type="application/opensearchdescription+xml"' in client.get("/").text
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    root = ElementTree.fromstring(response.content)
    said = {child.tag.partition("}")[2]: child for child in root}
    assert said["ShortName"].text == "Notes & <asides>"
    urls = {child.get("type"): child.get("template") for child in root.findall(URL)}
    assert urls["text/html"] == (
        "https://blog.example.org/search/?q={searchTerms}&page={startPage?}"
    )
    assert urls["application/x-suggestions+json"] == (
        "https://blog.example.org/search/suggest/?q={searchTerms}"
    )
    assert said["Image"].text.startswith("https://blog.example.org/")


def test_the_first_page_says_how_the_blog_is_searched(client, settings):
    settings.SITE_URL = "https://blog.example.org"
    make_post()
    page = unescape(client.get("/").text)
    assert '"@type": "SearchAction"' in page
    assert "https://blog.example.org/search/?q={search_term_string}" in page


@pytest.mark.parametrize("address", ["/opensearch.xml", "/rsd.xml", "/sitemap.xml"])
def test_what_no_xml_can_hold_stays_out_of_it(client, address):
    SiteSettings(title="Bell\x07s").save()
    ElementTree.fromstring(client.get(address).content)
