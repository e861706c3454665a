"""The page cache: answers with ready bytes, and never with what is no longer so.

Outside of all else (PEP 3333). A page is kept for everybody without a cookie of ours,
and for the generation of the blog it was made in: after any committed change nothing
made before is sent again. Where the generation is not known, pages are made.
"""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.urls import reverse

from blog import generations, missed
from blog.generations import Turning, Unknown
from config import shared_pages
from config.kept_pages import Headers, KeptPages, Page, Ready, encoding_of
from config.making_pages import (
    OWN_ALONE,
    Application,
    Environ,
    Made,
    StartResponse,
    made_for_everybody,
)
from config.shared_pages import SharedPages

Answer = Iterable[bytes]
Key = tuple[str, ...]

# What pages look at in a query. With any other a page is made, and not kept.
SEEN_PARAMETERS = frozenset(["paged", "replytocom"])
# What others add to links to count who follows them; no page looks at these.
UNSEEN_PARAMETERS = frozenset(
    "fbclid gclid dclid msclkid mc_cid mc_eid igshid yclid twclid "
    "utm_source utm_medium utm_campaign utm_term utm_content utm_id".split()
)
MAX_QUERY_LENGTH = 500
# What is nowhere, or elsewhere, may be asked for at any address at all: that crowds
# out no page.
NOWHERE_SHARE = 8
# So long one waits for a page that somebody else is having made.
PATIENCE_SECONDS = 20
MAX_REMEMBERED_HEADERS = 500
_ENVIRON_NAMES = {
    name: "HTTP_" + name.upper().replace("-", "_")
    for name in (
        *("authorization", "host", "x-forwarded-proto", "accept", "cookie"),
        *("if-none-match", "if-modified-since", "accept-encoding"),
    )
}


class Asked(NamedTuple):
    """What decides which page it is. `header` takes names in small letters."""

    method: str
    # As WSGI has it: bytes of UTF-8 as Latin-1.
    path: str
    query: str
    scheme: str
    header: Callable[[str], str | None]

    @classmethod
    def of_environ(cls, environ: Environ) -> "Asked":
        def header(name: str) -> str | None:
            told: str | None = environ.get(_ENVIRON_NAMES[name])
            return told

        return cls(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ["wsgi.url_scheme"],
            header,
        )


class _Flight:
    """A page that is being made, and those who wait for it."""

    def __init__(self) -> None:
        self.has_landed = threading.Event()
        self.page: Page | None = None


