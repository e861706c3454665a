"""Feeds of posts: the whole blog's, and those of its categories, tags and authors."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import feeds
from blog.feed_formats import FORMATS, Format
from blog.models import Category, Post, Tag, User
from blog.models.post_queryset import PostQuerySet


@require_safe
def home(request: HttpRequest, form: str) -> HttpResponse:
    """The newest posts of the blog; sticky ones where their date has them."""
    return _answer(request, Post.objects.all(), form, reverse("blog:home"))


@require_safe
def category(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """With what is filed below it."""
    found = get_object_or_404(Category, path=path)
    address = found.get_absolute_url()
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


def _answer(
    request: HttpRequest, posts: PostQuerySet, form: str, address: str, name: str = ""
) -> HttpResponse:
    written: Format = FORMATS[form]
    channel = feeds.of_posts(request, posts, written, address, name)
    return feeds.answer(request, channel, written)
