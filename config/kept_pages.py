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
# One page takes an eighth of the room at most: a larger one would crowd out too many.
LARGEST_SHARE = 8
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


class Encoded(NamedTuple):
    """What a page is kept as: a text in brotli, all else as it is ("").

    `headers` are those that do not tell of the bytes.
    """

    headers: Headers
    etag: str
    encoding: str
    body: bytes

    @classmethod
    def of_body(cls, headers: Headers, body: bytes) -> "Encoded":
        is_text = _is_text(_named(headers, "content-type") or "")
        encoding = "br" if is_text and len(body) >= _SMALLEST_COMPRESSED else ""
        kept = _ENCODERS[encoding](body) if encoding else body
        # Weak: one for the page in whatever encoding (RFC 9110, section 8.8.1). Of the
        # same text brotli makes the same bytes, which are read in a tenth of the time.
        digest = hashlib.blake2b(kept, digest_size=12)
        digest.update(repr(headers).encode())
        return cls(
            [header for header in headers if header[0].lower() not in _OF_BYTES],
            f'W/"{digest.hexdigest()}"',
            encoding,
            kept,
        )


class Page:
    """An answer, made once. `status` is a line such as `200 OK`."""

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self._keep(status, Encoded.of_body(headers, body))

    @classmethod
    def of_encoded(cls, status: str, encoded: Encoded) -> "Page":
        page = cls.__new__(cls)
        page._keep(status, encoded)
        return page

    def _keep(self, status: str, encoded: Encoded) -> None:
        self.status = status
        self.code = int(status[:3])
        self._headers, self.etag, self._first, body = encoded
        self._last_modified = _named(self._headers, "last-modified")
        self.expires_at = float("inf")
        self.was_used = False
        self.made_in = 0.0  # seconds
        # Of a text brotli is kept; from it the others are made when asked for.
        self._bodies = {self._first: self._sent_as(self._first, body)}
        factor = ALL_ENCODINGS if self._first else 1
        self.size = OVERHEAD_BYTES + round(factor * len(body))

    def encoded(self) -> Encoded:
        body = self._bodies[self._first].body
        return Encoded(self._headers, self.etag, self._first, body)

    def ready(self, encoding: str) -> Ready:
        """It whole; in no encoding where it is too small for one."""
        if not self._first:
            encoding = ""
        try:
            return self._bodies[encoding]
        except KeyError:
            body = brotli.decompress(self._bodies["br"].body)
        if not encoding:
            # Hardly anybody takes it plain, and it is the longest.
            return self._sent_as("", body)
        ready = self._bodies[encoding] = self._sent_as(
            encoding, _ENCODERS[encoding](body)
        )
        return ready

    def _sent_as(self, encoding: str, sent: bytes) -> Ready:
        headers = [*self._headers, ("ETag", self.etag)]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        headers.append(("Content-Length", str(len(sent))))
        return Ready(self.status, headers, sent)

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


def _named(headers: Headers, name: str) -> str | None:
    return next((told for key, told in headers if key.lower() == name), None)


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
        if page.size * LARGEST_SHARE > limit:
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
