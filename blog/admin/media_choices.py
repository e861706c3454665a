"""Pictures of the library as the write page offers them, in JSON."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from blog.models import Media

PAGE_SIZE = 48
MAX_PAGES = 1000
_SEARCHED = ("title", "alt", "caption", "credit", "file")


def choices(request: HttpRequest) -> HttpResponse:
    """A page of the pictures that have every word of `q`, newest first. One query.

    `files` is a list as `described` gives it, `more` the number of the next page or
    None. Whoever may see the library sees all of it here too.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not request.user.has_perm("blog.view_media"):
        raise PermissionDenied
    page = _page_number(request.GET.get("page", ""))
    found = _matching(request.GET.get("q", ""))
    start = (page - 1) * PAGE_SIZE
    # One more than is shown tells whether there are more, without counting them.
    files = list(found[start : start + PAGE_SIZE + 1])
    is_more = len(files) > PAGE_SIZE and page < MAX_PAGES
    return JsonResponse(
        {
            "files": [described(media) for media in files[:PAGE_SIZE]],
            "more": page + 1 if is_more else None,
        }
    )


def described(media: Media) -> dict[str, Any]:
    """What is needed to show a picture and to put it into a text. No query."""
    return {
        "id": media.pk,
        "name": media.shown_name,
        "address": media.file.url,
        "thumbnail": media.thumbnail_url,
        "whole": media.picture.smallest,
        "title": media.title,
        "alt": media.alt,
        "caption": media.caption,
        "credit": media.credit,
        "width": media.width,
        "height": media.height,
    }


def _matching(words: str) -> QuerySet[Media]:
    found = Media.objects.filter(width__isnull=False)
    for word in words.split()[:10]:
        is_in = Q()
        for field in _SEARCHED:
            is_in |= Q(**{f"{field}__icontains": word})
        found = found.filter(is_in)
    return found


def _page_number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
    return min(max(number, 1), MAX_PAGES)
