"""Which generation of the blog there is: any committed change of it makes another.

Asked before each page that is kept, so it has to be quick, and never wrong: a
generation that was told once may be told again only while nothing public changed.
"""

import logging
import threading
import time
from collections.abc import Hashable
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils import timezone

from blog import wal_index
from blog.generation_triggers import TABLE
from blog.models import Post
from blog.stretch_triggers import TABLE as STRETCHES
from blog.wal_index import HEADER_BYTES

logger = logging.getLogger("quillback.generations")

# So often it is looked whether another file was put in the place of SQLite's.
FILE_SECONDS = 1.0
# Beyond so many rows PostgreSQL would take its time to count them.
MANY_ROWS = 500
_LOST = "The generation of the blog can’t be read: pages are made anew for everybody."


class Generations(Protocol):
    def current(self) -> Hashable | None:
        """The generation everything committed by now belongs to; None: unknown."""
        ...

    def at_hand(self) -> Hashable | None:
        """The same where it is known without waiting; else None."""
        ...

    def close(self) -> None:
        """Give back what this thread holds of the database."""
        ...


@cache
def shared() -> "Turning | Unknown":
    """Those of this process."""
    return of_database()


def of_database(using: str = DEFAULT_DB_ALIAS) -> "Turning | Unknown":
    connection: Any = connections[using]
    if connection.vendor == "postgresql":
        return Turning(PostgresGenerations(using))
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        return Turning(SQLiteGenerations(using))
    return Unknown()


class _Turn(NamedTuple):
    """A generation, from one moment to another, in seconds since 1970."""

    told: Hashable
    begins_at: float
    ends_at: float
    number: int

    @property
    def is_now(self) -> bool:
        """False, too, where the clock was set back to before it began."""
        return self.begins_at <= time.time() < self.ends_at


class Turning:
    """Numbers for generations of `told`; another one, too, when a post appears by itself.

    A scheduled post is public from its moment on, and no row changes then.
    """

    def __init__(self, told: Generations) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._turn = _Turn(None, 0.0, 0.0, 0)

    def current(self) -> int | None:
        told, turn = self._told.current(), self._turn
        if told is None:
            return None
        if turn.told == told and turn.is_now:
            return turn.number
        with self._lock:
            return self._turned()

    def _turned(self) -> int | None:
        """Asked again, one after the other: what was told before may be old by now."""
        told, turn = self._told.current(), self._turn
        if told is None:
            return None
        if turn.told != told or not turn.is_now:
            try:
                begins_at, ends_at = _span()
            except Error:
                logger.warning(_LOST)
                return None
            self._turn = _Turn(told, begins_at, ends_at, turn.number + 1)
        return self._turn.number

    def at_hand(self) -> int | None:
        told, turn = self._told.at_hand(), self._turn
        if told is None or turn.told != told or not turn.is_now:
            return None
        return turn.number

    def name_of(self, number: int | None) -> str | None:
        """What all processes call this generation; None where it is over."""
        turn = self._turn
        return f"{turn.told} {turn.ends_at}" if turn.number == number else None

    def close(self) -> None:
        self._told.close()


def _span() -> tuple[float, float]:
    """From now until the next post becomes public. Raises Error."""
    for connection in connections.all(initialized_only=True):
        # As Django does when a request begins; here none has begun.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    now = timezone.now()
    at = Post.objects.next_publication(now)
    return now.timestamp(), at.timestamp() if at else float("inf")


class Unknown:
    def current(self) -> None:
        return None

    def at_hand(self) -> None:
        return None

    def name_of(self, number: int | None) -> None:
        return None

    def close(self) -> None:
        pass


