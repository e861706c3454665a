"""The pictures beside the names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comments import avatars

YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def drawing(request: HttpRequest, key: str) -> HttpResponse:
    """The drawing for a key: the same for ever. No query."""
    response = _svg(key)
    response["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


def _svg(key: str) -> HttpResponse:
    if not avatars.is_key(key):
        raise Http404("This is no key of an avatar.")
    response = HttpResponse(avatars.identicon(key), content_type="image/svg+xml")
    # Opened by itself it is a document of this blog: one that may do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
