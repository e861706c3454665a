"""Texts that were rendered by other rules are rendered anew, bit by bit."""

from blog import rerendering
from blog.markup import RENDERING
from blog.models import Post
from tests.builders import make_page, make_post

OLD = "<h2>One</h2>"


def make_old(count: int) -> list[int]:
    pks = [make_post(body=OLD).pk for _ in range(count)]
    Post.objects.filter(pk__in=pks).update(body_html=OLD, rendering=0)
    return pks


def test_a_sweep_renders_what_is_old_posts_and_pages(db):
    make_old(3)
    page = make_page("About", body=OLD)
    Post.objects.filter(pk=page.pk).update(
        body_html=OLD, rendering=0, reading_minutes=0
    )
    assert rerendering.sweep() == 4
    for post in Post.objects.all():
        assert post.body_html == '<h2 id="one">One</h2>'
        assert (post.rendering, post.reading_minutes) == (RENDERING, 1)


def test_it_goes_on_where_it_was_stopped(db, monkeypatch):
    make_old(5)
    monkeypatch.setattr(rerendering, "BATCH", 2)
    # Each look at the clock is later than the end, but for the first two.
    moments = iter([0.0, 1.0, 99.0])
    monkeypatch.setattr(rerendering, "monotonic", lambda: next(moments))
    assert rerendering.sweep() == 2
    monkeypatch.undo()
    assert rerendering.sweep() == 3
    assert rerendering.sweep() == 0


def test_where_nothing_is_old_it_asks_one_query(db, django_assert_num_queries):
    make_post()
    with django_assert_num_queries(1):
        assert rerendering.sweep() == 0


def test_a_post_keeps_its_dates(db):
    (pk,) = make_old(1)
    before = Post.objects.get(pk=pk)
    rerendering.sweep()
    after = Post.objects.get(pk=pk)
    assert (after.updated_at, after.reworded_at) == (before.updated_at, None)
