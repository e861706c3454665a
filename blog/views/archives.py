"""Archives: posts by date, category, tag and author."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from blog.dates import day_or_404, last_of_month
from blog.models import Category, Post, SiteSettings, Tag, User
from blog.models.post_queryset import PostQuerySet
from blog.pagination import page_of

NEWEST_FIRST = ("-published_at", "-pk")
# The same order, as the index by days has it: nothing is sorted.
BY_DAY = ("-published_on", *NEWEST_FIRST)


@require_safe
def year(request: HttpRequest, year: int, number: int = 1) -> HttpResponse:
    context = {"period": day_or_404(year, 1, 1), "period_kind": "year"}
    posts = _dated(published_on__year=year)
    return _listing(request, posts, number, "blog/date_archive.html", context, BY_DAY)


@require_safe
def month(request: HttpRequest, year: int, month: int, number: int = 1) -> HttpResponse:
    first = day_or_404(year, month, 1)
    context = {"period": first, "period_kind": "month"}
    posts = _dated(published_on__range=(first, last_of_month(first)))
    return _listing(request, posts, number, "blog/date_archive.html", context, BY_DAY)


@require_safe
def day(
    request: HttpRequest, year: int, month: int, day: int, number: int = 1
) -> HttpResponse:
    that_day = day_or_404(year, month, day)
    posts = _dated(published_on=that_day)
    context = {"period": that_day, "period_kind": "day"}
    return _listing(request, posts, number, "blog/date_archive.html", context, BY_DAY)


@require_safe
def category(request: HttpRequest, path: str, number: int = 1) -> HttpResponse:
    """What is filed in a category or below it."""
    found = get_object_or_404(Category, path=path)
    context = {
        "category": found,
        "above": found.get_ancestors(),
        "below": Category.objects.filter(parent=found).in_tree_order(),
    }
    posts = Post.objects.in_category(found)
    return _listing(request, posts, number, "blog/category.html", context)


@require_safe
def tag(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    posts = Post.objects.filter(tagged_items__tag=found)
    return _listing(request, posts, number, "blog/tag.html", {"tag": found})


@require_safe
def author(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """What somebody wrote. An account that has published nothing has no page."""
    found = get_object_or_404(User, slug=slug)
    posts = Post.objects.filter(author=found)
    if not posts.published().exists():
        raise Http404("Nobody of that name has published here.")
    return _listing(request, posts, number, "blog/author.html", {"author": found})


def _listing(
    request: HttpRequest,
    posts: PostQuerySet,
    number: int,
    template: str,
    context: dict[str, Any],
    order: Sequence[str] = NEWEST_FIRST,
) -> HttpResponse:
    public = posts.published().posts().order_by(*order).with_cards()
    page = page_of(public, number, SiteSettings.of(request).posts_per_page)
    return render(request, template, context | {"page": page})


def _dated(**when: Any) -> PostQuerySet:
    """Posts of a period; 404 where there is none, as for a date that never was."""
    posts = Post.objects.filter(**when)
    if not posts.published().posts().exists():
        raise Http404("Nothing was published then.")
    return posts
