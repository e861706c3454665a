"""Has a page made for everybody: as nobody in particular asks for it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from blog import freshness
from config.kept_pages import Headers, Page

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# What is nowhere is kept as well: it is asked for by robots, again and again.
KEPT_CODES = frozenset(["200", "301", "404", "410"])
# Longer answers are sent while they are made.
MAX_BODY_BYTES = 4 * 1024 * 1024
# What a page may differ by, besides by its address.
_KNOWN_VARY = frozenset(["accept-encoding", "cookie", "accept"])
# Whoever keeps it asks whether it is still so: with its ETag that costs few bytes.
ALWAYS_ASK = "public, max-age=0, must-revalidate"
# What is for one person, or for one moment, is kept by nobody.
OWN_ALONE = ("Cache-Control", "private, no-cache")
# Of what asks for a page these are left out: they are one person's, or one moment's.
_NOBODYS = frozenset(
    """
    CONTENT_TYPE CONTENT_LENGTH HTTP_COOKIE HTTP_ACCEPT_ENCODING HTTP_IF_NONE_MATCH HTTP_IF_MODIFIED_SINCE
    HTTP_IF_MATCH HTTP_IF_UNMODIFIED_SINCE HTTP_RANGE HTTP_IF_RANGE
    """.split()
)


@dataclass
class Made:
    """An answer: a page, or what is too long or no text and goes out as it comes."""

    status: str = ""
    headers: Headers = field(default_factory=list)
    page: Page | None = None
    rest: Iterable[bytes] = ()
    is_kept: bool = False
    until: datetime | None = None


def made_for_everybody(application: Application, environ: Environ, query: str) -> Made:
    """What `application` answers, `query` being all that pages look at."""
    asked = {name: told for name, told in environ.items() if name not in _NOBODYS}
    asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    made, began = Made(), time.perf_counter()

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        made.status, made.headers = status, list(headers)

    with freshness.watched() as span:
        body = application(asked, start_response)
        if not _is_short(made.headers, body):
            made.rest = body
            _tell_nobody(made.headers)
            return made
        content = _whole(body)
    made.until = span.until
    made.is_kept = _may_be_kept(made)
    (_tell_keepers if made.is_kept else _tell_nobody)(made.headers)
    made.page = Page(made.status, made.headers, content)
    made.page.made_in = time.perf_counter() - began
    return made


def _is_short(headers: Headers, body: Iterable[bytes]) -> bool:
    """Whether it is whole, and not too long. Not every redirect says how long it is."""
    if isinstance(body, HttpResponse):
        return len(body.content) <= MAX_BODY_BYTES
    length = _named(headers, "content-length")
    return length.isdecimal() and int(length) <= MAX_BODY_BYTES


def _whole(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def _may_be_kept(made: Made) -> bool:
    vary = {part.strip() for part in _named(made.headers, "vary").lower().split(",")}
    told = _named(made.headers, "cache-control").lower()
    return (
        made.status[:3] in KEPT_CODES
        and not _named(made.headers, "set-cookie")
        and not _named(made.headers, "content-encoding")
        and "no-store" not in told
        and "private" not in told
        and vary - {""} <= _KNOWN_VARY
    )


def _tell_keepers(headers: Headers) -> None:
    """What proxies and browsers need to know to be right as well."""
    if not _named(headers, "cache-control"):
        headers.append(("Cache-Control", ALWAYS_ASK))
    varied = ["Accept-Encoding", "Cookie"]
    if "accept" in _named(headers, "vary").lower().replace("accept-encoding", ""):
        varied.append("Accept")
    headers[:] = [header for header in headers if header[0].lower() != "vary"]
    headers.append(("Vary", ", ".join(varied)))


def _tell_nobody(headers: Headers) -> None:
    if not _named(headers, "cache-control"):
        headers.append(OWN_ALONE)


def _named(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
