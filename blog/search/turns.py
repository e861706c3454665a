"""One at a time: what was read last is what stands in the index last."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError, connection, transaction

# A search waits no longer for somebody else who writes.
PATIENCE_MS = 1000
# What one advisory lock of PostgreSQL is called by.
_LOCK = 0x5EA6C4


class Busy(Exception):
    """Somebody else is writing, or at work on the index."""


@contextmanager
def alone() -> Iterator[None]:
    """A transaction in which nobody else enters anything. Raises Busy.

    On SQLite a transaction is alone by itself; but whoever searches does not wait for
    it as long as whoever writes.
    """
    is_sqlite = connection.vendor == "sqlite"
    is_inside = connection.in_atomic_block
    try:
        if is_sqlite and not is_inside:
            _set(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        with transaction.atomic():
            if not is_sqlite:
                _set(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
                _set(f"SELECT pg_advisory_xact_lock({_LOCK})")
                _set("SET LOCAL lock_timeout = DEFAULT")
            yield
    except OperationalError as error:
        if _is_busy(error):
            raise Busy from error
        raise
    finally:
        if is_sqlite and not is_inside:
            timeout = connection.settings_dict.get("OPTIONS", {}).get("timeout", 5)
            _set(f"PRAGMA busy_timeout = {int(timeout * 1000)}")


def _set(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _is_busy(error: DatabaseError) -> bool:
    return "locked" in str(error) or "lock timeout" in str(error)
