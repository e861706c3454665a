"""The icon browsers ask for unasked, and what a system needs to put the blog on a screen."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.http import conditional_page, require_safe

from blog import icons, themes
from blog.models import SiteSettings

CACHE_CONTROL = "public, max-age=3600"
# What fits below an icon; longer names are cut by who shows them, in the middle of words.
SHORT_NAME_SIGNS = 12


@require_safe
@conditional_page
def favicon(request: HttpRequest) -> HttpResponse:
    """`/favicon.ico`: the file itself, because not everybody follows from there."""
    data = _made(SiteSettings.of(request)) or _built_in()
    response = HttpResponse(data, content_type=icons.ICO_TYPE)
    response["Cache-Control"] = CACHE_CONTROL
    return response


@require_safe
@conditional_page
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/: the blog as something to be kept at hand.

    With the browser's own way back and on: a blog is pages that lead elsewhere.
    """
    site = SiteSettings.of(request)
    ground = themes.of(site).grounds[0]
    home = reverse("blog:home")
    said: dict[str, Any] = {
        "name": site.title,
        "short_name": _short(site.title),
        "description": " ".join((site.description or site.tagline).split()),
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "background_color": ground,
        "theme_color": ground,
        "icons": [
            {
                "src": icon.address,
                "type": icon.mime_type,
                "sizes": f"{icon.width}x{icon.width}",
                "purpose": icon.purpose,
            }
            for icon in icons.of(site)
            if icon.purpose != "touch"
        ],
    }
    response = JsonResponse(
        {name: value for name, value in said.items() if value},
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = CACHE_CONTROL
    return response


def _made(site: SiteSettings) -> bytes:
    """The file made of the keeper's picture; empty where there is none."""
    names = [made["name"] for made in site.icon_files if made["purpose"] == "ico"]
    if not (site.icon_id and names):
        return b""
    try:
        with default_storage.open(names[0]) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return b""


def _built_in() -> bytes:
    return Path(str(finders.find(f"{icons.BUILT_IN}favicon.ico"))).read_bytes()


def _short(title: str) -> str:
    """The first words of a name, as many as fit; the whole where not even one does."""
    if len(title) <= SHORT_NAME_SIGNS:
        return title
    return title[: SHORT_NAME_SIGNS + 1].rpartition(" ")[0].rstrip(" ,;:–—-") or title
