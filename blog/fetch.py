"""The one function that fetches from the web, for addresses that strangers choose.

It asks public machines only, and can be made to wait, to read or to walk no further
than it was told. The check stands where the connection is made, on the very address
that is connected to: no second look at the DNS, no odd spelling and no redirect gets
past it.
"""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from blog.guarded_connections import (
    FetchError,
    GuardedAdapter,
    UnsafeURL,
    Wire,
    allowed_ports,
)

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
    "UnsafeURL",
    "fetch",
]


class TooLarge(FetchError):
    """More came than was to be read."""


class TooSlow(FetchError):
    """It was not done in time."""


class FetchFailed(FetchError):
    """No answer, or none that can be read."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. `url` is where the redirects ended."""

    url: str
    status: int
    headers: Mapping[str, str]  # upper and lower case are one
    body: bytes
    encoding: str | None

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body by the charset it names, as UTF-8 where it names none."""
        try:
            return self.body.decode(self.encoding or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode(errors="replace")


@dataclass(frozen=True)
class _Errand:
    method: str
    data: Mapping[str, str] | bytes | None
    headers: Mapping[str, str]
    max_bytes: int
    max_redirects: int
    seconds: float


def fetch(
    url: str,
    *,
    method: str = "GET",
    data: Mapping[str, str] | bytes | None = None,
    headers: Mapping[str, str] | None = None,
    asked_by: str = "",
    max_bytes: int = MAX_BYTES,
    max_redirects: int = MAX_REDIRECTS,
    seconds: float = SECONDS,
) -> Answer:
    """Ask `url` and give back what it answers, 404 and 500 too.

    `max_bytes` counts what was unpacked; `seconds` is the time for all of it, names
    and redirects included. `asked_by` tells the other side on whose behalf:
    "verifying a pingback from 192.0.2.1". Raises UnsafeURL, TooLarge, TooSlow or
    FetchFailed, all of them FetchErrors.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is not fetched with.")
    agent = {"User-Agent": user_agent(asked_by), "Accept-Encoding": "gzip, deflate"}
    sent = {**(headers or {}), **agent}
    errand = _Errand(method, data, sent, max_bytes, max_redirects, seconds)
    return _in_time(url, errand)


def user_agent(asked_by: str = "") -> str:
    purpose = "".join(sign for sign in asked_by if " " <= sign <= "~")[:200]
    return f"Quillback (+{settings.SITE_URL}/{'; ' if purpose else ''}{purpose})"


def _in_time(url: str, errand: _Errand) -> Answer:
    """Run the errand in a thread of its own, and don't wait for it too long.

    A socket's timeout begins anew with each byte, and a look-up of a name has
    none: only somebody who stands beside can keep the time.
    """
    wire = Wire(errand.seconds)
    outcome: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(_follow(url, errand, wire))
        except BaseException as error:  # noqa: BLE001  raised again by who waits
            outcome.put(error)
        finally:
            wire.close()

    threading.Thread(target=run, name="fetch", daemon=True).start()
    try:
        result = outcome.get(timeout=errand.seconds)
    except queue.Empty:
        wire.cut()
        raise TooSlow(
            f"No whole answer within {errand.seconds:g} seconds: {url}"
        ) from None
    if isinstance(result, BaseException):
        raise result
    return result


def _follow(url: str, errand: _Errand, wire: Wire) -> Answer:
    """Ask, and go where the answers lead. Raises FetchError."""
    method, data = errand.method, errand.data
    with _session(wire) as session:
        for _ in range(errand.max_redirects + 1):
            check_url(url)
            answer = _ask(session, method, url, data, errand)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            url = urljoin(answer.url, location)
            if answer.status not in (307, 308) and method == "POST":
                method, data = "GET", None
    raise FetchFailed(f"More than {errand.max_redirects} redirects.")


def check_url(url: str) -> None:
    """Raise UnsafeURL unless it looks like an address on the web. Asks nobody."""
    if any(sign <= " " or sign in "\\\x7f" for sign in url):
        raise UnsafeURL("There is a blank or a control character in the address.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeURL(f"This is no address: {error}.") from None
    if parts.scheme not in ("http", "https"):
        raise UnsafeURL("Only http:// and https:// are fetched.")
    if "@" in parts.netloc:
        raise UnsafeURL("There is a login in the address.")
    if not parts.hostname:
        raise UnsafeURL("The address names no host.")
    if port is not None and port not in allowed_ports():
        raise UnsafeURL(f"Port {port} is not a web server's.")


def _session(wire: Wire) -> requests.Session:
    session = requests.Session()
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
            body = _read(response, errand.max_bytes)
            return Answer(
                str(response.url),
                response.status_code,
                response.headers,
                body,
                _charset(response),
            )
    except (requests.RequestException, HTTPError, UnicodeError, OSError) as error:
        raise FetchFailed(f"{type(error).__name__}: {error}") from error


def _read(response: requests.Response, max_bytes: int) -> bytes:
    """The body, unpacked piece by piece, and no more of it than allowed."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchFailed("The answer is packed in a way that was not asked for.")
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge(f"The answer is larger than {max_bytes} bytes.")
    return bytes(body)


def _charset(response: requests.Response) -> str | None:
    """As the header says it; requests' guess of Latin-1 helps nobody."""
    named = "charset" in response.headers.get("Content-Type", "").lower()
    return response.encoding if named else None
