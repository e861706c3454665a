"""Archives: posts by date, category, tag and author."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from blog import moved
from blog.dates import day_or_404, last_of_month
from blog.models import Category, Post, SiteSettings, Tag, User
from blog.models.post_queryset import PostQuerySet
from blog.pagination import page_of

NEWEST_FIRST = ("-published_at", "-pk")
# The same order, as the index by days has it: nothing is sorted.
BY_DAY = ("-published_on", *NEWEST_FIRST)
_BY_NAME = {"category_name": "category", "tag": "tag", "author_name": "author"}
_MONTH = re.compile(r"([0-9]{4})([0-9]{2})?([0-9]{2})?")


@require_safe
def first_page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """`…/page/1/` is the list itself."""
    return redirect(request.path.removesuffix("page/1/"), permanent=True)


def by_query(request: HttpRequest) -> HttpResponse | None:
    """`/?m=200611`, `/?tag=tea`, as WordPress has them without permalinks: to the list.

    Whether there is such a list is said there. None: the query names none.
    """
    if digits := _MONTH.fullmatch(request.GET.get("m", "")):
        return redirect(f"/{'/'.join(filter(None, digits.groups()))}/", permanent=True)
    for field, view in _BY_NAME.items():
        if name := request.GET.get(field, "").strip("/"):
            try:
                return redirect(reverse(f"blog:{view}", args=[name]), permanent=True)
            except NoReverseMatch:
                return None
    return None


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
    """What is filed in a category or below it. An old path goes to the present one."""
    found = get_object_or_404(Category, slug=path.rpartition("/")[2])
    if found.path != path:
        further = f"page/{number}/" if number > 1 else ""
        return moved_category(request, found, further)
    context = {
        "category": found,
        "above": found.get_ancestors(),
        "below": Category.objects.filter(parent=found).in_tree_order(),
    }
    posts = Post.objects.in_category(found)
    return _listing(request, posts, number, "blog/category.html", context)


def moved_category(request: HttpRequest, found: Category, further: str) -> HttpResponse:
    """From another path to what is below it (`further`): one 301.

    To whichever category was there, if one is known to have been; else to the one
    that has the slug.
    """
    place = moved.new_address(request.path)
    return redirect(place or found.get_absolute_url() + further, permanent=True)


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
