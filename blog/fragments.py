"""What is the same on all pages of a generation of the blog, made once and kept."""

from collections.abc import Hashable
from typing import Any

from django.db import connection
from django.http import HttpRequest

from blog import generations

Fragments = dict[Hashable, Any]

_KEPT_BY = "_fragments"
_KEPT_IN_TRANSACTION = "_fragments_in_transaction"


class _Newest:
    """What this process keeps: of the generation it asked for last."""

    pair: tuple[Hashable | None, Fragments] = (None, {})


def of(request: HttpRequest) -> Fragments:
    """Those of the generation this request began to read; to be looked up and added to.

    To be asked for before anything they are made of is read: what was read earlier may
    be older than the generation. Its own alone where the generation is not known, and
    within a transaction, which reads what others do not see yet.
    """
    if connection.in_atomic_block:
        return request.__dict__.setdefault(_KEPT_IN_TRANSACTION, {})
    kept = request.__dict__.get(_KEPT_BY)
    if kept is None:
        kept = request.__dict__[_KEPT_BY] = _of_now()
    return kept


def _of_now() -> Fragments:
    generation = generations.shared().current()
    if generation is None:
        return {}
    newest, kept = _Newest.pair
    if newest != generation:
        kept = {}
        _Newest.pair = generation, kept
    return kept
