"""Posts as other blogs show them: oEmbed's answers, and a page they may frame."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import conditional_page, require_safe

from blog import oembed, permalinks
from blog.dates import day_or_404
from blog.models import Post, SiteSettings
from blog.models.post_queryset import PostQuerySet
from blog.numbers import number_or_none

FORMATS = ("json", "xml")
# As wide or high as anybody's screen.
UNLIMITED = 10_000


@require_safe
@conditional_page
def provider(request: HttpRequest) -> HttpResponse:
    """`/oembed/?url=…`. What it refuses it refuses by section 2.3.4's statuses."""
    form = request.GET.get("format", "json")
    if form not in FORMATS:
        return _refused(501, gettext("It can be had as json or as xml."))
    found = permalinks.find_post(request.GET.get("url", ""))
    if found is None:
        return _refused(404, gettext("No post of this blog is at that address."))
    if found.password:
        return _refused(401, gettext("This post opens with a password."))
    post = Post.objects.with_detail().get(pk=found.pk)
    limits = [_pixels(request, name) for name in ("maxwidth", "maxheight")]
    said = oembed.of_post(post, SiteSettings.of(request), *limits)
    if form == "xml":
        document = oembed.as_xml(said)
        answer = HttpResponse(document, content_type="text/xml; charset=utf-8")
    else:
        answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = f"public, max-age={oembed.CACHE_SECONDS}"
    return _for_everybody(answer)


@require_safe
def framed_post(
    request: HttpRequest, year: int, month: int, day: int, slug: str
) -> HttpResponse:
    """`…/embed/` below a post, where WordPress has it too."""
    posts = Post.objects.published().posts()
    published_on = day_or_404(year, month, day)
    return _framed(request, posts, published_on=published_on, slug=slug)


@require_safe
def framed_page(request: HttpRequest, path: str) -> HttpResponse:
    pages = Post.objects.published().filter(kind=Post.Kind.PAGE)
    return _framed(request, pages, path=path)


def _framed(
    request: HttpRequest, posts: PostQuerySet, **address: object
) -> HttpResponse:
    """Whoever wants may frame it: there is nothing on it but links to the blog."""
    post = get_object_or_404(posts.with_detail(), **address)
    response = render(request, "blog/framed.html", {"post": post})
    response["X-Robots-Tag"] = "noindex"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    return response


def _pixels(request: HttpRequest, name: str) -> int:
    return number_or_none(request.GET.get(name, "")) or UNLIMITED


def _refused(status: int, sentence: str) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    return _for_everybody(HttpResponse(sentence, status=status, content_type=plain))


def _for_everybody(response: HttpResponse) -> HttpResponse:
    """Pages of any site may read it: there is nothing in it that is not public."""
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response
