"""How long a page holds that is being made: what depends on the clock says until when.

What depends on the database need not say so: every change of it is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime


class Span:
    """The earliest moment at which a page may say something else by itself."""

    def __init__(self) -> None:
        self.until: datetime | None = None


_span: ContextVar[Span | None] = ContextVar("span", default=None)


@contextmanager
def watched() -> Iterator[Span]:
    """What is said by `good_until` while a page is made."""
    span = Span()
    token = _span.set(span)
    try:
        yield span
    finally:
        _span.reset(token)


def good_until(moment: datetime | None) -> None:
    """What is on this page was decided by the clock, and holds until then."""
    span = _span.get()
    if span is not None and moment is not None:
        span.until = min(span.until or moment, moment)
