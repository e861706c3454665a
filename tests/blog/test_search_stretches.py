"""On PostgreSQL the newest stretch of time is looked at first, and then the rest."""

import math

import pytest
from django.db import connection

from blog.models import Post
from blog.search import candidates, index, on_postgres, statistics
from blog.search.groups import Group
from blog.search.on_postgres import Stretch
from blog.search.sources import named
from blog.search.wanted import Wanted
from tests.builders import at, make_post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's way"),
]
POSTS = 60
# The only one: what is not to be found is asked of each.
ODD = 17


@pytest.fixture
def posts(monkeypatch):
    """Entered as an import ends: what is known of them is known at once."""
    made = [
        make_post(
            f"Entry {'odd' if number == ODD else number}",
            published_at=at(f"{1950 + number}-05-01"),
        )
        for number in range(POSTS)
    ]
    monkeypatch.setattr(index, "BITE", POSTS // 2)
    index.finish()
    yield made
    statistics.forget()


@pytest.fixture(params=["all at once", "cut", "walked"])
def way(request, monkeypatch):
    """Each way there is, whatever it costs among so few."""
    is_walked, is_cut = request.param == "walked", request.param != "all at once"
    monkeypatch.setattr(on_postgres, "NAMED_PER_ENTRY", 0 if is_walked else math.inf)
    monkeypatch.setattr(on_postgres, "KEYS_PER_ENTRY", math.inf if is_cut else 0)
    return request.param


def found(visible, limit, text="entry", without=()):
    wanted = Wanted([Group(((text,),))], [(word,) for word in without])
    hits, is_cut = candidates.find(named("post"), wanted, visible, limit)
    return [hit.object_id for hit in hits], is_cut


def stretches(limit):
    wanted = Wanted([Group((("entry",),))])
    return on_postgres._stretches(named("post"), wanted, limit)


def test_the_newest_come_first_whichever_way(posts, way):
    newest = [post.pk for post in reversed(posts)]
    for limit in (1, 2, 5, 59):
        assert found(Post.objects.all(), limit) == (newest[:limit], True)


def test_what_is_found_only_long_ago_is_found(posts, way):
    oldest = Post.objects.filter(pk=posts[0].pk)
    assert found(oldest, 2) == ([posts[0].pk], False)


def test_what_is_not_to_be_in_it_is_left_out(posts, way):
    others = [post.pk for post in posts if "odd" not in post.title]
    hits, is_cut = found(Post.objects.all(), POSTS, without=["odd"])
    assert (sorted(hits), is_cut) == (sorted(others), False)
    assert found(Post.objects.all(), 3, "odd", without=["entry"]) == ([], False)


def test_time_is_cut_where_many_have_the_words(posts, way):
    if way == "all at once":
        assert stretches(1) == [Stretch()]
    else:
        newer, older = stretches(1)
        assert newer.above == older.below
        assert older.above is newer.below is None
        assert newer.is_walked == (way == "walked")


def test_all_is_one_stretch_where_most_of_it_is_needed(posts, way):
    assert stretches(POSTS) == [Stretch()]


def test_all_is_one_stretch_where_nothing_is_known(db, way):
    make_post("Entry")
    index.work()
    assert stretches(1) == [Stretch()]
