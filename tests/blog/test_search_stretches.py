"""On PostgreSQL the newest stretch of time is looked at first, then what came before."""

import math
from itertools import accumulate

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
    wanted = Wanted([Group((tuple(text.split()),))], [(word,) for word in without])
    hits, is_cut = candidates.find(named("post"), wanted, visible, limit)
    return [hit.object_id for hit in hits], is_cut


def stretches(limit):
    wanted = Wanted([Group((("entry",),))])
    return list(on_postgres._stretches(named("post"), wanted, limit))


def key_of(post):
    return named("post").entry.objects.get(object_id=post.pk).pk


def number_in(stretch):
    entries = named("post").entry.objects.all()
    if stretch.above is not None:
        entries = entries.filter(pk__gte=stretch.above)
    if stretch.below is not None:
        entries = entries.filter(pk__lt=stretch.below)
    return entries.count()


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


def test_a_phrase_is_found_however_long_ago(posts, way):
    assert found(Post.objects.all(), 2, "entry odd") == ([posts[ODD].pk], False)
    assert found(Post.objects.all(), 2, "odd entry") == ([], False)


def test_time_is_cut_where_many_have_the_words(posts, way):
    if way == "all at once":
        assert stretches(1) == [Stretch()]
    else:
        newest, *more, oldest = looked_at = stretches(1)
        assert [newer.above for newer in looked_at[:-1]] == [
            older.below for older in looked_at[1:]
        ]
        assert oldest.above is newest.below is None
        assert not oldest.is_walked
        assert {one.is_walked for one in [newest, *more]} == {way == "walked"}


def test_each_stretch_is_longer_than_all_before_it(posts, way, monkeypatch):
    monkeypatch.setattr(on_postgres, "SPARE", 1)
    lengths = [number_in(stretch) for stretch in stretches(1)]
    assert sum(lengths) == POSTS
    if way != "all at once":
        assert len(lengths) > 2
        before = accumulate(lengths)
        assert all(
            newer < length for newer, length in zip(before, lengths[1:], strict=False)
        )


@pytest.mark.parametrize(("enough", "oldest"), [(20, 40), (21, 30)])
def test_what_is_enough_is_told_as_the_least_there_is(
    posts, monkeypatch, enough, oldest
):
    """Where more would take a further look, longer than all before it; else it is taken."""
    ways = iter([Stretch(above=key_of(posts[40])), Stretch(below=key_of(posts[40]))])
    monkeypatch.setattr(on_postgres, "_stretches", lambda *_: ways)
    monkeypatch.setattr(on_postgres, "ENOUGH", enough)
    newest = [post.pk for post in reversed(posts[oldest:])]
    assert found(Post.objects.all(), 30) == (newest, True)


def test_all_is_one_stretch_where_most_of_it_is_needed(posts, way):
    assert stretches(POSTS) == [Stretch()]


def test_all_is_one_stretch_where_nothing_is_known(db, way):
    make_post("Entry")
    index.work()
    assert stretches(1) == [Stretch()]
