"""Doing something to the blog and keeping nothing of it, while others go on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from blog import trees


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What is written within is gone at its end.

    SQLite has one lock for all who write: there it happens in a copy of the blog, which
    needs as much room on the disk. Elsewhere it is a transaction that is rolled back,
    without the locks on whole tables that only matter for what stays.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with _in_a_copy():
            yield
        return
    with trees.unlocked(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _in_a_copy() -> Iterator[None]:
    connection.ensure_connection()
    usual = connection.settings_dict
    folder = Path(str(usual["NAME"])).parent
    with TemporaryDirectory(prefix="rehearsal-", dir=folder) as copies:
        copy = Path(copies) / "blog.sqlite3"
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
        target.close()
        connection.close()
        # This connection's alone: another thread's goes on to the blog.
        connection.settings_dict = {**usual, "NAME": str(copy)}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict = usual
