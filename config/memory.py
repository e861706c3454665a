"""What a process that lives long, or works much, asks of the system's memory."""

import ctypes
import gc
from typing import Any

from django.db import connection

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
# Larger pieces are the system's again as soon as they are free.
OWN_PIECE_BYTES = 128 * 1024


def keep_together() -> None:
    """Let all threads take memory from one arena, not up to eight for each core.

    Python's own lock lets one thread at a time ask anyhow; what the others leave free
    in arenas of their own is lost to the rest (glibc: mallopt, M_ARENA_MAX). Nor is the
    bound moved from which on a piece is mapped by itself, as it is after each large one.
    """
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, OWN_PIECE_BYTES)


def give_back() -> None:
    """All that is free to the system, and the pages that SQLite has at hand.

    Whatever a process holds when it forks is there twice, once both have written to it.
    """
    gc.collect()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA shrink_memory")
    trim()


def trim() -> None:
    """What is free between pieces in use to the system, which takes a few milliseconds.

    By itself glibc gives back what lies behind the last of them alone.
    """
    malloc_trim = _glibc("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _glibc(name: str) -> Any:
    """None where another library does what glibc does on most systems of Linux."""
    return getattr(ctypes.CDLL(None), name, None)
