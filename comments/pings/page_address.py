"""The address of a page elsewhere, as people read it."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

# What turns, hides or breaks what stands around it stays percent-encoded.
_UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffd]"
)


@dataclass(frozen=True)
class PageAddress:
    """`url` is empty where it is nothing a browser should be sent to."""

    url: str
    host: str
    path: str


def read(url: str) -> PageAddress:
    """`https://xn--bcher-kva.example/caf%C3%A9/` is that host, and `/café/`.

    The host stays as it is stored: lookalikes are to be seen. Never raises.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return PageAddress("", url, "")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return PageAddress("", url, "")
    path = parts.path if parts.path != "/" else ""
    path += f"?{parts.query}" if parts.query else ""
    return PageAddress(url, parts.netloc.rpartition("@")[2], _readable(path))


def _readable(path: str) -> str:
    """With its letters, where they are letters; otherwise as it came."""
    read = unquote(path)
    return path if _UNSEEN.search(read) else read
