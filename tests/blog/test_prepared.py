from datetime import timedelta

import pytest
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Subquery,
)
from django.utils import timezone

from blog.models import Category, Post, SiteSettings
from blog.models.post_queryset import is_public_q
from blog.prepared import Prepared, Slot
from tests.builders import make_category, make_post

pytestmark = pytest.mark.django_db

SAME_DAY = Prepared(
    lambda: (
        Post.objects.filter(
            title=Slot("title", CharField()),
            published_at__gt=Slot("since", DateTimeField()),
        )
        .order_by("pk")
        .values_list(
            "title", "published_at", Exists(Post.objects.filter(pk=OuterRef("pk")))
        )
    )
)


def test_it_gives_what_the_queryset_would_give():
    post, _ = make_post("It’s 100 %s"), make_post("Another")
    now = timezone.now()
    asked = {"title": post.title, "since": now - timedelta(days=3)}
    for _ in range(2):
        assert SAME_DAY.rows(**asked) == [(post.title, post.published_at, True)]
    assert SAME_DAY.rows(**(asked | {"since": now})) == []


def test_what_is_not_known_equals_nothing():
    make_post("")
    assert SAME_DAY.row(title=None, since=timezone.now() - timedelta(days=3)) is None


def test_a_value_is_never_read_as_sql():
    make_post("x")
    title = "x') OR 1=1 --"
    assert SAME_DAY.rows(title=title, since=timezone.now() - timedelta(days=3)) == []


def test_a_whole_row_comes_as_an_object():
    SiteSettings(title="Ours", menu=[{"name": "Home", "url": "/"}]).save()
    prepared = Prepared(lambda: SiteSettings.objects.filter(pk=1))
    site = prepared.instance()
    assert site.menu == [{"name": "Home", "url": "/"}]
    site.title = "Still ours"
    site.save()
    assert SiteSettings.objects.get().title == "Still ours"


def test_an_object_that_is_not_there_is_none():
    prepared = Prepared(
        lambda: Post.objects.filter(pk=Slot("pk", BigIntegerField())).order_by()
    )
    assert prepared.instance(pk=0) is None


def test_a_slot_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        SAME_DAY.rows(title="x")


def test_a_slot_may_stand_in_what_is_asked_inside():
    post = make_post("Inside")
    newest = Post.objects.filter(title=Slot("title", CharField())).order_by("-pk")
    prepared = Prepared(
        lambda: (
            Post.objects.filter(pk=Slot("pk", BigIntegerField()))
            .order_by()
            .values_list(Subquery(newest.values("pk")[:1]))
        )
    )
    assert prepared.row(pk=post.pk, title="Inside") == (post.pk,)
    assert prepared.row(pk=post.pk, title="Nowhere") == (None,)


def test_what_is_counted_beside_a_row_stands_on_its_object():
    news = make_category("News")
    make_post(categories=[news])
    make_post(categories=[news], published_at=timezone.now() + timedelta(days=1))
    prepared = Prepared(
        lambda: Category.objects.annotate(
            post_count=Count(
                "posts", filter=is_public_q("posts__", Slot("now", DateTimeField()))
            )
        )
    )
    assert prepared.instance(now=timezone.now()).post_count == 1
    assert prepared.instance(now=timezone.now() + timedelta(days=2)).post_count == 2
