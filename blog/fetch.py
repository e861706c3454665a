"""The one function that fetches from the web, for addresses that strangers choose.

It asks public machines only, and can be made to wait, to read or to walk no further
than it was told. The check stands where the connection is made, on the very address
that is connected to: no second look at the DNS, no odd spelling and no redirect gets
past it.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.utils.translation import gettext
from urllib3.exceptions import HTTPError

from blog import charsets, fetch_faults, web_address
from blog.guarded_connections import (
    FetchError,
    GuardedAdapter,
    UnsafeURL,
    Wire,
    allowed_ports,
)
from blog.web_address import NoAddress

MAX_BYTES = 2**20
MAX_REDIRECTS = 5
SECONDS = 10.0
METHODS = frozenset({"GET", "HEAD", "POST"})
_CHUNK_BYTES = 16_384
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What requests unpacks piece by piece; nothing else was asked for.
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


__all__ = [
    "Answer",
    "FetchError",
    "FetchFailed",
    "TooLarge",
    "TooSlow",
    "UnknownHost",
    "UnsafeURL",
    "fetch",
]


class TooLarge(FetchError):
    """More came than was to be read."""


class TooSlow(FetchError):
    """It was not done in time."""


class FetchFailed(FetchError):
    """No answer, or none that can be read."""


class UnknownHost(FetchFailed):
    """No server has that name."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. `url` is where the redirects ended."""

    url: str
    status: int
    headers: Mapping[str, str]  # upper and lower case are one
    body: bytes
    encoding: str | None  # as the header names it

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as `charsets.page_text` reads it.

        Never raises, and is text that can be stored, but for its NULs.
        """
        return charsets.page_text(self.body, self.encoding)


@dataclass(frozen=True)
class _Errand:
    method: str
    data: Mapping[str, str] | bytes | None
    headers: Mapping[str, str]
    max_bytes: int
    may_cut: bool
    max_redirects: int
    seconds: float


class _Sent(Enum):
    """Said by the errand's thread when its first request has left."""

    SENT = "sent"


_News = queue.SimpleQueue[Answer | BaseException | _Sent]


def fetch(
    url: str,
    *,
    method: str = "GET",
    data: Mapping[str, str] | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    asked_by: str = "",
    max_bytes: int = MAX_BYTES,
    may_cut: bool = False,
    max_redirects: int = MAX_REDIRECTS,
    seconds: float = SECONDS,
    on_sent: Callable[[], object] | None = None,
) -> Answer:
    """Ask `url` and give back what it answers, 404 and 500 too.

    `max_bytes` counts what was unpacked; of a larger body the beginning is given back
    where `may_cut`. `seconds` is the time for all of it, names
    and redirects included. `asked_by` tells the other side on whose behalf:
    "verifying a pingback from 192.0.2.1". Raises UnsafeURL, TooLarge, TooSlow or
    FetchFailed, all of them FetchErrors.

    `on_sent` is called here, in the caller's thread, when the whole request has left
    and its answer is not read yet; once, at the first of several that redirects ask
    for; not at all where the other side hung up before. What it raises is raised.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is not fetched with.")
    agent = {"User-Agent": user_agent(asked_by), "Accept-Encoding": "gzip, deflate"}
    sent = {**(headers or {}), **agent}
    errand = _Errand(method, data, sent, max_bytes, may_cut, max_redirects, seconds)
    return _in_time(url, errand, on_sent)


def user_agent(asked_by: str = "") -> str:
    purpose = "".join(sign for sign in asked_by if " " <= sign <= "~")[:200]
    return f"Quillback (+{settings.SITE_URL}/{'; ' if purpose else ''}{purpose})"


def _in_time(url: str, errand: _Errand, on_sent: Callable[[], object] | None) -> Answer:
    """Run the errand in a thread of its own, and don't wait for it too long.

    A socket's timeout begins anew with each byte, and a look-up of a name has
    none: only somebody who stands beside can keep the time.
    """
    news: _News = queue.SimpleQueue()
    wire = Wire(
        errand.seconds, when_sent=partial(news.put, _Sent.SENT) if on_sent else None
    )

    def run() -> None:
        try:
            news.put(_follow(url, errand, wire))
        except BaseException as error:  # noqa: BLE001  raised again by who waits
            news.put(error)
        finally:
            wire.close()

    threading.Thread(target=run, name="fetch", daemon=True).start()
    try:
        return _outcome(news, url, errand.seconds, on_sent)
    finally:
        # Nobody listens any more, whatever the reason.
        wire.cut()


def _outcome(
    news: _News, url: str, seconds: float, on_sent: Callable[[], object] | None
) -> Answer:
    """The answer, or what kept it from coming, raised."""
    ends_at = time.monotonic() + seconds
    while True:
        try:
            event = news.get(timeout=max(0, ends_at - time.monotonic()))
        except queue.Empty:
            late = gettext("No whole answer within %(seconds)s seconds: %(url)s") % {
                "seconds": f"{seconds:g}",
                "url": url,
            }
            raise TooSlow(late) from None
        if isinstance(event, BaseException):
            raise event
        if isinstance(event, Answer):
            return event
        if on_sent is not None:
            on_sent()


def _follow(url: str, errand: _Errand, wire: Wire) -> Answer:
    """Ask, and go where the answers lead. Raises FetchError.

    Only "see other" makes a GET of a POST. Browsers do it at 301 and 302 as well
    (RFC 9110, 15.4, leaves it open), but who moved from http to https moves forms
    too: a page that answers a GET with 200 has not taken them.
    """
    method, data = errand.method, errand.data
    with _session(wire) as session:
        for _ in range(errand.max_redirects + 1):
            check_url(url)
            answer = _ask(session, method, url, data, errand)
            if not _leads_on(answer.status, answer.headers):
                return answer
            url = _joined(answer.url, answer.headers["Location"])
            if answer.status == 303 and method == "POST":
                method, data = "GET", None
    raise FetchFailed(
        gettext("More than %(limit)s redirects.") % {"limit": errand.max_redirects}
    )


def _leads_on(status: int, headers: Mapping[str, str]) -> bool:
    return status in _REDIRECTS and bool(headers.get("Location"))


def _joined(url: str, location: str) -> str:
    """Where a redirect leads. HTTP gives its bytes as Latin-1; they are UTF-8."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise UnsafeURL(
            gettext("This is no address: %(error)s.") % {"error": error}
        ) from None


