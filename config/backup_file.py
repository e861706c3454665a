"""A backup: one ZIP file, which any program opens.

`about.json` tells what it is, `blog.sqlite3` has every row, `media/` every file under its
name; `secret_key` is what addresses in mails were signed with. ZIP keeps a sum over each.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

ABOUT, ROWS, MEDIA, SECRET_KEY = "about.json", "blog.sqlite3", "media/", "secret_key"
FORMAT = 1
BLOCK_BYTES = 2**20


# What reading an archive raises that is not what was written, besides ValueError.
TORN = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class NoBackup(Exception):
    """Says in a sentence what is wrong with a file."""


@dataclass(frozen=True)
class About:
    """`made_at` in ISO 8601; `nodes` are where the migrations of its blog ended."""

    site: str
    made_at: str
    posts: int
    comments: int
    files: int
    nodes: list[tuple[str, str]]
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1)


def read_about(archive: ZipFile) -> About:
    """Raises NoBackup."""
    try:
        archive.getinfo(ROWS)
        told = json.loads(archive.read(ABOUT))
        about = About(**told | {"nodes": [(app, name) for app, name in told["nodes"]]})
    except (KeyError, TypeError, ValueError, *TORN) as error:
        raise NoBackup("this is no backup of a blog") from error
    if about.format != FORMAT:
        raise NoBackup("a newer version of Quillback made it: install that one first")
    return about


def refuse_damaged(archive: ZipFile) -> None:
    """Read all of it. Raises NoBackup."""
    try:
        damaged = archive.testzip()
    except (ValueError, *TORN) as error:
        raise NoBackup(f"it is damaged: {error}") from error
    if damaged is not None:
        raise NoBackup(f"it is damaged: {damaged} is not what was written")


def media_names(archive: ZipFile) -> Iterator[str]:
    """Those of its files, as the storage knows them. Raises NoBackup."""
    for entry in archive.infolist():
        if entry.filename.startswith(MEDIA) and not entry.is_dir():
            name = entry.filename.removeprefix(MEDIA)
            if ".." in PurePosixPath(name).parts or name.startswith("/"):
                raise NoBackup(f"it has a file that leads out of its folder: {name}")
            yield name


def extract(archive: ZipFile, name: str, path: Path) -> None:
    with archive.open(name) as packed, path.open("wb") as file:
        while block := packed.read(BLOCK_BYTES):
            file.write(block)
