"""On PostgreSQL the newest stretch of time is looked at first, and then the rest."""

import pytest
from django.db import connection

from blog.models import Post
from blog.search import candidates, index
from blog.search.candidates import Wanted
from blog.search.groups import Group
from blog.search.sources import sources
from tests.builders import at, make_post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's way"),
]
POSTS = 60


@pytest.fixture
def posts(monkeypatch):
    # Else texts are looked at one by one: so few are no work.
    monkeypatch.setattr(candidates, "COMMON_SHARE", 2)
    made = [
        make_post(f"Entry {number}", published_at=at(f"{1950 + number}-05-01"))
        for number in range(POSTS)
    ]
    index.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE blog_postentry")
    return made


def found(visible, limit, share):
    wanted = Wanted([Group((("entry",),))], share=share, likely=share * POSTS)
    (source,) = [one for one in sources() if one.name == "post"]
    hits, is_cut = candidates.find(source, wanted, visible, limit)
    return [hit.object_id for hit in hits], is_cut


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_newest_come_first_wherever_time_is_cut(posts, share):
    newest = [post.pk for post in reversed(posts)]
    for limit in (1, 2, 5, 59):
        assert found(Post.objects.all(), limit, share) == (newest[:limit], True)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_what_is_found_only_long_ago_is_found(posts, share):
    oldest = Post.objects.filter(pk=posts[0].pk)
    assert found(oldest, 2, share) == ([posts[0].pk], False)


def test_time_is_cut_where_many_have_the_words(posts):
    def stretches(share):
        wanted = Wanted([], share=share, likely=share * POSTS)
        return candidates._stretches("blog_postentry", wanted, 1)

    assert len(stretches(0.0)) == 1
    # One in 25 of 60 is two or three: no stretch would do.
    assert len(stretches(0.04)) == 1
    newer, older = stretches(1.0)
    assert newer[0] == older[1]
    assert older[0] == 0
