"""What every request has: the site's settings, and a second chance for old addresses."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.functional import SimpleLazyObject

from blog.models import Redirect, SiteSettings

View = Callable[[HttpRequest], HttpResponse]


class SiteMiddleware:
    """`request.site`: the settings, read once a request and only if asked for."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.site = SimpleLazyObject(SiteSettings.current)  # type: ignore[attr-defined]
        return self.get_response(request)


class RedirectMovedMiddleware:
    """Where nothing is found, look whether something once was: one 301 to it."""

    def __init__(self, get_response: View) -> None:
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
    """The context processor: `site` in every template."""
    return {"site": getattr(request, "site", None) or SiteSettings.current()}
