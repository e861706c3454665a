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

from blog.models import Redirect, SiteSettings


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
    """Where nothing is found, look whether something once was: one 301 to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        old_paths = [request.get_full_path(), request.path]
        moved = Redirect.objects.filter(old_path__in=old_paths)
        # The address with its query, where both are known: it says more.
        found = max(moved, key=lambda redirect: len(redirect.old_path), default=None)
        return HttpResponsePermanentRedirect(found.new_path) if found else response


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor: `site`, read if it is asked for, and where it stands."""
    return {
        "site": SimpleLazyObject(lambda: SiteSettings.of(request)),
        "site_url": settings.SITE_URL,
    }