class SQLiteGenerations:
    """A connection of its own for each thread, which never writes.

    The header of the log's index tells in a tenth of a microsecond whether anybody has
    committed anything since, and where there is none, `PRAGMA data_version`
    (sqlite.org/pragma.html) in two.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._local = threading.local()

    def current(self) -> Hashable | None:
        local = self._local
        try:
            if time.monotonic() >= local.look_at and self._is_replaced():
                local.wrapper.close()
                return self._opened()
            header = local.index[:HEADER_BYTES]
        except AttributeError:
            return self._opened()
        if header and header == local.header:
            return local.generation
        return self._asked(header)

    def _asked(self, header: bytes) -> Hashable | None:
        """`header` was read before: what is committed meanwhile makes another one."""
        local = self._local
        try:
            version = local.execute("PRAGMA data_version").fetchone()
        except local.errors:
            self._lose()
            return None
        if version != local.version and self._read(version) is None:
            return None
        local.header = header
        return local.generation

    def at_hand(self) -> Hashable | None:
        return self.current()

    def close(self) -> None:
        if wrapper := getattr(self._local, "wrapper", None):
            wrapper.close()
        self._local = threading.local()

    def _opened(self) -> Hashable | None:
        wrapper: Any = connections[self._using].copy()
        wrapper.inc_thread_sharing()  # closed by whichever thread clears up
        local = self._local
        local.wrapper, local.errors = wrapper, wrapper.Database.Error
        try:
            wrapper.connect()
            execute = wrapper.connection.execute
            version = execute("PRAGMA data_version").fetchone()
            local.execute = execute
            generation = self._read(version)
            index = wal_index.of_database(execute)
        except (Error, local.errors):
            self._lose()
            return None
        if generation is not None:
            local.header, local.index = b"", index or b""
            local.look_at = time.monotonic() + FILE_SECONDS
        return generation

    def _is_replaced(self) -> bool:
        """Whether another file was put there: it has commits of its own."""
        local = self._local
        local.look_at = time.monotonic() + FILE_SECONDS
        replaced: bool = local.wrapper.is_replaced()
        return replaced

    def _read(self, version: Any) -> Hashable | None:
        """The row, at the version that was seen before it: never a newer one's."""
        local = self._local
        try:
            row = local.execute(f"SELECT number FROM {TABLE}").fetchone()  # noqa: S608
        except local.errors:
            self._lose()
            return None
        local.version, local.generation = version, row
        return row

    def _lose(self) -> None:
        logger.warning(_LOST)
        self._local = threading.local()


class PostgresGenerations:
    """One connection of its own, shared by all threads.

    A snapshot (functions-info: pg_current_snapshot) that is the same as before tells
    that nothing at all was committed between; else the rows of the table tell. No
    notification is waited for: one that is on its way would be a stale page.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._lock = threading.Lock()
        self._begun = 0
        self._wrapper: Any = None
        self._snapshot: str | None = None
        self._generation: Hashable | None = None

    def current(self) -> Hashable | None:
        begun = self._begun
        with self._lock:
            if self._begun > begun:
                # Asked after this thread came, by another one: good for both.
                return self._generation
            self._begun += 1
            try:
                self._ask()
                return self._generation
            except Error:
                logger.warning(_LOST)
                # Before any other thread is let in: it would take what was known.
                self._close()
                return None

    def at_hand(self) -> None:
        return None  # it takes a journey to the server

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        wrapper = self._wrapper
        self._wrapper = self._snapshot = self._generation = None
        if wrapper is not None:
            wrapper.close()

    def _ask(self) -> None:
        if self._wrapper is None:
            self._open()
        with self._wrapper.wrap_database_errors:
            execute = self._wrapper.connection.execute
            (snapshot,) = execute("SELECT pg_current_snapshot()::text").fetchone()
            if snapshot == self._snapshot:
                return
            # The snapshot was taken before: what comes between is asked for again.
            self._generation = execute(
                f"SELECT min(number), max(number), count(*) FROM {TABLE}"  # noqa: S608
            ).fetchone()
            self._snapshot = snapshot

    def _open(self) -> None:
        wrapper: Any = connections[self._using].copy()
        wrapper.inc_thread_sharing()
        wrapper.ensure_connection()
        self._wrapper = wrapper
        # Numbers of another server's, whose database was loaded here: a transaction
        # that has one of them some day would make no generation, or leave no mark.
        with wrapper.wrap_database_errors:
            for table in (TABLE, STRETCHES):
                wrapper.connection.execute(
                    f"DELETE FROM {table} WHERE number >= "  # noqa: S608
                    "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
                )


def tidy(using: str = DEFAULT_DB_ALIAS) -> None:
    """On PostgreSQL, take away the rows of long ago; the newest stays.

    Makes one generation: the least number is another one then, and was never before.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), max(number) FROM {TABLE}")  # noqa: S608
        count, newest = cursor.fetchone()
        if count > MANY_ROWS:
            cursor.execute(f"DELETE FROM {TABLE} WHERE number < %s", [newest])  # noqa: S608
