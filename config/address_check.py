"""Whether old addresses still lead to what was read there: asked of this blog itself.

Each is asked for as a visitor's browser would, within this process and without a
server: the very middleware and views answer that serve it.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from urllib.parse import SplitResult, unquote_to_bytes, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

MAX_STEPS = 5
MAX_NAMED = 20
# The pages asked for last: the anchors of one page come one after another.
KEPT_PAGES = 50
_MOVED = frozenset([301, 308])
_ELSEWHERE = frozenset([302, 303, 307])
_COMMENT = re.compile(r"comment-([0-9]{1,18})")
_ID = re.compile(rb"""\bid=["']?(comment-[0-9]+)""")


class Outcome(StrEnum):
    ANSWERS = "answered"
    LED = "led on"  # with one redirect
    AWAY = "led away"  # with one redirect, to another site
    NOT_FOUND = "not found"
    GONE = "gone"
    STEPS = "more than one step"
    NO_ANCHOR = "without its anchor"
    REFUSED = "refused"
    ERROR = "an error"
    NO_ADDRESS = "no address"

    @property
    def is_good(self) -> bool:
        return self in (Outcome.ANSWERS, Outcome.LED, Outcome.AWAY)


@dataclass(frozen=True)
class Found:
    """What became of an address; `place` is where it led, if anywhere."""

    address: str
    outcome: Outcome
    place: str = ""


@dataclass
class Tally:
    """How many there are of each outcome, and which are not answered as they stand."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    led: list[Found] = field(default_factory=list)
    failed: list[Found] = field(default_factory=list)

    def add(self, found: Found) -> None:
        self.counts[found.outcome] += 1
        if not found.outcome.is_good:
            self.failed.append(found)
        elif found.outcome != Outcome.ANSWERS:
            self.led.append(found)

    def sentences(self) -> Iterator[str]:
        total = self.counts.total()
        noun = "address" if total == 1 else "addresses"
        counts = ", ".join(
            f"{self.counts[outcome]:,} {outcome}"
            for outcome in Outcome
            if self.counts[outcome]
        )
        yield f"{total:,} old {noun}: {counts or 'nothing to ask for'}"
        for found in self.failed[:MAX_NAMED]:
            place = f" → {found.place}" if found.place else ""
            yield f"{found.outcome.capitalize()}: {found.address}{place}"
        if (more := len(self.failed) - MAX_NAMED) > 0:
            yield f"… and {more:,} more; all are in the report with --report"

    def told(self) -> dict[str, object]:
        """For JSON."""
        return {
            "checked": self.counts.total(),
            "counts": self.counts,
            "led_on": {found.address: found.place for found in self.led},
            "failed": [
                {
                    "address": found.address,
                    "outcome": found.outcome,
                    "place": found.place,
                }
                for found in self.failed
            ],
        }


def check(addresses: Iterable[str]) -> Iterator[Found]:
    """What became of each, whole or a path, one after another."""
    walker = _Walker()
    for address in addresses:
        with _undisturbed():
            found = walker.follow(address)
        yield found


@dataclass(frozen=True)
class _Page:
    status: int
    location: str = ""
    anchors: frozenset[str] = frozenset()


class _Walker:
    def __init__(self) -> None:
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self._pages: dict[str, _Page] = {}

    def follow(self, address: str) -> Found:
        try:
            parts = urlsplit(address)
        except ValueError:
            return Found(address, Outcome.NO_ADDRESS)
        start = target = _path(parts)
        moves = steps = 0
        while (page := self._page(target)).location and steps < MAX_STEPS:
            steps += 1
            moves += page.status in _MOVED
            target = urljoin(target, page.location)
            if not _is_here(target):
                outcome = Outcome.AWAY if steps == 1 else Outcome.STEPS
                return Found(address, outcome, target)
            target = _path(urlsplit(target))
        place = target if target not in (start, f"{start}/") else ""
        return Found(address, self._outcome(page, parts, moves, steps, target), place)

    def _outcome(
        self, page: _Page, parts: SplitResult, moves: int, steps: int, target: str
    ) -> Outcome:
        if page.location or moves > 1:
            return Outcome.STEPS
        if page.status != 200:
            return _of_status(page.status)
        anchor = _COMMENT.fullmatch(parts.fragment)
        if anchor and not self._has(page, anchor, target):
            return Outcome.NO_ANCHOR
        return Outcome.LED if steps else Outcome.ANSWERS

    def _has(self, page: _Page, anchor: re.Match[str], target: str) -> bool:
        """Whether the comment is on the page, or on the one that its script goes to."""
        if anchor[0] in page.anchors:
            return True
        there = self._page(f"/comments/{anchor[1]}/").location
        return there.startswith(target.partition("?")[0])

    def _page(self, target: str) -> _Page:
        if target not in self._pages:
            if len(self._pages) >= KEPT_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[target] = self._asked(target)
        return self._pages[target]

    def _asked(self, target: str) -> _Page:
        response = self._handler.get_response(_request(target))
        try:
            is_moved = response.status_code in _MOVED | _ELSEWHERE
            location = response.get("Location", "") if is_moved else ""
            return _Page(response.status_code, location, _anchors(response))
        finally:
            response.close()


def _request(target: str) -> WSGIRequest:
    path, _, query = target.partition("?")
    site = urlsplit(settings.SITE_URL)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": iri_to_uri(query),
            "HTTP_HOST": site.netloc,
            "HTTP_USER_AGENT": "Quillback (checking addresses)",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": site.hostname or "",
            "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )


def _path(parts: SplitResult) -> str:
    path = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    return f"{path}?{parts.query}" if parts.query else path


def _is_here(target: str) -> bool:
    parts = urlsplit(target)
    return not parts.netloc or parts.netloc == urlsplit(settings.SITE_URL).netloc


def _anchors(response: HttpResponseBase) -> frozenset[str]:
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return frozenset()
    return frozenset(name.decode() for name in _ID.findall(response.content))


def _of_status(status: int) -> Outcome:
    if status >= 500:
        return Outcome.ERROR
    known = {404: Outcome.NOT_FOUND, 410: Outcome.GONE}
    return known.get(status, Outcome.REFUSED)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without a line in the log for each address at which there is nothing.

    And on one connection: an answer that was read would close the database otherwise.
    """
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_finished.connect(close_old_connections)
        logger.setLevel(before)
