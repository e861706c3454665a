"""What a page that is not found suggests."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import near_addresses
from tests.builders import at, make_category, make_page, make_post

pytestmark = pytest.mark.django_db


def titles(path: str) -> list[str]:
    found = near_addresses.guess(path)
    return [one.title for one in (*found.exact, *found.near)]


@pytest.fixture
def talks():
    return make_post(
        "Six-party talks", slug="six-party-talks", published_at=at("2006-11-30 12:00")
    )


@pytest.mark.parametrize(
    "path",
    [
        "/2006/12/01/six-party-talks/",
        "/2006/six-party-talks/",
        "/six-party-talks/",
        "/blog/archives/six-party-talks.html",
        "/2006/11/30/six-party-talks/amp/",
        "/Six-Party-Talks",
        "/2006/11/30/six-party-talk/",
        "/2006/11/30/six-party-/",
        "/2006/11/30/sixparty-talks/",
        "/2006/11/the-six-party-talks/",
        "/2006/11/30/xis-party-talks/",
    ],
)
def test_a_post_is_found_by_what_is_left_of_its_address(talks, path):
    make_post("Something else", published_at=at("2006-11-29 12:00"))
    assert titles(path) == ["Six-party talks"]


def test_a_page_is_found_wherever_it_stood():
    make_page("Team", parent=make_page("About"))
    assert titles("/company/team/") == ["Team"]


@pytest.mark.parametrize("kind", ["tag", "category"])
def test_a_subject_is_found_by_its_name(kind):
    make_category("Nuclear proliferation")
    make_post(tags=["nuclear-proliferation"])
    found = near_addresses.guess(f"/{kind}/nuclear-proliferaton/").near
    assert {one.url for one in found} == {
        "/tag/nuclear-proliferation/",
        "/category/nuclear-proliferation/",
    }


def test_what_nobody_may_read_is_not_suggested(client):
    make_post("Secret", slug="secret-talks", status="draft")
    make_post("Soon", slug="secret-talk", published_at=at("2999-01-01 12:00"))
    assert titles("/secret-talks/") == []
    assert titles("/2999/01/secret-talks/") == []


@pytest.mark.parametrize(
    ("path", "archive"),
    [
        ("/2006/11/30/nothing-like-it/", "/2006/11/"),
        ("/2006/11/no/", "/2006/11/"),
        ("/2006/05/no/", "/2006/"),
        ("/2005/11/no/", None),
        ("/2006/77/no/", None),
        ("/0000/11/no/", None),
        ("/no/2006/", None),
    ],
)
def test_what_was_published_then_is_shown(talks, path, archive):
    found = near_addresses.guess(path).archive
    assert (found and found.url) == archive


def test_the_page_says_what_may_have_been_meant(client, talks):
    page = client.get("/2006/12/six-party-talks/")
    assert page.status_code == 404
    assert "Perhaps you meant:" in page.text
    assert f'href="{talks.get_absolute_url()}"' in page.text
    assert 'href="/2006/"' in page.text


@pytest.mark.parametrize(
    "path",
    ["/2006/11/six-party-talk/", "/no/", "/tag/six-party-talk/", "/2006/05/six-part/"],
)
def test_it_asks_six_queries_at_most(talks, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        near_addresses.guess(path)


def test_robots_cost_no_suggestion(client, talks):
    assert "guess" not in client.get("/six-party-talks/.env/").context


@hypothesis_settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=80) | st.text(alphabet="/-_.%20156ab", max_size=60))
def test_no_address_is_too_odd_to_guess_at(text):
    near_addresses.guess(f"/{text}".replace("\0", ""))


def test_a_tag_that_no_reader_sees_is_not_told():
    make_post(tags=["secret project"], status="draft", published_at=None)
    assert titles("/tag/secret-projekt/") == []


@pytest.mark.parametrize("count", [1, 3])
def test_what_has_no_title_costs_no_query_of_its_own(django_assert_num_queries, count):
    for number in range(count):
        day = at(f"2006-11-{number + 1:02} 12:00")
        make_post("", body="Some words.", slug=f"untitled-{number}", published_at=day)
    with django_assert_num_queries(4):
        assert titles("/2006/11/30/untitled/") == ["Some words."] * count
