"""What is the same on all pages of a generation of the blog, made once and kept."""

from collections.abc import Hashable
from typing import Any

from django.db import connection
from django.http import HttpRequest

from blog import generations

Fragments = dict[Hashable, Any]

_KEPT_BY = "_fragments"


class _Newest:
    """What this process keeps: of the generation it asked for last."""

    pair: tuple[Hashable | None, Fragments] = (None, {})


def of(request: HttpRequest) -> Fragments:
    """Those of the generation this request began to read; to be looked up and added to.

    Its own alone where the generation is not known, and within a transaction, which
    reads what others do not see yet.
    """
    kept = request.__dict__.get(_KEPT_BY)
    if kept is None:
        kept = request.__dict__[_KEPT_BY] = _of_now()
    return kept


def _of_now() -> Fragments:
    generation = None
    if not connection.in_atomic_block:
        generation = generations.shared().current()
    if generation is None:
        return {}
    newest, kept = _Newest.pair
    if newest != generation:
        kept = {}
        _Newest.pair = generation, kept
    return kept
