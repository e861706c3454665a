"""Archives: posts by date, category, tag and author."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from blog import list_subjects, post_lists
from blog.dates import day_or_404, last_of_month
from blog.models import SiteSettings
from blog.post_lists import Posts, page_of


@require_safe
def year(request: HttpRequest, year: int, number: int = 1) -> HttpResponse:
    first = day_or_404(year, 1, 1)
    return _period(request, "year", first, date(year, 12, 31), number)


@require_safe
def month(request: HttpRequest, year: int, month: int, number: int = 1) -> HttpResponse:
    first = day_or_404(year, month, 1)
    return _period(request, "month", first, last_of_month(first), number)


@require_safe
def day(
    request: HttpRequest, year: int, month: int, day: int, number: int = 1
) -> HttpResponse:
    that_day = day_or_404(year, month, day)
    return _period(request, "day", that_day, that_day, number)


@require_safe
def category(request: HttpRequest, path: str, number: int = 1) -> HttpResponse:
    """What is filed in a category or below it."""
    found = list_subjects.category_at(path)
    context = {
        "category": found,
        "above": list_subjects.above(found),
        "below": list_subjects.below(found),
    }
    branch = {"tree_id": found.tree_id, "lft": found.lft, "rght": found.rght}
    posts = post_lists.FILED.of(request, **branch)
    return _listing(request, posts, number, "blog/category.html", context)


@require_safe
def tag(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    found = list_subjects.tag_at(slug)
    posts = post_lists.TAGGED.of(request, tag=found.pk)
    return _listing(request, posts, number, "blog/tag.html", {"tag": found})


@require_safe
def author(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """What somebody wrote. An account that has published nothing has no page."""
    found = list_subjects.author_at(request, slug)
    posts = post_lists.WRITTEN.of(request, author=found.pk)
    return _listing(request, posts, number, "blog/author.html", {"author": found})


def _period(
    request: HttpRequest, kind: str, first: date, last: date, number: int
) -> HttpResponse:
    """Posts of a period; 404 where there is none, as for a date that never was."""
    posts = post_lists.DATED.of(request, first=first, last=last)
    if not posts.count():
        raise Http404("Nothing was published then.")
    context = {"period": first, "period_kind": kind}
    return _listing(request, posts, number, "blog/date_archive.html", context)


def _listing(
    request: HttpRequest,
    posts: Posts,
    number: int,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    page = page_of(posts, number, SiteSettings.of(request).posts_per_page)
    return render(request, template, context | {"page": page})
