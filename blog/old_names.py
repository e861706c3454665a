"""By which names WordPress knew a file: the original, its sizes, its edited versions.

`2006/11/boat.jpg` is shown as `boat-300x200.jpg`; a large one is kept as
`boat-scaled.jpg`, a turned one as `boat-rotated.jpg`, an edited one as
`boat-e1234567890.jpg`. Names are paths below the folder of uploads, without
percent-encoding; a file that lay elsewhere is named by its whole address, `//host/path`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from urllib.parse import SplitResult, parse_qs, unquote, urljoin, urlsplit

MAX_HOME_LENGTH = 255

_SIZE = re.compile(r"-(?P<width>[1-9][0-9]{0,4})x(?P<height>[1-9][0-9]{0,4})(?:@2x)?\Z")
_MARK = re.compile(r"-(?:scaled|rotated|e[0-9]{9,14})\Z")
_MARKS = ("-scaled", "-rotated")
_UPLOADS = re.compile(
    r"/(?:wp-content/(?:uploads|blogs\.dir/[0-9]+/files)|files(?=/[0-9]{4}/))/(?P<name>.+)"
)
_DATED = re.compile(r"/(?P<name>[0-9]{4}/[0-9]{2}/.+)")
# WordPress.com keeps the files of a blog on a host of their own, and shows those of
# others through three more: `i0.wp.com/harbour.example/wp-content/…`.
_FILES_HOST = ".files.wordpress.com"
_PHOTON = re.compile(r"i[0-3]\.wp\.com\Z")
KEPT_ADDRESSES = 2000
_IS_FILE = re.compile(r"[^/]\.[a-zA-Z0-9]{2,5}\Z")


def _parted(name: str) -> tuple[str, str]:
    """Before the ending, and the ending with its dot."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if dot and "/" not in ending else (name, "")


def _bare(stem: str) -> str:
    """Without the last thing WordPress put behind it; as it is where there is none."""
    for pattern in (_SIZE, _MARK):
        found = pattern.search(stem)
        if found and stem[: found.start()].rpartition("/")[2]:
            return stem[: found.start()]
    return stem


def _stems(stem: str) -> Iterator[str]:
    """The stem, and with ever less behind it."""
    yield stem
    while (bare := _bare(stem)) != stem:
        yield (stem := bare)


def candidates(name: str) -> list[str]:
    """What the original of `name` may be called, likeliest first: `name` itself is."""
    stem, ending = _parted(name)
    stems = list(_stems(stem))
    found = [name, *(bare + ending for bare in stems[1:])]
    found += [bare + mark + ending for bare in stems for mark in _MARKS]
    return list(dict.fromkeys(found))


def family(name: str) -> str:
    """What all sizes and versions of a file have in common."""
    stem, ending = _parted(name)
    return list(_stems(stem))[-1] + ending


def original_of(name: str) -> str:
    """The name without what tells its size; as it is where nothing does."""
    stem, ending = _parted(name)
    return _SIZE.sub("", stem) + ending if _bare(stem) != stem else name


def choose(name: str, known: Collection[str]) -> str | None:
    """Which of the known names, all of one family, `name` is a size of."""
    for candidate in candidates(name):
        if candidate in known:
            return candidate
    # An edited one alone is known, and its size or its original is shown.
    return max(known, default=None)


def shown_size(address: str) -> tuple[int, int]:
    """Width and height in pixels that an address tells; 0 where it doesn't."""
    parts = _split(address)
    if parts is None:
        return 0, 0
    said = parse_qs(parts.query)
    asked = [_pixels(said.get(name, [""])[0]) for name in ("w", "h")]
    if any(asked):
        return asked[0], asked[1]
    if "resize" in said or "fit" in said:
        width, _, height = said.get("resize", said.get("fit", [""]))[0].partition(",")
        return _pixels(width), _pixels(height)
    found = _SIZE.search(_parted(unquote(parts.path))[0])
    return (int(found["width"]), int(found["height"])) if found else (0, 0)


