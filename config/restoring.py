"""Putting a backup in the place of a blog: all of it, or nothing of it."""

import os
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile
from zlib import crc32

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.migrations.loader import MigrationLoader

from blog import page_paths, table_statistics, trees
from blog.models import Category
from comments.models import Comment
from config import backup_file, other_database, secret
from config.backing_up import Bar
from config.backup_file import BLOCK_BYTES, MEDIA, ROWS, SECRET_KEY, TORN, NoBackup
from config.bringing_up import brought_up


class HalfRestored(Exception):
    """Every row is, but not every file. Says why."""


class Backup:
    """A file that is a backup, whole, and of no blog from the future."""

    def __init__(self, archive: ZipFile) -> None:
        """Raises NoBackup."""
        self._archive = archive
        self.about = backup_file.read_about(archive)
        known = MigrationLoader(None).graph.nodes
        if not all(node in known for node in self.about.nodes):
            raise NoBackup(
                "a newer version of Quillback made it: install that one first"
            )
        self._media = list(backup_file.media_names(archive))
        backup_file.refuse_damaged(archive)

    def restore(self, bar: Bar) -> None:
        """Everything in the database is replaced, in one transaction.

        Files the blog has and the backup has not stay. Until the rows are in, nothing
        is seen of it: files are added before, and others replaced after. Raises
        NoBackup, OSError and DatabaseError where nothing is restored, and HalfRestored.
        """
        with TemporaryDirectory(prefix="restore-", dir=settings.DATA_DIR) as folder:
            rows = self._rows(Path(folder))
            added = [name for name in self._media if not default_storage.exists(name)]
            others = [name for name in self._media if not self._is_here(name)]
            self._put(added, bar)
            _replace(rows, bar)
        try:
            self._put(set(others) - set(added), bar)
            self._put_key()
        except (OSError, NoBackup) as error:
            raise HalfRestored(str(error)) from error

    def _rows(self, folder: Path) -> Path:
        """A database of them, as this program has its tables."""
        path = folder / ROWS
        backup_file.extract(self._archive, ROWS, path)
        if self.about.nodes == other_database.newest_nodes():
            return path
        return brought_up(path, self.about.nodes, folder / "brought-up.sqlite3")

    def _is_here(self, name: str) -> bool:
        """Under its name, byte for byte."""
        packed = self._archive.getinfo(f"{MEDIA}{name}")
        if not default_storage.exists(name) or (
            default_storage.size(name) != packed.file_size
        ):
            return False
        with default_storage.open(name) as file:
            return _sum_over(file) == packed.CRC

    def _put(self, names: Collection[str], bar: Bar) -> None:
        with bar("files", len(names)) as told:
            for name in names:
                if default_storage.exists(name):
                    default_storage.delete(name)
                with self._archive.open(f"{MEDIA}{name}") as packed:
                    stored = default_storage.save(name, File(packed))
                if stored != name:
                    raise NoBackup(f"{name} can't be stored under its name")
                told.update()

    def _put_key(self) -> None:
        """What was signed before is known again, where the key is a file here as well."""
        if SECRET_KEY in self._archive.namelist() and "SECRET_KEY" not in os.environ:
            path = settings.DATA_DIR / "secret_key"
            secret.replace(path, self._archive.read(SECRET_KEY).decode())


def opened(path: Path, stack: ExitStack) -> Backup:
    """Raises NoBackup and OSError."""
    try:
        return Backup(stack.enter_context(ZipFile(path)))
    except (ValueError, *TORN) as error:
        raise NoBackup("this is no backup of a blog, or half of one") from error


def _replace(rows: Path, bar: Bar) -> None:
    models = other_database.models_at(other_database.newest_nodes())
    with other_database.beside(rows) as source:
        total = other_database.count(models, source)
        with transaction.atomic(), bar("rows", total) as told:
            # Before any other row, as every writer of these tables does.
            trees.lock(Category)
            trees.lock(Comment)
            page_paths.lock()
            other_database.empty(models, DEFAULT_DB_ALIAS)
            other_database.copy(models, source, DEFAULT_DB_ALIAS, told.update)
            other_database.settle_numbers(models, DEFAULT_DB_ALIAS)
    ContentType.objects.clear_cache()
    table_statistics.refresh()


def _sum_over(file: Any) -> int:
    """As ZIP keeps it."""
    value = 0
    while block := file.read(BLOCK_BYTES):
        value = crc32(block, value)
    return value