class _Generation:
    """What was made since the last change of the blog, and what is being made."""

    def __init__(self, token: int | None, max_bytes: int) -> None:
        self.token = token
        self.flights: dict[Key, _Flight] = {}
        self._pages = KeptPages(max_bytes)
        self._nowhere = KeptPages(max_bytes // NOWHERE_SHARE)

    def find(self, key: Key) -> Page | None:
        page = self._pages.get(key) or self._nowhere.get(key)
        if page is None or page.expires_at <= time.time():
            return None
        page.was_used = True
        return page

    def keep(self, key: Key, page: Page, until: datetime | None) -> None:
        if until is not None:
            page.expires_at = until.timestamp()
            if page.expires_at <= time.time():
                return
        # Whoever asks says what it is kept by: that takes room as well.
        page.size += sum(map(len, key))
        (self._pages if page.code == 200 else self._nowhere).put(key, page)


class PageCache:
    """`application`, whose public pages are made once in each generation."""

    def __init__(
        self,
        application: Application,
        generations: Turning | Unknown,
        max_bytes: int,
        shared: SharedPages | None = None,
    ) -> None:
        self._application = application
        self._generations = generations
        self._shared = shared
        self._max_bytes = max_bytes
        self._now = _Generation(None, max_bytes)
        self._lock = threading.Lock()
        self._encodings: dict[str, str] = {}
        self._never_kept = _never_kept()
        self._tells_time = settings.DEBUG
        self._has_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
        self._own_cookies = (settings.SESSION_COOKIE_NAME, "unlock-", "messages=")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Answer:
        asked = Asked.of_environ(environ)
        key = self._key(asked)
        if key is None or self._is_somebodys(asked):
            return self._application(environ, _for_one(start_response))
        generation = self._current()
        if generation is None:
            return self._application(environ, _for_one(start_response))
        page = generation.find(key)
        if page is None:
            return self._made(generation, key, environ, start_response)
        if page.code == 404:
            _note_missed(environ)
        return _begun(self._ready(page, asked), start_response)

    def at_hand(self, asked: Asked) -> Ready | None:
        """A page that is kept, if it takes no waiting to know that it is still so."""
        key = self._key(asked)
        if key is None or self._is_somebodys(asked):
            return None
        number, now = self._generations.at_hand(), self._now
        if number is None or now.token != number:
            return None
        page = now.find(key)
        if page is None or page.code == 404:
            return None
        return self._ready(page, asked)

    def _key(self, asked: Asked) -> Key | None:
        """What a page is kept by, the query second; None where it never is."""
        if asked.method not in ("GET", "HEAD"):
            return None
        path, query, header = asked.path, asked.query, asked.header
        if path.startswith(self._never_kept) or header("authorization"):
            return None
        if query:
            seen = _seen_of(query)
            if seen is None:
                return None
            query = seen
        return (
            path,
            query,
            header("host") or "",
            asked.scheme,
            (header("x-forwarded-proto") or "") if self._has_proxy else "",
            # Feeds are shown to browsers as pages. Nothing else looks at it.
            (header("accept") or "") if "/feed/" in path else "",
        )

    def _is_somebodys(self, asked: Asked) -> bool:
        cookies = asked.header("cookie")
        return cookies is not None and any(
            name in cookies for name in self._own_cookies
        )

    def _current(self) -> _Generation | None:
        token = self._generations.current()
        if token is None:
            return None
        now = self._now
        if now.token == token:
            return now
        with self._lock:
            # Whoever asked before a change may come here after who asked since.
            if self._now.token is None or self._now.token < token:
                self._now = _Generation(token, self._max_bytes)
            return self._now

    def _made(
        self,
        generation: _Generation,
        key: Key,
        environ: Environ,
        start_response: StartResponse,
    ) -> Answer:
        """One has it made; those who ask meanwhile wait for it."""
        asked = Asked.of_environ(environ)
        with self._lock:
            flight = generation.flights.get(key)
            if flight is None:
                own = generation.flights[key] = _Flight()
        if flight is None:
            return self._fly(own, generation, key, environ, start_response)
        flight.has_landed.wait(PATIENCE_SECONDS)
        if flight.page is None:
            return self._application(environ, _for_one(start_response))
        return _begun(self._ready(flight.page, asked), start_response)

    def _fly(
        self,
        flight: _Flight,
        generation: _Generation,
        key: Key,
        environ: Environ,
        start_response: StartResponse,
    ) -> Answer:
        asked = Asked.of_environ(environ)
        try:
            made = self._made_or_shared(generation, key, environ)
            if made.page is not None and made.is_kept:
                generation.keep(key, made.page, made.until)
                flight.page = made.page
        finally:
            with self._lock:
                generation.flights.pop(key, None)
            flight.has_landed.set()
        if made.page is not None:
            return _begun(self._ready(made.page, asked), start_response)
        start_response(made.status, made.headers)
        return made.rest

    def _made_or_shared(
        self, generation: _Generation, key: Key, environ: Environ
    ) -> Made:
        """Made here, or in another process of this server: by whoever began first."""

        def make() -> Made:
            return made_for_everybody(self._application, environ, query=key[1])

        if self._shared is None:
            return make()
        name = self._generations.name_of(generation.token)
        return make() if name is None else self._shared.find_or_make(name, key, make)

    def _ready(self, page: Page, asked: Asked) -> Ready:
        none_match = asked.header("if-none-match")
        modified_since = asked.header("if-modified-since")
        if (none_match or modified_since) and page.is_unchanged(
            none_match, modified_since
        ):
            return Ready("304 Not Modified", page.unchanged_headers(), b"")
        ready = page.ready(self._encoding(asked.header("accept-encoding") or ""))
        if self._tells_time:
            ready = ready._replace(headers=[*ready.headers, _timing(page)])
        return ready._replace(body=b"") if asked.method == "HEAD" else ready

    def _encoding(self, accepted: str) -> str:
        try:
            return self._encodings[accepted]
        except KeyError:
            encoding = encoding_of(accepted)
        if len(self._encodings) < MAX_REMEMBERED_HEADERS:
            self._encodings[accepted] = encoding
        return encoding


def around(application: Application) -> Application:
    """`application` behind a cache as large as the settings say."""
    max_bytes = settings.PAGE_CACHE_BYTES
    if not max_bytes:
        return application
    return PageCache(
        application, generations.shared(), max_bytes, shared_pages.of_server()
    )


def _never_kept() -> tuple[str, ...]:
    """Where one person is served, or files are: ranges and all."""
    own = [reverse("admin:index"), "/accounts/", "/preview/", "/search/"]
    return (*own, "/healthz", "/readyz", settings.STATIC_URL, settings.MEDIA_URL)


def _seen_of(query: str) -> str | None:
    """What of a query pages look at; None where there is more than is known here."""
    if len(query) > MAX_QUERY_LENGTH:
        return None
    seen = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in SEEN_PARAMETERS:
            seen.append((name, value))
        elif name not in UNSEEN_PARAMETERS:
            return None
    return urlencode(seen)


def _for_one(start_response: StartResponse) -> StartResponse:
    """Tells that what is for one person, or for one moment, is kept for nobody else."""

    def started(status: str, headers: Headers, exc_info: Any = None) -> Any:
        if all(name.lower() != "cache-control" for name, _ in headers):
            headers = [*headers, OWN_ALONE]
        return start_response(status, headers, *([exc_info] if exc_info else []))

    return started


def _begun(ready: Ready, start_response: StartResponse) -> Answer:
    start_response(ready.status, ready.headers)
    return [ready.body] if ready.body else []


def _timing(page: Page) -> tuple[str, str]:
    """What the page took when it was made (Server Timing, section 3)."""
    said = "kept" if page.was_used else "made"
    return "Server-Timing", f'page;desc="{said}";dur={page.made_in * 1000:.1f}'


def _note_missed(environ: Environ) -> None:
    """The keeper is told of it as often as it is asked for."""
    close_old_connections()
    missed.note(WSGIRequest(environ))
