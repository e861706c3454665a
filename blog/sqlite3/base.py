"""A connection to SQLite's file that is kept, and begins each request as a new one does.

To open one takes longer than most of what is asked of it: the file's schema is read,
and Django's functions are made known. But what stays open must not stay behind.
"""

import os
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations

_Identity = tuple[int, int]


# The few queries that pages are made of, and no long list of values.
MAX_KEPT_QUERIES, MAX_KEPT_SIGNS = 256, 8_000


class Cursor(base.SQLiteCursorWrapper):
    """Which asks what is asked again as it was written before."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None and len(query) <= MAX_KEPT_SIGNS:
            return _with_question_marks(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=MAX_KEPT_QUERIES)
def _with_question_marks(query: str) -> str:
    """As `SQLiteCursorWrapper` writes it: SQLite knows no `%s`."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Operations(DatabaseOperations):
    def convert_datetimefield_value(
        self, value: Any, expression: Any, connection: Any
    ) -> datetime | None:
        """What Django stored, in UTC and without saying so, in a fifth of its time."""
        is_moment = type(value) is str and len(value) > len("2006-11-30")
        if is_moment and connection.timezone is UTC:
            try:
                return datetime.fromisoformat(f"{value}+00:00")
            except ValueError:  # written by somebody else
                pass
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file: _Identity | None = None
        # Those of the open connection that somebody still has.
        self._cursors: WeakSet[Any] = WeakSet()

    def get_connection_params(self) -> dict[str, Any]:
        """What is stored is read by `Operations`, as all that is computed has to be.

        The driver would have Python read each moment before that, at thrice the cost.
        """
        return super().get_connection_params() | {"detect_types": 0}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # Before it is opened: what comes in its place meanwhile is then noticed.
        self._file = self._file_there()
        self._cursors = WeakSet()
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        self._cursors.add(cursor)
        return cursor

    def close_if_unusable_or_obsolete(self) -> None:
        """Django calls it when a request begins, and when it ends.

        Whoever left rows unread, in a traceback say, would hold the whole connection at
        the commit they were read at (sqlite.org/isolation.html), for all who ask next.
        """
        if self.connection is None:
            return
        if self.errors_occurred or self.is_replaced():
            self.close()
            return
        for cursor in list(self._cursors):
            cursor.close()
        super().close_if_unusable_or_obsolete()

    def is_replaced(self) -> bool:
        """Whether another file lies where the one was that is open.

        Where none lies just now this one goes on: to open it would make an empty one.
        """
        return self._file_there() not in (None, self._file)

    def _file_there(self) -> _Identity | None:
        try:
            told = os.stat(self.settings_dict["NAME"])
        except OSError:  # in memory, say
            return None
        return told.st_dev, told.st_ino
