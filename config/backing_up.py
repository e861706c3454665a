"""Writing a backup: the whole blog as it is at one moment, while others write to it."""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, transaction
from tqdm import tqdm

from blog.models import Post
from blog.transfer import dump
from comments.models import Comment
from config import other_database
from config.backup_file import ABOUT, BLOCK_BYTES, MEDIA, ROWS, SECRET_KEY, About

# Rows become a fifth at once; another fifth of that takes ten times as long.
COMPRESSION = 1

# Given what is counted and how much of it there is.
Bar = Callable[[str, int | None], tqdm]


def write(dest: Path, bar: Bar) -> About:
    """It has its name when it is whole, and nobody else on the machine may read it.

    Raises OSError.
    """
    part = dest.with_name(f".{dest.name}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with ZipFile(file, "w", compresslevel=COMPRESSION) as archive:
                about = _fill(archive, dest.parent, bar)
            file.flush()
            os.fsync(descriptor)
        part.replace(dest)
    finally:
        part.unlink(missing_ok=True)
    return about


def _fill(archive: ZipFile, folder: Path, bar: Bar) -> About:
    """Files twice, before the rows and after them.

    What a row names was there before or has come since, whoever uploads or deletes
    meanwhile; a file of which no row knows does no harm.
    """
    known: set[str] = set()
    _add_media(archive, known, bar)
    with TemporaryDirectory(prefix=".backup-", dir=folder) as temporary:
        rows = Path(temporary) / ROWS
        about = _rows(rows, bar)
        archive.write(rows, ROWS, ZIP_DEFLATED)
    _add_media(archive, known, bar)
    key = settings.DATA_DIR / "secret_key"
    if key.exists():
        archive.writestr(SECRET_KEY, key.read_bytes())
    about = About(**vars(about) | {"files": len(known)})
    archive.writestr(ABOUT, about.as_json())
    return about


def _rows(path: Path, bar: Bar) -> About:
    nodes = other_database.newest_nodes()
    models = other_database.models_at(nodes)
    with other_database.beside(path) as alias, dump.one_view():
        other_database.create_tables(models, alias)
        about = About(
            site=settings.SITE_URL,
            made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            posts=Post.objects.count(),
            comments=Comment.objects.count(),
            files=0,
            nodes=nodes,
        )
        total = other_database.count(models, DEFAULT_DB_ALIAS)
        with transaction.atomic(using=alias), bar("rows", total) as told:
            other_database.copy(models, DEFAULT_DB_ALIAS, alias, told.update)
    return about


def _add_media(archive: ZipFile, known: set[str], bar: Bar) -> None:
    with bar("files", None) as told:
        for name in _stored_in(""):
            if name in known:
                continue
            with contextlib.suppress(FileNotFoundError):  # it went a moment ago
                with default_storage.open(name) as file:
                    _write(archive, f"{MEDIA}{name}", file)
                known.add(name)
                told.update()


def _stored_in(folder: str) -> Iterator[str]:
    """The names of all files below it."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # nobody has uploaded anything yet
        return
    for name in sorted(names):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from _stored_in(f"{folder}{name}/")


def _write(archive: ZipFile, name: str, file: Any) -> None:
    """A piece at a time: no file has to fit into memory. Pictures become no smaller."""
    entry = ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
    entry.compress_type = ZIP_STORED
    with archive.open(entry, "w", force_zip64=True) as packed:
        while block := file.read(BLOCK_BYTES):
            packed.write(block)
