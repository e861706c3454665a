"""What is the same on all pages of a generation of the blog, made once and kept."""

import sys
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

from django.db import connection
from django.http import HttpRequest

from blog import generations

# For each process: some thousand entries of lists.
MAX_BYTES = 4 * 1024 * 1024
# One that is larger would push out what all pages have.
MAX_BYTES_EACH = MAX_BYTES // 16

# What it takes to keep anything at all: addresses of empty lists are many.
BYTES_OF_PLACE = 600

_KEPT_BY = "_fragments"
_KEPT_IN_TRANSACTION = "_fragments_in_transaction"


class Fragments:
    """Up to MAX_BYTES of them; what was not asked for longest goes first.

    `is_shared`: by all requests of a generation, and not one's own.
    """

    def __init__(self, *, is_shared: bool = False) -> None:
        self.is_shared = is_shared
        # Each with its size.
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """None where it is not kept, or not any more."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def keep(self, key: Hashable, fragment: Any, size: int = 0) -> None:
        """`size` in bytes, where it is not a text or a number alone."""
        size = (size or sys.getsizeof(fragment)) + BYTES_OF_PLACE
        if size > MAX_BYTES_EACH:
            return
        with self._lock:
            if key in self._kept:
                return  # made twice, at the same time
            self._kept[key] = fragment, size
            self._bytes += size
            while self._bytes > MAX_BYTES:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed


class _Newest:
    """What this process keeps: of the generation it asked for last."""

    pair: tuple[Hashable | None, Fragments] = (None, Fragments())


def of(request: HttpRequest) -> Fragments:
    """Those of the generation this request began to read; to be looked up and added to.

    To be asked for before anything they are made of is read: what was read earlier may
    be older than the generation. Its own alone where the generation is not known, and
    within a transaction, which reads what others do not see yet.
    """
    if connection.in_atomic_block:
        own: Fragments | None = request.__dict__.get(_KEPT_IN_TRANSACTION)
        if own is None:
            own = request.__dict__[_KEPT_IN_TRANSACTION] = Fragments()
        return own
    kept: Fragments | None = request.__dict__.get(_KEPT_BY)
    if kept is None:
        kept = request.__dict__[_KEPT_BY] = _of_now()
    return kept


def _of_now() -> Fragments:
    generation = generations.shared().current()
    if generation is None:
        return Fragments()
    newest, kept = _Newest.pair
    if newest != generation:
        kept = Fragments(is_shared=True)
        _Newest.pair = generation, kept
    return kept
