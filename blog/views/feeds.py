"""Feeds of posts: the whole blog's, and those of its categories, tags and authors."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import feeds, post_lists
from blog.feed_formats import FORMATS, Format
from blog.models import Category, Post, Tag, User
from blog.post_lists import Posts


@require_safe
def home(request: HttpRequest, form: str) -> HttpResponse:
    """The newest posts of the blog; sticky ones where their date has them."""
    return _answer(request, post_lists.NEWEST.of(request), form, reverse("blog:home"))


@require_safe
def category(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """With what is filed below it."""
    found = get_object_or_404(Category, path=path)
    branch = {"tree_id": found.tree_id, "lft": found.lft, "rght": found.rght}
    posts = post_lists.FILED.of(request, **branch)
    return _answer(request, posts, form, found.get_absolute_url(), found.name)


@require_safe
def tag(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    posts = post_lists.TAGGED.of(request, tag=found.pk)
    return _answer(request, posts, form, found.get_absolute_url(), found.name)


@require_safe
def author(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What somebody wrote. An account that has published nothing has no feed."""
    found = get_object_or_404(User, slug=slug)
    if not Post.objects.filter(author=found).published().exists():
        raise Http404("Nobody of that name has published here.")
    posts = post_lists.WRITTEN.of(request, author=found.pk)
    return _answer(request, posts, form, found.get_absolute_url(), found.public_name)


def _answer(
    request: HttpRequest, posts: Posts, form: str, address: str, name: str = ""
) -> HttpResponse:
    written: Format = FORMATS[form]
    channel = feeds.of_posts(request, posts, written, address, name)
    return feeds.answer(request, channel, written)
