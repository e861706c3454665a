"""Feeds of posts: the whole blog's, and those of its categories, tags and authors."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import feeds, list_subjects, post_lists
from blog.feed_formats import FORMATS, Format
from blog.post_lists import Posts


@require_safe
def home(request: HttpRequest, form: str) -> HttpResponse:
    """The newest posts of the blog; sticky ones where their date has them."""
    return _answer(request, post_lists.NEWEST.of(request), form, reverse("blog:home"))


@require_safe
def category(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """With what is filed below it."""
    found = list_subjects.category_at(path)
    branch = {"tree_id": found.tree_id, "lft": found.lft, "rght": found.rght}
    posts = post_lists.FILED.of(request, **branch)
    return _answer(request, posts, form, found.get_absolute_url(), found.name)


@require_safe
def tag(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    found = list_subjects.tag_at(slug)
    posts = post_lists.TAGGED.of(request, tag=found.pk)
    return _answer(request, posts, form, found.get_absolute_url(), found.name)


@require_safe
def author(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What somebody wrote. An account that has published nothing has no feed."""
    found = list_subjects.author_at(request, slug)
    posts = post_lists.WRITTEN.of(request, author=found.pk)
    return _answer(request, posts, form, found.get_absolute_url(), found.public_name)


def _answer(
    request: HttpRequest, posts: Posts, form: str, address: str, name: str = ""
) -> HttpResponse:
    written: Format = FORMATS[form]
    channel = feeds.of_posts(request, posts, written, address, name)
    return feeds.answer(request, channel, written)
