"""Reads a large source in a process of its own, a little ahead of who stores it.

Reading takes as long as storing, and most machines have two cores.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread
from typing import Any, TypeVar

from blog.transfer.records import BlogRecord, PostRecord, SourceRefused
from blog.wide_pipes import wide_pipe

# What is smaller is read before another process would have begun.
MIN_POSTS = 300
# Given away at once, whatever comes first; and how often that may wait to be taken:
# what is stored in one transaction is to be read meanwhile, and not much more.
BATCH_POSTS = 10
BATCH_RESPONSES = 250
MAX_WAITING = 20
# What of a blog's records grows while its posts are read.
_GROWING = ("users", "categories", "tags", "media", "warnings")

Made = TypeVar("Made")


def of(
    blog: BlogRecord, posts: Iterable[PostRecord], make: Callable[[PostRecord], Made]
) -> Iterator[tuple[PostRecord, Made]]:
    """The posts of this blog, whose lists grow as they are asked for, and what `make`
    gives for each of them: what can be done where they are read is done there."""
    is_large = (blog.post_count or 0) >= MIN_POSTS
    # Elsewhere a process cannot go on from where another one stands.
    if is_large and sys.platform == "linux":
        return _received(blog, posts, make)
    return ((post, make(post)) for post in posts)


def _received(
    blog: BlogRecord, posts: Iterable[PostRecord], make: Callable[[PostRecord], Made]
) -> Iterator[tuple[PostRecord, Made]]:
    context = get_context("fork")
    receiver, sender = wide_pipe(context)
    process = context.Process(
        target=_send_all, args=(receiver, sender, blog, posts, make), daemon=True
    )
    process.start()
    sender.close()
    try:
        while (found := _next(receiver)) is not None:
            batch, tails = found
            grow(blog, tails)
            yield from batch
    finally:
        receiver.close()  # it ends by that, if it has not yet
        process.join()


def lengths(blog: BlogRecord) -> list[int]:
    """Of what grows."""
    return [len(getattr(blog, name)) for name in _GROWING]


def grown(blog: BlogRecord, before: list[int]) -> list[list[Any]]:
    """By what each list grew since it had the length `before`."""
    return [
        getattr(blog, name)[length:]
        for name, length in zip(_GROWING, before, strict=True)
    ]


def grow(blog: BlogRecord, tails: list[list[Any]]) -> None:
    """The same blog in another process knows that much more."""
    for name, tail in zip(_GROWING, tails, strict=True):
        getattr(blog, name).extend(tail)


def _next(receiver: Connection) -> Any:
    """Posts with what was made of them, by how much the lists grew; None at the end."""
    try:
        found = receiver.recv()
    except EOFError:
        raise ChildProcessError("What read the source ended before it did.") from None
    if isinstance(found, list):
        raise SourceRefused(found)
    return found


def _send_all(
    receiver: Connection,
    sender: Connection,
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    make: Callable[[PostRecord], Any],
) -> None:
    """What the other process does."""
    # Who is interrupted is the one who stores: this one ends when nobody listens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    outgoing = _Outgoing(sender)
    try:
        for message in _messages(blog, posts, make):
            outgoing.send(message)
        outgoing.send(None)
    except SourceRefused as refused:
        outgoing.send(refused.notes)
    outgoing.end()


def _messages(
    blog: BlogRecord, posts: Iterable[PostRecord], make: Callable[[PostRecord], Any]
) -> Iterator[tuple[list[tuple[PostRecord, Any]], list[list[Any]]]]:
    told = lengths(blog)

    def newly() -> list[list[Any]]:
        nonlocal told
        tails, told = grown(blog, told), lengths(blog)
        return tails

    batch: list[tuple[PostRecord, Any]] = []
    responses = 0
    for post in posts:
        batch.append((post, make(post)))
        responses += len(post.responses)
        if len(batch) == BATCH_POSTS or responses >= BATCH_RESPONSES:
            yield batch, newly()
            batch, responses = [], 0
    # What the end of the source says, too.
    yield batch, newly()


class _Outgoing:
    """What waits to be taken, so that who reads goes on while somebody stores."""

    def __init__(self, sender: Connection) -> None:
        self._sender = sender
        self._waiting: Queue[bytes] = Queue(MAX_WAITING)
        self._thread = Thread(target=self._give_away, daemon=True)
        self._thread.start()

    def send(self, message: Any) -> None:
        self._waiting.put(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def end(self) -> None:
        """Returns when all was taken."""
        self._waiting.put(b"")
        self._thread.join()

    def _give_away(self) -> None:
        try:
            while message := self._waiting.get():
                self._sender.send_bytes(message)
        except OSError:
            # Nobody listens any more: whoever reads would wait for that for ever.
            os._exit(1)
