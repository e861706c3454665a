"""Reads a large source in a process of its own, a little ahead of who stores it.

Reading takes as long as storing, and most machines have two cores.
"""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from blog.transfer.records import BlogRecord, PostRecord, SourceRefused

# What is smaller is read before another process would have begun.
MIN_POSTS = 300
# Given away at once.
BATCH_POSTS = 10
# What of a blog's records grows while its posts are read.
_GROWING = ("users", "categories", "tags", "media", "warnings")


# What is made of a post there, by what it is asked for.
Make = Callable[[PostRecord], dict[Any, str]]


def of(
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    made: dict[Any, str],
    make: Make = lambda post: {},
) -> Iterable[PostRecord]:
    """The same posts of this blog, whose lists grow as they are asked for.

    What `make` gives for each stands in `made` when it comes, if it was read ahead.
    """
    is_large = (blog.post_count or 0) >= MIN_POSTS
    # Elsewhere a process cannot go on from where another one stands.
    if not is_large or sys.platform != "linux":
        return posts
    return _received(blog, posts, made, make)


def _received(
    blog: BlogRecord, posts: Iterable[PostRecord], made: dict[Any, str], make: Make
) -> Iterator[PostRecord]:
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_send_all, args=(receiver, sender, blog, posts, make), daemon=True
    )
    process.start()
    sender.close()
    try:
        while (found := _next(receiver)) is not None:
            records, grown, more = found
            made.update(more)
            for name, tail in zip(_GROWING, grown, strict=True):
                getattr(blog, name).extend(tail)
            yield from records
    finally:
        receiver.close()  # it ends by that, if it has not yet
        process.join()


def _next(receiver: Connection) -> Any:
    """Posts, by how much the lists grew, what was made; None behind the last."""
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
    make: Make,
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
    sender: Connection, blog: BlogRecord, posts: Iterable[PostRecord], make: Make
) -> None:
    told = {name: len(getattr(blog, name)) for name in _GROWING}

    def send(batch: list[PostRecord]) -> None:
        grown = [getattr(blog, name)[told[name] :] for name in _GROWING]
        for name in _GROWING:
            told[name] = len(getattr(blog, name))
        more = {key: html for post in batch for key, html in make(post).items()}
        sender.send((batch, grown, more))

    batch: list[PostRecord] = []
    for post in posts:
        batch.append(post)
        if len(batch) == BATCH_POSTS:
            send(batch)
            batch = []
    # What the end of the source says, too.
    send(batch)
