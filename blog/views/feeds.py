"""Feeds of posts: the whole blog's, and those of its categories, tags and authors."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import feeds
from blog.feed_formats import FORMATS, Format
from blog.models import Category, Post, Tag, User
from blog.models.post_queryset import PostQuerySet
from blog.numbers import number_or_none
from blog.views.archives import moved_category

# What `/?feed=` may say, as the path of a feed.
_PATHS = {
    "feed": "",
    "rss": "",
    "rss2": "",
    "rdf": "",
    "atom": "atom/",
    "json": "json/",
}


@require_safe
def home(request: HttpRequest, form: str) -> HttpResponse:
    """The newest posts of the blog; sticky ones where their date has them."""
    return _answer(request, Post.objects.all(), form, reverse("blog:home"))


@require_safe
def category(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """With what is filed below it. An old path goes to the present one."""
    found = get_object_or_404(Category, slug=path.rpartition("/")[2])
    address = found.get_absolute_url()
    if found.path != path:
        return moved_category(request, found, f"feed/{FORMATS[form].path}")
    return _answer(request, Post.objects.in_category(found), form, address, found.name)


@require_safe
def tag(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    posts = Post.objects.filter(tagged_items__tag=found)
    return _answer(request, posts, form, found.get_absolute_url(), found.name)


@require_safe
def author(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What somebody wrote. An account that has published nothing has no feed."""
    found = get_object_or_404(User, slug=slug)
    posts = Post.objects.filter(author=found)
    if not posts.published().exists():
        raise Http404("Nobody of that name has published here.")
    return _answer(request, posts, form, found.get_absolute_url(), found.public_name)


@require_safe
def old_path(request: HttpRequest, old: str, **kwargs: Any) -> HttpResponse:
    """`…/feed/rss2/` and its like: to `…/feed/`."""
    return redirect(request.path.removesuffix(f"{old}/"), permanent=True)


def by_query(request: HttpRequest) -> HttpResponse:
    """`/?feed=rss2`, as WordPress has it without permalinks: to the feed's address.

    `comments-rss2`, or a number of a post beside it, mean what is said below posts.
    """
    wanted = request.GET.get("feed", "")
    path = _PATHS.get(wanted.removeprefix("comments-"))
    if path is None:
        raise Http404("There is no such feed.")
    number = request.GET.get("p") or request.GET.get("page_id")
    home = reverse("blog:home")
    if number:
        pk = number_or_none(number)
        found = get_object_or_404(Post.objects.published(), pk=pk)
        above = found.get_absolute_url()
    else:
        above = f"{home}comments/" if wanted.startswith("comments-") else home
    return redirect(f"{above}feed/{path}", permanent=True)


def _answer(
    request: HttpRequest, posts: PostQuerySet, form: str, address: str, name: str = ""
) -> HttpResponse:
    written: Format = FORMATS[form]
    channel = feeds.of_posts(request, posts, written, address, name)
    return feeds.answer(request, channel, written)
