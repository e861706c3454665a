"""How this blog lays itself out as a folder: where each thing lies, and its address."""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.utils import timezone

from blog.transfer import rewriting
from blog.transfer.records import MediaRecord, PostRecord

FORMAT = "quillback 1"
SITE_NAME = "blog.yml"
THREAD_ENDING = ".comments.yml"
MEDIA_FOLDER = "media"
# Of one part of a path, in bytes: no file system takes more than 255.
MAX_NAME_BYTES = 150

_UNWANTED = re.compile(r"[^\w.-]+")
# Names no file may have on Windows, whatever its ending.
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_FOLDERS = {"draft": "drafts"}


def is_own(folder: Path) -> bool:
    """Whether `blog.yml` in it begins as those do that this blog writes."""
    path = folder / SITE_NAME
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(40).startswith(f"format: {FORMAT}\n".encode())


class Names:
    """Gives each file a path no other has, on file systems of every kind."""

    def __init__(self) -> None:
        self._taken: set[str] = {"readme.md", SITE_NAME}

    def of_post(self, post: PostRecord) -> PurePosixPath:
        """`posts/2006/11/30-slug.md`, `pages/about/team.md`, `drafts/slug.md`."""
        name = post.slug or post.title or post.guid
        if post.status != "published":
            wanted = [_FOLDERS.get(post.status, post.status), name]
        elif post.kind == "page":
            path = post.addresses[0] if post.addresses else ""
            inner = unquote(path.partition("?")[0]).strip("/")
            wanted = ["pages", *(inner.split("/") if inner else [name])]
        elif post.published_at:
            day = timezone.localtime(post.published_at)
            wanted = ["posts", f"{day.year:04}", f"{day:%m}", f"{day:%d}-{name}"]
        else:
            wanted = ["posts", name]
        return self._free(wanted, ".md")

    def of_media(self, media: MediaRecord) -> PurePosixPath:
        """`media/2006/11/boat.jpg`, as it is called here."""
        parts = [part for part in unquote(urlsplit(media.url).path).split("/") if part]
        if parts[:1] == [MEDIA_FOLDER]:
            parts = parts[1:]
        stem, dot, ending = (parts or ["file"])[-1].rpartition(".")
        name, ending = (stem, f".{_part(ending)}") if dot and stem else (ending, "")
        return self._free([MEDIA_FOLDER, *parts[:-1], name], ending)

    def _free(self, wanted: Iterable[str], ending: str) -> PurePosixPath:
        whole = PurePosixPath(*map(_part, wanted))
        number = 1
        while True:
            name = whole.name if number == 1 else f"{whole.name}-{number}"
            path = whole.with_name(name + ending)
            key = str(path).casefold()
            if key not in self._taken:
                self._taken |= {key, str(thread_of(path)).casefold()}
                return path
            number += 1


def _part(text: str) -> str:
    clean = _UNWANTED.sub("-", text).strip("-. ")
    cut = clean.encode()[:MAX_NAME_BYTES].decode("utf-8", "ignore")
    return f"_{cut}" if _DEVICE.match(cut) else cut or "untitled"


def thread_of(path: PurePosixPath) -> PurePosixPath:
    """The file with what was said below a post."""
    return path.with_name(path.name.removesuffix(".md") + THREAD_ENDING)


class MediaPlaces:
    """Files by the address a text has for them, and by where they lie in the folder."""

    def __init__(self, home: str) -> None:
        self._home = home.rstrip("/")
        self._file_at: dict[str, str] = {}
        self._address_of: dict[str, str] = {}

    def add(self, media: MediaRecord, file: PurePosixPath) -> None:
        begin = f"{self._home}/"
        is_here = bool(self._home) and media.url.startswith(begin)
        address = media.url[len(self._home) :] if is_here else media.url
        if address not in self._file_at and str(file) not in self._address_of:
            self._file_at[address] = str(file)
            self._address_of[str(file)] = address

    def beside(self, html: str, path: PurePosixPath) -> str:
        """`html` with the files as they lie seen from `path`, if that can be undone."""

        def new(address: str) -> str | None:
            file = self._file_at.get(address)
            return posixpath.relpath(file, path.parent) if file else None

        moved = rewriting.with_addresses(html, new)
        return moved if self.at_home(moved, path) == html else html

    def at_home(self, html: str, path: PurePosixPath) -> str:
        """What `beside` was given, of what it gave."""

        def new(address: str) -> str | None:
            if not address.startswith("."):
                return None
            return self._address_of.get(
                posixpath.normpath(posixpath.join(path.parent, address))
            )

        return rewriting.with_addresses(html, new)
