"""A second chance for addresses the blog once had, and the site in every template."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.functional import SimpleLazyObject

from blog.models import Redirect, SiteSettings


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
