"""Texts that were rendered by other rules are rendered anew, bit by bit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
    # The clock is looked at once at the start, and after each batch.
    moments = iter([0.0, 99.0])
    monkeypatch.setattr(rerendering, "monotonic", lambda: next(moments))
    assert rerendering.sweep() == 2
    monkeypatch.undo()
    assert rerendering.sweep() == 3
    assert rerendering.sweep() == 0


def test_many_take_as_many_queries_as_a_few(db, django_assert_num_queries):
    few, many = make_old(1), make_old(9)
    with CaptureQueriesContext(connection) as asked:
        rerendering.render_anew(few)
    with django_assert_num_queries(len(asked)):
        rerendering.render_anew(many)
    assert left_old() == set()


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


@pytest.fixture
def breaking(monkeypatch):
    """The posts at which the renderer breaks: a set to be filled."""
    pks = set()
    take = Post.take_rendered

    def take_rendered(post, body_html):
        if post.pk in pks:
            raise RecursionError
        take(post, body_html)

    monkeypatch.setattr(Post, "take_rendered", take_rendered)
    monkeypatch.setattr(rerendering, "_set_aside_until", {})
    monkeypatch.setattr(rerendering, "BATCH", 2)
    return pks


def left_old() -> set[int]:
    rows = Post.objects.filter(rendering__lt=RENDERING, body_html=OLD)
    return set(rows.values_list("pk", flat=True))


def test_a_text_that_breaks_the_renderer_holds_up_no_other(db, breaking, caplog):
    pk = make_old(5)[3]
    breaking.add(pk)
    assert rerendering.sweep() == 5
    assert left_old() == {pk}
    assert f"Post {pk} could not be rendered." in caplog.text

    caplog.clear()
    assert rerendering.sweep() == 0
    assert caplog.text == ""


def test_what_broke_the_renderer_is_tried_again_later(db, breaking, monkeypatch):
    breaking.update(make_old(3))
    now = 1000.0
    monkeypatch.setattr(rerendering, "monotonic", lambda: now)
    rerendering.sweep()
    breaking.clear()

    now += rerendering.LATER_SECONDS - 1
    assert rerendering.sweep() == 0
    now += 1
    assert rerendering.sweep() == 3
    assert left_old() == set()


def test_what_broke_elsewhere_is_left_to_a_sweep(db, breaking):
    pk = make_post(body=OLD).pk
    breaking.add(pk)
    rerendering.render_anew([pk])
    assert Post.objects.get(pk=pk).rendering == 0
