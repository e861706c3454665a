"""A folder of texts as it lies on the disk: what is in it, and nothing beyond it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from blog.transfer import front_matter, own_folder
from blog.transfer.records import Note

MAX_TEXT_BYTES = 5 * 2**20
# Nobody's blog has more; a folder that has was not meant.
MAX_FILES = 500_000
ENDINGS = frozenset([".md", ".markdown", ".mkd", ".mkdn", ".mdown"])

# What generators keep beside the texts, and make of them.
_NO_CONTENT = frozenset(
    """
    node_modules vendor themes layouts archetypes _site _includes _layouts _sass
    _plugins resources i18n __pycache__
    """.split()
)
_MADE_BY = {"hugo": "public", "pelican": "output", "eleventy": "dist"}
_CONFIGURATIONS = {
    "_config.yml": "jekyll",
    "_config.yaml": "jekyll",
    "_posts": "jekyll",
    "hugo.toml": "hugo",
    "hugo.yaml": "hugo",
    "hugo.json": "hugo",
    "archetypes": "hugo",
    "config.toml": "hugo",
    "pelicanconf.py": "pelican",
    ".eleventy.js": "eleventy",
    "eleventy.config.js": "eleventy",
    "eleventy.config.mjs": "eleventy",
    "eleventy.config.cjs": "eleventy",
    "content": "hugo",
}

_BELOW_THE_TOP = frozenset(
    "_posts _drafts _pages content src posts post blog articles pages".split()
)
# So far up the top of a site is looked for.
_MAX_ABOVE = 6


class SetAside(Exception):
    """A file that can't be read; `note` says why."""

    def __init__(self, note: Note) -> None:
        self.note = note
        super().__init__(str(note))


class Folder:
    """All files below `source`, or the one that it is; links are not followed."""

    def __init__(self, source: Path) -> None:
        start = source if source.is_dir() else source.parent
        self.root, self.generator = _site(start)
        self._start = PurePosixPath(start.absolute().relative_to(self.root.absolute()))
        self.warnings: list[Note] = []
        self.texts: list[PurePosixPath] = []
        self.files: list[PurePosixPath] = []
        if source.is_dir():
            for path in sorted(self._walk()):
                is_text = path.suffix.lower() in ENDINGS
                (self.texts if is_text else self.files).append(path)
        else:
            self.texts.append(self._start / source.name)
            self.files += self._beside(source)

    def _beside(self, source: Path) -> Iterator[PurePosixPath]:
        """Of the files beside a single text those whose names stand in it."""
        with source.open("rb") as file:
            text = unquote(file.read(MAX_TEXT_BYTES).decode("utf-8", "ignore"))
        for entry in self._entries(self._start):
            if entry.name in text and entry.is_file(follow_symlinks=False):
                yield self._start / entry.name

    def _walk(self) -> Iterator[PurePosixPath]:
        count = 0
        waiting = [self._start]
        while waiting:
            folder = waiting.pop()
            for entry in self._entries(folder):
                if entry.name.startswith("."):
                    continue  # some program's own
                path = folder / entry.name
                if entry.is_symlink():
                    self.warn("a link to elsewhere: not followed", path)
                elif entry.is_dir(follow_symlinks=False):
                    if not self._is_left_out(entry.name):
                        waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    count += 1
                    if count > MAX_FILES:
                        self.warn(f"more than {MAX_FILES:,} files: the rest left out")
                        return
                    yield path

    def _entries(self, folder: PurePosixPath) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as found:
                entries = list(found)
        except OSError as error:
            self.warn(f"it can’t be read: {error.strerror}", folder)
            return []
        for entry in entries:
            if not _is_writable(entry.name):
                self.warn("a file whose name is no UTF-8: left out", folder)
        return [entry for entry in entries if _is_writable(entry.name)]

    def _is_left_out(self, name: str) -> bool:
        if self.generator == "quillback":
            return False
        return name in _NO_CONTENT or name == _MADE_BY.get(self.generator)

    def holds(self, path: PurePosixPath) -> bool:
        """Whether a file lies there, and by no link and no way around."""
        if path.is_absolute():
            return False
        whole = self.root / path
        try:
            return whole.is_file() and whole.resolve() == self.root.resolve() / path
        except (OSError, ValueError):  # no name a file could have
            return False

    def text(self, path: PurePosixPath, limit: int = MAX_TEXT_BYTES) -> str:
        """With `\\n` for every line's end. Raises SetAside."""
        try:
            with (self.root / path).open("rb") as file:
                content = file.read(limit + 1)
        except OSError as error:
            raise _set_aside(f"it can’t be read: {error.strerror}", path) from error
        if len(content) > limit:
            raise _set_aside(
                f"it is longer than any text: more than {limit >> 20} MB", path
            )
        return decoded(content, path)

    def changed_at(self, path: PurePosixPath) -> datetime:
        """When the file last changed, to the second. Raises SetAside."""
        try:
            seconds = int((self.root / path).stat().st_mtime)
        except OSError as error:
            raise _set_aside(f"it can’t be read: {error.strerror}", path) from error
        return datetime.fromtimestamp(max(seconds, 0), UTC)

    def warn(
        self, sentence: str, path: PurePosixPath | str = "", line: int | None = None
    ) -> None:
        self.warnings.append(Note(sentence, str(path), line))


def decoded(content: bytes, path: PurePosixPath) -> str:
    """UTF-8, or UTF-16 that says so; a NUL is in no text. Raises SetAside."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = "it is not UTF-8: save it so and import again"
        raise _set_aside(sentence, path, line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _set_aside("it has a NUL byte in it, as no text has", path, line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def has_head(path: Path) -> bool:
    """Whether a file begins as texts with front matter do, broken or not."""
    try:
        with path.open("rb") as file:
            begin = file.read(4096)
    except OSError:
        return False
    text = begin.decode("utf-8-sig", "ignore").replace("\r\n", "\n")
    is_text = path.suffix.lower() in ENDINGS
    try:
        head, _ = front_matter.split(text)
    except front_matter.BrokenHead:
        return is_text or not text.startswith("{")
    # A file of another kind has to say more than that it begins with a brace.
    return bool(head.format) and (is_text or bool({"title", "date"} & head.said.keys()))


def _set_aside(sentence: str, path: PurePosixPath, line: int | None = None) -> SetAside:
    return SetAside(Note(f"set aside: {sentence}", str(path), line))


def _is_writable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _site(start: Path) -> tuple[Path, str]:
    """The top of the site a folder belongs to, and the program it was written for."""
    above = list(start.absolute().parents)[:_MAX_ABOVE]
    for folder in (start, *above):
        if own_folder.is_own(folder):
            return folder, "quillback"
    for folder in (start, *above):
        if generator := _generator(folder):
            return folder, generator
        # A configuration further up is another site's, but for folders of its own.
        if folder.name not in _BELOW_THE_TOP:
            break
    return start, ""


def _generator(folder: Path) -> str:
    found = (name for mark, name in _CONFIGURATIONS.items() if (folder / mark).exists())
    return next(found, "")
