"""Feeds of what people say: below one post or page, and on the whole blog."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog import feeds
from blog.dates import day_or_404
from blog.feed_formats import FORMATS
from blog.models import Post
from comments.feeds import of_comments


@require_safe
def everything(request: HttpRequest, form: str) -> HttpResponse:
    """`/comments/feed/`"""
    home = reverse("blog:home")
    channel = of_comments(
        request,
        None,
        FORMATS[form],
        f"{home}comments/",
        name=gettext("What readers say"),
        page=home,
    )
    return feeds.answer(request, channel, FORMATS[form])


@require_safe
def below_post(
    request: HttpRequest, year: int, month: int, day: int, slug: str, form: str
) -> HttpResponse:
    """What is said below a post. The same for everybody, who is logged in too."""
    posts = Post.objects.published().posts().defer("body", "body_html")
    day_ = day_or_404(year, month, day)
    return _below(request, get_object_or_404(posts, published_on=day_, slug=slug), form)


@require_safe
def below_page(request: HttpRequest, path: str, form: str) -> HttpResponse:
    pages = Post.objects.published().filter(kind=Post.Kind.PAGE)
    found = get_object_or_404(pages.defer("body", "body_html"), path=path)
    return _below(request, found, form)


def _below(request: HttpRequest, post: Post, form: str) -> HttpResponse:
    if not post.has_conversation or post.password:
        raise Http404(gettext("There is no open talk below it."))
    name = gettext("Responses to “%(post)s”") % {"post": post.headline}
    address = post.get_absolute_url()
    channel = of_comments(
        request, post, FORMATS[form], address, name=name, page=address
    )
    return feeds.answer(request, channel, FORMATS[form])
