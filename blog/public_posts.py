"""The post at a permalink, as anybody may read it, with all that its page shows of it."""

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    QuerySet,
)
from django.utils import timezone

from blog.models import Category, Post, TaggedPost
from blog.models.post_queryset import is_public_q
from blog.prepared import Prepared, Slot


def at(day: date, slug: str) -> Post | None:
    """With its categories and tags. Three queries; one where there is none.

    What is not public is left to whoever asks who is there.
    """
    post: Post | None = _AT.instance(day=day, slug=slug, now=timezone.now())
    if post is None:
        return None
    post._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "categories": loaded(Category, _CATEGORIES.objects(post=post.pk)),
        "tagged_items": loaded(TaggedPost, _TAGS.objects(post=post.pk)),
    }
    return post


def loaded(model: Any, found: list) -> QuerySet:
    """As a prefetch leaves it."""
    rows = model._default_manager.all()
    rows._result_cache = found
    rows._prefetch_done = True
    return rows


def _post() -> QuerySet:
    is_public = is_public_q(now=Slot("now", DateTimeField()))
    return (
        Post.objects.filter(is_public)
        .posts()
        .select_related("author", "featured_image", "social_image")
        .defer("body")
        .filter(
            published_on=Slot("day", DateField()),
            slug=Slot("slug", CharField()),
        )
        .order_by()
    )


def _categories() -> QuerySet:
    return Category.objects.in_tree_order().filter(
        posts=Slot("post", BigIntegerField())
    )


def _tags() -> QuerySet:
    return TaggedPost.objects.select_related("tag").filter(
        content_object=Slot("post", BigIntegerField())
    )


_AT = Prepared(_post)
_CATEGORIES = Prepared(_categories)
_TAGS = Prepared(_tags)
