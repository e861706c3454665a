"""Reads a large source in a process of its own, a little ahead of who stores it.

Reading takes as long as storing, and most machines have two cores.
"""

import fcntl
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from blog.transfer.records import BlogRecord, PostRecord, SourceRefused

# What is smaller is read before another process would have begun.
MIN_POSTS = 300
# Given away at once.
BATCH_POSTS = 10
# As much as Linux gives to whoever asks, and what some 50 posts take.
PIPE_BYTES = 2**20
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
    receiver, sender = context.Pipe(duplex=False)
    _widen(sender)
    process = context.Process(
        target=_send_all, args=(receiver, sender, blog, posts, make), daemon=True
    )
    process.start()
    sender.close()
    try:
        while (found := _next(receiver)) is not None:
            batch, grown = found
            for name, tail in zip(_GROWING, grown, strict=True):
                getattr(blog, name).extend(tail)
            yield from batch
    finally:
        receiver.close()  # it ends by that, if it has not yet
        process.join()


def _widen(sender: Connection) -> None:
    """Make room for what is stored at once: else who reads it waits until it is.

    All that is held between the two is in the pipe, so that is what bounds it.
    """
    with suppress(OSError):  # where the system has less for everybody
        fcntl.fcntl(sender.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)


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
    try:
        _send(sender, blog, posts, make)
        sender.send(None)
    except SourceRefused as refused:
        sender.send(refused.notes)
    except BrokenPipeError:
        pass


def _send(
    sender: Connection,
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    make: Callable[[PostRecord], Any],
) -> None:
    told = {name: len(getattr(blog, name)) for name in _GROWING}

    def send(batch: list[tuple[PostRecord, Any]]) -> None:
        grown = [getattr(blog, name)[told[name] :] for name in _GROWING]
        for name in _GROWING:
            told[name] = len(getattr(blog, name))
        sender.send((batch, grown))

    batch: list[tuple[PostRecord, Any]] = []
    for post in posts:
        batch.append((post, make(post)))
        if len(batch) == BATCH_POSTS:
            send(batch)
            batch = []
    # What the end of the source says, too.
    send(batch)
