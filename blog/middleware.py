"""What holds for every page: its size, its theme, its address, the site it is of."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from csp.constants import HEADER as CSP_HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
)
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, get_resolver, resolve
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext

from blog import compression, languages, moved, themes
from blog.addresses import fixed
from blog.answering import answers
from blog.models import SiteSettings
from blog.views import errors

# What gets smaller; pictures and archives are as small as they can be.
_COMPRESSED_TYPES = ("text/", "application/json", "application/xml")
_COMPRESSED_ENDINGS = ("+json", "+xml")


class CompressTextMiddleware(GZipMiddleware):
    """Text, compressed for whoever takes it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        mime_type = response.get("Content-Type", "").partition(";")[0].strip()
        is_text = mime_type.startswith(_COMPRESSED_TYPES)
        if response.streaming or not (
            is_text or mime_type.endswith(_COMPRESSED_ENDINGS)
        ):
            return response
        if (
            isinstance(response, HttpResponse)
            and len(response.content) >= compression.LEAST_BYTES
            and not response.has_header("Content-Encoding")
            and compression.takes_brotli(request)
        ):
            smaller = compression.as_brotli(response.content, compression.FAST)
            compression.compress(response, smaller)
            return response
        return super().process_response(request, response)


class ContentPolicyMiddleware(CSPMiddleware):
    """The policy of the settings, written once; by the library where a page has its own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        has_own = any(name.startswith("_csp_") for name in response.__dict__)
        if has_own or hasattr(request, "_csp_nonce") or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(CSP_HEADER, _policy())
        return response


@cache
def _policy() -> str:
    return build_policy()


class ThemeMiddleware:
    """Pages are made of the templates of the theme the keeper chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with themes.for_request(request):
            return self.get_response(request)


class BlogsLanguageMiddleware:
    """What readers see is in the blog's language, whoever reads it.

    The row of settings it is in is the one the page needs anyhow. The desk is left to
    `OwnLanguageMiddleware`, which knows who is there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_at_desk(request) or _is_wordless(request):
            return self.get_response(request)
        with languages.blogs(languages.of_site(SiteSettings.of(request))):
            return self.get_response(request)


def _is_wordless(request: HttpRequest) -> bool:
    if not request.path_info.startswith(_wordless_beginnings()):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "is_wordless", False)


@cache
def _wordless_beginnings() -> tuple[str, ...]:
    """How the few paths begin that may lead to such a view."""

    def below(pattern: Any) -> list[Any]:
        parts = getattr(pattern, "url_patterns", None)
        return [pattern] if parts is None else [one for p in parts for one in below(p)]

    return tuple(
        f"/{str(pattern.pattern).partition('<')[0]}"
        for pattern in below(get_resolver())
        if getattr(pattern.callback, "is_wordless", False)
    )


class OwnLanguageMiddleware:
    """At the desk each has their own language, or the blog's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_at_desk(request):
            return self.get_response(request)
        language = getattr(request.user, "language", "")
        if language in dict(settings.LANGUAGES):
            with translation.override(language):
                return self.get_response(request)
        with languages.blogs(languages.of_site(SiteSettings.of(request))):
            return self.get_response(request)


def _is_at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(fixed("admin:index"))


class RefuseNulMiddleware:
    """An address with a NUL is no address: 400, before any query is made with it.

    PostgreSQL takes no NUL in a text, and every address is looked up as one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_nul = _has_nul(request.GET.lists()) and not _is_question(request)
        if "\0" in request.path or has_nul:
            return HttpResponseBadRequest(
                gettext("This can’t be an address: there is a NUL character in it."),
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


def _is_question(request: HttpRequest) -> bool:
    """Whether it is words to search for: any at all get a page, and are cleaned first."""
    is_old = request.path == "/" and "s" in request.GET
    return is_old or request.path.startswith("/search/")


def _has_nul(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return any("\0" in text for name, values in fields for text in (name, *values))


class RedirectMovedMiddleware:
    """Where nothing is found, look whether something once was.

    One 301 to where it is now; 410 where it is gone, or withdrawn: who links to it,
    and who was told of it, is to know. `errors.not_found` has looked already,
    unless a view made its own 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        query = request.META.get("QUERY_STRING", "")
        if response.status_code == 404 and hasattr(response, "place"):
            place = response.place
        elif response.status_code == 404:
            place = moved.new_address(request.path, query)
        elif _appends_slash(request, response):
            place = _without_slash(request.path, query)
        else:
            return response
        return response if place is None else errors.elsewhere(request, place)


def _without_slash(path: str, query: str) -> str | None:
    """Where an old address leads that was asked for without its slash, in one step.

    Whether there is something at the address with the slash is not known yet; one
    without it may be old all the same: /index.html. That something is gone is said
    there, to who may not read it.
    """
    place = moved.redirected(path, query)
    # Where slashes are doubled a page's pattern fits, but no page is there.
    if place is None and ("//" in path or not answers(f"{path}/")):
        place = moved.new_address(path, query) or None
    return place


def _appends_slash(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is CommonMiddleware's answer to an address without a slash."""
    if response.status_code != 301 or request.path.endswith("/"):
        return False
    with_slash = request.get_full_path(force_append_slash=True)
    return response["Location"] == escape_leading_slashes(with_slash)


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor: `site`, read if it is asked for, and where it stands."""
    known = SiteSettings.read_for(request)
    return {
        "site": known or SimpleLazyObject(lambda: SiteSettings.of(request)),
        "site_url": settings.SITE_URL,
    }
