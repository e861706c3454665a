"""Whether anything was committed to SQLite, read where SQLite itself keeps it.

Beside a database in WAL mode lies a file that all processes share as memory: the index
of the log. Its header stands there twice, and each commit writes it anew: a counter,
where the log ends, and sums over it (sqlite.org/walformat.html, section 2.1). While it
is the same, nothing was committed; to read it takes no lock and no call of the system.
"""

import ctypes
import mmap
import os
import sqlite3
import struct
import threading
from collections.abc import Callable

HEADER_BYTES = 96
# Of another version nothing is known here. Whoever made the file wrote its own order.
_VERSION = struct.pack("=I", 3_007_000)
_IS_MADE = slice(12, 13)

_lock = threading.Lock()
_opened: dict[tuple[int, int], mmap.mmap] = {}


def of_database(execute: Callable[..., sqlite3.Cursor]) -> mmap.mmap | None:
    """That of the database a connection is open to; None where it keeps no such log.

    Its header comes first. To be looked at only while the connection is open, which has
    read already: as long as anybody has one, SQLite neither replaces the file nor
    shortens it, nor does it leave WAL mode. Raises sqlite3.Error.
    """
    [mode] = execute("PRAGMA journal_mode").fetchone()
    _, _, path = execute("PRAGMA database_list").fetchone()
    if mode != "wal":
        return None
    try:
        with _lock:
            index = _mapped(f"{path}-shm")
    except (OSError, ValueError):  # SQLite has it elsewhere, or it is not ours to read
        return None
    is_known = index[:4] == _VERSION and index[_IS_MADE] == b"\1"
    return index if is_known else None


def _mapped(path: str) -> mmap.mmap:
    """Opened once in a process, and never closed.

    With the first descriptor of a file that a process closes, it loses all its locks on
    it (POSIX, fcntl): those that SQLite has there, and relies on, as well.
    """
    status = os.stat(path)
    known = _opened.get((status.st_dev, status.st_ino))
    if known is not None:
        return known
    descriptor = os.open(path, os.O_RDONLY)
    index = mmap.mmap(descriptor, mmap.PAGESIZE, access=mmap.ACCESS_READ)
    # Not when the program ends, either: a thread may be writing just then.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(index))
    status = os.fstat(descriptor)
    return _opened.setdefault((status.st_dev, status.st_ino), index)
