"""Pages as bytes, ready to be sent again: in each encoding, bounded by bytes."""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

import brotli
import zstandard

Headers = list[tuple[str, str]]

# What a page costs besides its bytes: its headers and its place, about.
OVERHEAD_BYTES = 3000
# All encodings together are about so many times the brotli.
ALL_ENCODINGS = 3.5
# What is missing may be asked for at any address at all: that may not crowd out pages.
MISSING_SHARE = 8
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
_SMALLEST_COMPRESSED = 200

# In the order in which they are chosen, where a client takes several alike.
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(
        body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY
    ),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    # Without a date in it, so that the same page gives the same bytes.
    "gzip": lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
}
_QUALITY = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q=([\d.]{1,5}))?\s*")
# These tell of the bytes, and are told anew for those that are sent.
_OF_BYTES = frozenset(["content-encoding", "content-length", "etag"])


class Ready(NamedTuple):
    """An answer that only needs to be sent. `status` is a line such as `200 OK`."""

    status: str
    headers: Headers
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status[:3])


class Page:
    """An answer, made once. `status` is a line such as `200 OK`."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status = status
        self.code = int(status[:3])
        # Weak: one for the page in whatever encoding (RFC 9110, section 8.8.1).
        digest = hashlib.blake2b(body, digest_size=12)
        digest.update(repr(headers).encode())
        self.etag = f'W/"{digest.hexdigest()}"'
        self.expires_at = float("inf")
        self.was_used = False
        self.made_in = 0.0  # seconds
        self._headers = [
            header for header in headers if header[0].lower() not in _OF_BYTES
        ]
        named = {name.lower(): value for name, value in headers}
        self._last_modified = named.get("last-modified")
        # Of a text brotli is kept; from it the others are made when asked for.
        self._bodies: dict[str, Ready] = {}
        is_text = _is_text(named.get("content-type", ""))
        self._first = "br" if is_text and len(body) >= _SMALLEST_COMPRESSED else ""
        kept = self.ready(self._first, body)
        factor = ALL_ENCODINGS if self._first else 1
        self.size = OVERHEAD_BYTES + round(factor * len(kept.body))

    def ready(self, encoding: str, body: bytes | None = None) -> Ready:
        """It whole; in no encoding where it is too small for one."""
        if not self._first:
            encoding = ""
        try:
            return self._bodies[encoding]
        except KeyError:
            if body is None:
                body = brotli.decompress(self._bodies["br"].body)
        sent = _ENCODERS[encoding](body) if encoding else body
        headers = [*self._headers, ("ETag", self.etag)]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(sent))))
        ready = Ready(self.status, headers, sent)
        if encoding == self._first or encoding:
            # Hardly anybody takes it plain, and it is the longest.
            self._bodies[encoding] = ready
        return ready

    def is_unchanged(self, none_match: str | None, modified_since: str | None) -> bool:
        """Whether who asks has it as it is (RFC 9110, section 13.2.2)."""
        if self.code != 200:
            return False
        if none_match is not None:
            told = (tag.strip().removeprefix("W/") for tag in none_match.split(","))
            return none_match.strip() == "*" or self.etag[2:] in told
        # The very date that was told: after one was taken back, the newest may be older.
        return modified_since is not None and modified_since == self._last_modified

    def unchanged_headers(self) -> Headers:
        """Those of a 304: all but what tells of bytes that are not sent."""
        return [
            header
            for header in (*self._headers, ("ETag", self.etag))
            if header[0].lower() != "content-type"
        ]


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "javascript"))


def encoding_of(accepted: str) -> str:
    """The best encoding there is by an Accept-Encoding (RFC 9110, section 12.5.3)."""
    wanted: dict[str, float] = {}
    for name, quality in _qualities(accepted):
        wanted.setdefault(name, quality)
    best, best_quality = "", 0.0
    for name in _ENCODERS:
        quality = wanted.get(name, wanted.get("*", 0.0))
        if quality > best_quality:
            best, best_quality = name, quality
    return best if best_quality >= wanted.get("identity", 0.0) else ""


def _qualities(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.lower().split(","):
        if found := _QUALITY.fullmatch(part):
            try:
                yield found[1], float(found[2] or 1)
            except ValueError:
                continue


class KeptPages:
    """The pages of one generation, at most so many bytes of them.

    Looking one up takes no lock. What was not used since it was last passed over goes
    first (second chance).
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._byte_count = 0
        self.get = self._pages.get

    def put(self, key: Hashable, page: Page) -> None:
        limit = self._max_bytes
        if page.size * MISSING_SHARE > limit:
            return
        with self._lock:
            known = self._pages.pop(key, None)
            self._byte_count += page.size - (known.size if known else 0)
            self._pages[key] = page
            while self._byte_count > limit:
                self._pass_over()

    def _pass_over(self) -> None:
        key, page = self._pages.popitem(last=False)
        if page.was_used:
            page.was_used = False
            self._pages[key] = page
        else:
            self._byte_count -= page.size
