"""The pictures beside the names."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog import freshness
from blog.languages import wordless
from comments import avatars
from comments.models import Photo

YEAR_SECONDS = 365 * 24 * 3600
HOUR_SECONDS = 3600


@wordless
@require_safe
def drawing(request: HttpRequest, key: str) -> HttpResponse:
    """The drawing for a key: the same for ever. No query."""
    return _picture(_drawn(key), f"public, max-age={YEAR_SECONDS}, immutable")


@wordless
@require_safe
def avatar(request: HttpRequest, key: str) -> HttpResponse:
    """The writer's own picture if there is one, or the drawing. One query.

    The page gives this address where the keeper uses Gravatar. What it shows may
    change, so that it is kept for an hour only.
    """
    drawn = _drawn(key)
    # Whether there is one is no change of the blog: with each, all pages were made anew.
    freshness.good_until(timezone.now())
    found = _photo(key)
    picture = HttpResponse(found, content_type="image/webp") if found else drawn
    return _picture(picture, f"public, max-age={HOUR_SECONDS}")


def _drawn(key: str) -> HttpResponse:
    if not avatars.is_key(key):
        raise Http404("This is no key of an avatar.")
    return HttpResponse(avatars.identicon(key), content_type="image/svg+xml")


def _photo(key: str) -> bytes | None:
    photo = Photo.objects.filter(pk=key, is_there=True).first()
    if photo is None:
        return None
    try:
        with default_storage.open(photo.path) as file:
            return file.read()
    except FileNotFoundError:  # it is being replaced, or the folder was lost
        return None


def _picture(response: HttpResponse, caching: str) -> HttpResponse:
    response["Cache-Control"] = caching
    # Opened by itself it is a document of this blog: one that may do nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
