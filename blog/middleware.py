"""Addresses nothing can be at, those the blog once had, and the site in templates."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponsePermanentRedirect,
)
from django.utils.functional import SimpleLazyObject

from blog import moved
from blog.models import SiteSettings
from blog.views import errors


class RefuseNulMiddleware:
    """An address with a NUL is no address: 400, before any query is made with it.

    PostgreSQL takes no NUL in a text, and every address is looked up as one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or _has_nul(request.GET.lists()):
            return HttpResponseBadRequest(
                "This can’t be an address: there is a NUL character in it.",
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


def _has_nul(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return any("\0" in text for name, values in fields for text in (name, *values))


class RedirectMovedMiddleware:
    """Where nothing is found, look whether something once was.

    One 301 to where it is now; 410 where it is gone, or withdrawn: who links to it,
    and who was told of it, is to know.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        query = request.META.get("QUERY_STRING", "")
        if response.status_code == 404:
            place = moved.new_address(request.path, query)
        elif _appends_slash(request, response):
            # Whether there is something at the address with the slash is not known
            # yet. One without it may be old all the same: /index.html
            place = moved.redirected(request.path, query)
        else:
            return response
        if place is None:
            return response
        if place == moved.GONE:
            return errors.gone(request)
        return HttpResponsePermanentRedirect(place)


def _appends_slash(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is CommonMiddleware's answer to an address without a slash."""
    if response.status_code != 301 or request.path.endswith("/"):
        return False
    return response["Location"] == request.get_full_path(force_append_slash=True)


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor: `site`, read if it is asked for, and where it stands."""
    return {
        "site": SimpleLazyObject(lambda: SiteSettings.of(request)),
        "site_url": settings.SITE_URL,
    }