def check_url(url: str) -> None:
    """Raise UnsafeURL unless it looks like an address on the web. Asks nobody."""
    try:
        parts = web_address.split(url)
    except NoAddress as problem:
        raise UnsafeURL(str(problem)) from None
    if parts.scheme not in ("http", "https"):
        raise UnsafeURL(gettext("Only http:// and https:// are fetched."))
    if "@" in parts.netloc:
        raise UnsafeURL(gettext("There is a login in the address."))
    if not parts.hostname:
        raise UnsafeURL(gettext("The address names no host."))
    port = parts.port
    if port is not None and port not in allowed_ports():
        raise UnsafeURL(
            gettext("Port %(port)s is not a web server's.") % {"port": port}
        )


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests would read the whole body of a redirect to look ahead."""


def _session(wire: Wire) -> requests.Session:
    session = _Session()
    # No proxy, no login and no certificates named by the environment.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    adapter = GuardedAdapter(wire)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _ask(
    session: requests.Session,
    method: str,
    url: str,
    data: Mapping[str, str] | bytes | None,
    errand: _Errand,
) -> Answer:
    try:
        with session.request(
            method,
            url,
            data=data,
            headers=dict(errand.headers),
            allow_redirects=False,
            stream=True,
            # Whoever waits gives up first, and cuts the wire.
            timeout=errand.seconds + 1,
        ) as response:
            is_redirect = _leads_on(response.status_code, response.headers)
            # Nobody looks at what a redirect says, however much it is.
            body = b"" if is_redirect else _read(response, errand)
            return Answer(
                str(response.url),
                response.status_code,
                response.headers,
                body,
                _charset(response),
            )
    except (requests.RequestException, HTTPError, UnicodeError, OSError) as error:
        kind = UnknownHost if fetch_faults.is_unknown_host(error) else FetchFailed
        raise kind(fetch_faults.in_words(error)) from error


def _read(response: requests.Response, errand: _Errand) -> bytes:
    """The body, unpacked piece by piece, and no more of it than allowed."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchFailed(
            gettext("The answer is packed in a way that was not asked for.")
        )
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > errand.max_bytes:
            if errand.may_cut:
                break
            raise TooLarge(
                gettext("The answer is larger than %(limit)s bytes.")
                % {"limit": errand.max_bytes}
            )
    return bytes(body[: errand.max_bytes])


def _charset(response: requests.Response) -> str | None:
    """As the header says it; requests' guess of Latin-1 helps nobody."""
    is_said = "charset" in response.headers.get("Content-Type", "").lower()
    return response.encoding if is_said else None
