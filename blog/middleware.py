"""Addresses nothing can be at, those the blog once had, and the site in templates."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponsePermanentRedirect,
)
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.functional import SimpleLazyObject

from blog.models import Post, Redirect, SiteSettings
from blog.views import errors

GONE = ""
_FURTHER_PAGE = re.compile(r"(?P<list>/.+/)(?P<page>(page/|comment-page-)[0-9]+/)")


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
        if response.status_code == 404:
            old = _old_addresses(request)
            moved = _new_address(request, old)
            if moved is None:
                moved = _address_of_post(old)
        elif _appends_slash(request, response):
            # Whether there is something at the address with the slash is not known
            # yet. One without it may be old all the same: /index.html
            moved = _new_address(request, dict.fromkeys(_spelt(request.path), ""))
        else:
            return response
        if moved is None:
            return response
        if moved == GONE:
            return errors.gone(request)
        return HttpResponsePermanentRedirect(moved)


def _appends_slash(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this is CommonMiddleware's answer to an address without a slash."""
    if response.status_code != 301 or request.path.endswith("/"):
        return False
    return response["Location"] == request.get_full_path(force_append_slash=True)


def _old_addresses(request: HttpRequest) -> dict[str, str]:
    """What the address may be known as, best first, each with what to add to the new.

    A list that moved took its further pages along, and so did a conversation.
    """
    path = request.path
    other = path[:-1] if path.endswith("/") else f"{path}/"
    addresses = dict.fromkeys([*_spelt(path), *_spelt(other)], "")
    further = _FURTHER_PAGE.fullmatch(path)
    if further:
        addresses |= dict.fromkeys(_spelt(further["list"]), further["page"])
    return addresses


def _spelt(path: str) -> list[str]:
    """As it is written, and percent-encoded, as the blog's own redirects are."""
    return [escape_uri_path(path), path]


def _new_address(request: HttpRequest, old: dict[str, str]) -> str | None:
    """Where the first of the addresses that is known leads to, or GONE. One query.

    With the query where that is known, too: it says more.
    """
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    if query:
        old = {f"{path}?{query}": "" for path in old} | old
    rows = Redirect.objects.filter(old_path__in=old)
    new_path_of = dict(rows.values_list("old_path", "new_path"))
    for path, page in old.items():
        if path in new_path_of:
            new_path = new_path_of[path]
            return new_path + page if new_path else GONE
    return None


def _address_of_post(old: dict[str, str]) -> str | None:
    """Where the post is that was public at one of these addresses, or GONE. One query.

    One whose date was moved and came appears elsewhere by the clock alone, without
    anybody who could leave a redirect.
    """
    paths = filter(None, old)  # what never was public has an empty one
    posts = Post.objects.filter(public_path__in=paths).defer("body", "body_html")
    found: str | None = None
    for post in posts.order_by("pk"):
        address = post.get_absolute_url()
        if not post.is_public:
            found = GONE
        elif address != post.public_path:
            return address + old[post.public_path]
    return found


def site(request: HttpRequest) -> dict[str, object]:
    """The context processor: `site`, read if it is asked for, and where it stands."""
    return {
        "site": SimpleLazyObject(lambda: SiteSettings.of(request)),
        "site_url": settings.SITE_URL,
    }
