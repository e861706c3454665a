"""The addresses that are put together are those of the URL map."""

from datetime import date
from urllib.parse import unquote, urljoin

import pytest
from django.conf import settings
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from blog import addresses

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(WORDS, st.dates())
def test_they_are_those_that_the_url_map_gives(words, day):
    same(
        "blog:post",
        [day.year, day.month, day.day, words],
        addresses.of_post(day, words),
    )
    same("blog:page", [words], addresses.of_page(words))
    same("blog:category", [words], addresses.of_category(words))
    same("blog:tag", [words], addresses.of_tag(words))
    same("blog:author", [words], addresses.of_author(words))


@given(WORDS)
def test_a_whole_address_is_what_a_browser_would_make_of_it(words):
    base = f"{settings.SITE_URL}/"
    for path in (addresses.of_page(words), addresses.of_tag(words), words, "/?p=12"):
        try:
            expected = urljoin(base, path)
        except ValueError:  # a bracket where none may be
            continue
        assert addresses.whole(path) == expected


def same(name, args, address):
    try:
        expected = reverse(name, args=args)
    except NoReverseMatch:
        return  # no slug: nothing such is stored
    assert address == expected


@pytest.mark.parametrize(
    "slug", ["talks", "الكلمة", "c++", "100%", "a b", "~:@!$&'()*+,;="]
)
def test_they_are_read_back(slug):
    found = resolve(unquote(addresses.of_post(date(2006, 11, 3), slug)))
    assert found.view_name == "blog:post"
    assert found.kwargs == {"year": 2006, "month": 11, "day": 3, "slug": slug}


@pytest.mark.parametrize("name", ["admin:index", "blog:home", "comments:xmlrpc"])
def test_what_there_is_one_of_is_where_the_url_map_has_it(name):
    assert addresses.fixed(name) == reverse(name)
    with override_script_prefix("/blog/"):
        assert addresses.fixed(name) == reverse(name)
    assert addresses.fixed(name) == reverse(name)