def _pixels(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def host_of(address: str) -> str:
    """In lower case, without `www.` and without its port; "" where it has none."""
    parts = _split(address)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def is_file(path: str) -> bool:
    """Whether it ends as the name of a file does: `/images/boat.png`."""
    return bool(_IS_FILE.search(path))


def below_uploads(path: str) -> str:
    """The name of what has this path, unquoted, in WordPress's folder; or ""."""
    found = _UPLOADS.search(path)
    return unicodedata.normalize("NFC", found["name"]) if found else ""


def _folder_home(folder: str) -> str:
    if len(folder) <= MAX_HOME_LENGTH:
        return folder
    return f"/sha256:{sha256(folder.encode()).hexdigest()}"


class OldBlog:
    """What addresses of one old blog name. `home` tells it from others."""

    def __init__(self, url: str, files: Iterable[str] = (), folder: str = "") -> None:
        """`url` is where it was read; `files` are addresses of its files, if any.

        `folder` is the absolute path it came from: where nothing else is told, two
        blogs may have `/images/boat.png` each.
        """
        self._url = url
        parts = _split(url)
        path = parts.path.strip("/") if parts else ""
        self.home = "/".join(filter(None, [host_of(url), path]))[:MAX_HOME_LENGTH]
        if not self.home and folder:
            self.home = _folder_home(folder)
        self._hosts = {host_of(url), ""}
        for address in files:
            host = host_of(address)
            if host not in self._hosts and self._is_upload(address):
                self._hosts.add(host)
        # Each address of a text is asked about many times, and soon.
        self._absolute = lru_cache(KEPT_ADDRESSES)(self._taken_apart)

    @classmethod
    def of_home(cls, home: str, files: Iterable[str] = ()) -> "OldBlog":
        """The one that has this `home`."""
        is_folder = home.startswith("/")
        url = "" if is_folder or not home else f"https://{home}/"
        return cls(url, files, home if is_folder else "")

    @staticmethod
    def _is_upload(address: str) -> bool:
        parts = _split(address)
        path = unquote(parts.path) if parts else ""
        is_dated = host_of(address).endswith(_FILES_HOST) and _DATED.match(path)
        return bool(below_uploads(path) or is_dated)

    def name(self, address: str) -> str:
        """How a file is called here that has this address; "" where that is none."""
        parts = self._absolute(address)
        if parts is None:
            return ""
        host, path = (parts.hostname or "").removeprefix("www."), unquote(parts.path)
        if _PHOTON.match(host):
            host, _, path = path.lstrip("/").partition("/")
            path = f"/{path}"
        if not is_file(path):
            return ""
        if name := self._of_uploads(host, path):
            return name
        return unicodedata.normalize("NFC", f"//{host}{path}") if host else path

    def is_own(self, address: str) -> bool:
        """Whether its folder of uploads holds what has this address."""
        name = self.name(address)
        return bool(name) and not name.startswith("/") and bool(self._url)

    def _of_uploads(self, host: str, path: str) -> str:
        if host.endswith(_FILES_HOST):
            blog = host.removesuffix(_FILES_HOST)
            is_ours = host in self._hosts or f"{blog}.wordpress.com" in self._hosts
            found = _DATED.match(path) if is_ours else None
            return unicodedata.normalize("NFC", found["name"]) if found else ""
        return below_uploads(path) if host in self._hosts else ""

    def url(self, address: str) -> str:
        """The whole address, without what asks for a size."""
        parts = self._absolute(address)
        return parts._replace(query="", fragment="").geturl() if parts else ""

    def number(self, address: str) -> int | None:
        """Of the file that an address names by its number: `?attachment_id=44`."""
        parts = self._absolute(address)
        if parts is None or self._path(parts) or parts.hostname is None:
            return None
        said = parse_qs(parts.query).get("attachment_id", [""])[0]
        is_number = said.isascii() and said.isdecimal() and len(said) < 19
        return int(said) if is_number and self._is_of_blog(parts) else None

    def page(self, address: str) -> str:
        """The path of a page of this blog, without its last slash; "" for others."""
        parts = self._absolute(address) if address else None
        if parts is None or not self._is_of_blog(parts):
            return ""
        return unquote(parts.path).rstrip("/")

    def _is_of_blog(self, parts: SplitResult) -> bool:
        return (parts.hostname or "").removeprefix("www.") == host_of(self._url)

    def _path(self, parts: SplitResult) -> str:
        own = _split(self._url)
        below = parts.path.removeprefix(own.path.rstrip("/") if own else "")
        return below.strip("/").removeprefix("index.php")

    def _taken_apart(self, address: str) -> SplitResult | None:
        try:
            whole = urljoin(self._url, address)
        except ValueError:
            return None
        parts = _split(whole)
        if parts is None or parts.scheme not in ("http", "https", ""):
            return None
        try:
            _ = parts.port
        except ValueError:
            return None
        return parts
