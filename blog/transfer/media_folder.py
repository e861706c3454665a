"""A folder with the files of an old blog: a copy of `wp-content/uploads`, or any other."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from blog import old_names

# Which names of one ending are told apart by where they lie, and no other way.
_SEVERAL = ""
# WordPress puts what comes in one month into one folder.
_MONTH = re.compile(r"(?:\A|/)([0-9]{4}/[0-9]{2})/[^/]+\Z")


class MediaFolder:
    """Finds files by the names they had. Nothing outside of it is read, by no link."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._by_name: dict[str, str] | None = None

    def find(self, name: str) -> Path | None:
        """The file that was called `name` there; else the one of its last name."""
        for candidate in dict.fromkeys([name, *old_names.candidates(name)]):
            if found := self._at(candidate):
                return found
        found = self._alone(name.rpartition("/")[2])
        return None if found and self._is_of_another_month(found, name) else found

    def _at(self, name: str) -> Path | None:
        """With ever less of its path: the folder may be any on the way."""
        parts = [part for part in name.split("/") if part]
        if ".." in parts or "." in parts or "\0" in name:
            return None
        for start in range(max(1, len(parts) - 1)):
            below = "/".join(parts[start:])
            for begin in ("", "uploads/", "wp-content/uploads/", "media/"):
                for form in ("NFC", "NFD"):
                    path = self._folder / (begin + unicodedata.normalize(form, below))
                    if self._is_inside(path):
                        return path
        return None

    def _is_inside(self, path: Path) -> bool:
        """Whether it is a file of this folder itself: no step on the way is a link."""
        try:
            return path.resolve() == path and path.is_file()
        except (OSError, RuntimeError, ValueError):
            return False

    def _alone(self, last: str) -> Path | None:
        """The one file of that name, wherever it lies; None where there are several."""
        if self._by_name is None:
            self._by_name = {}
            for found, path in self._walk():
                known = self._by_name.get(found)
                self._by_name[found] = path if known is None else _SEVERAL
        path = self._by_name.get(last, _SEVERAL)
        return self._folder / path if path else None

    def _is_of_another_month(self, path: Path, name: str) -> bool:
        """Cameras and people give the same few names over and over."""
        lies = _MONTH.search(path.relative_to(self._folder).as_posix())
        lay = _MONTH.search(name)
        return bool(lies and lay and lies[1] != lay[1])

    def _walk(self) -> Iterator[tuple[str, str]]:
        for folder, _, files in os.walk(self._folder, followlinks=False):
            for file in files:
                path = Path(folder) / file
                if self._is_inside(path):
                    name = unicodedata.normalize("NFC", file)
                    yield name, str(path.relative_to(self._folder))


def read(path: Path, limit: int) -> bytes:
    """At most one byte more than `limit`, of a file and of nothing else.

    Raises OSError: a pipe would be waited for, and a link lead elsewhere.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path.name} is no file.")
        return file.read(limit + 1)
