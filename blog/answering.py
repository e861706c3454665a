"""Whether anything of this blog answers at a path, without asking it."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from blog.dates import last_of_month
from blog.models import Category, Post, Tag, User
from blog.models.post_queryset import PostQuerySet
from blog.numbers import number_or_none
from blog.wordpress_addresses import number_in

View = TypeVar("View", bound=Callable[..., Any])


def answering(is_there: Callable[..., bool]) -> Callable[[View], View]:
    """For a view that knows better than this module whether something answers.

    `is_there` is called with what the view's pattern finds in an address.
    """

    def mark(view: View) -> View:
        view.is_there = is_there  # type: ignore[attr-defined]
        return view

    return mark


def is_known(path: str) -> bool:
    """Whether a view that knows better says what answers there: nobody need guess.

    With its slash or without. No query.
    """
    slashed = path if path.endswith("/") else f"{path}/"
    try:
        return hasattr(resolve(slashed).func, "is_there")
    except Resolver404:
        return False


def answers(address: str) -> bool:
    """Whether a reader finds something at `address`, a path with perhaps a query.

    Two queries at most. A redirect is nothing: it is looked for where nothing is. An
    address that holds a secret counts as taken.
    """
    parts = urlsplit(address)
    try:
        match = resolve(unquote(parts.path))
    except Resolver404:
        return False
    if match.view_name == "blog:home" and number_in(parts.query):
        pk = number_or_none(number_in(parts.query))
        return Post.objects.published().filter(pk=pk).exists() if pk else False
    return _is_found(match)


def _is_found(match: ResolverMatch) -> bool:
    given = match.kwargs
    if is_there := getattr(match.func, "is_there", None):
        return bool(is_there(**given))
    public = Post.objects.published()
    # Below a post or a list stand its feed, its talk and its further pages.
    if "slug" in given and "day" in given:
        return _of_day(public.posts().filter(slug=given["slug"]), given).exists()
    name = (match.url_name or "").split("_")[0]
    if name == "category" and "path" in given:
        return Category.objects.filter(path=given["path"]).exists()
    if name == "tag":
        return Tag.objects.filter(slug=given["slug"]).exists()
    if name == "author":
        found = User.objects.filter(slug=given["slug"])
        return public.posts().filter(author__in=found).exists()
    if match.app_name == "blog" and "path" in given:
        path = given["path"].removesuffix("/")
        return public.filter(kind=Post.Kind.PAGE, path=path).exists()
    if "year" in given:
        return _of_day(public.posts(), given).exists()
    return True


def _of_day(posts: PostQuerySet, given: dict[str, Any]) -> PostQuerySet:
    """Those of the year, the month or the day an address names."""
    year, month, day = given["year"], given.get("month"), given.get("day")
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return posts.none()
    last = last_of_month(first) if month else date(year, 12, 31)
    return posts.filter(published_on__range=(first, first if day else last))
