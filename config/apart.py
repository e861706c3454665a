"""Work that is done in a process of its own: the memory it takes goes with that.

What is free again in a process that has stored half a million comments lies in small
pieces between others, and hardly any of it is the system's again.
"""

import ctypes
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.db import connection, connections

# What is smaller leaves little behind.
MIN_POSTS = 2_000
# Of Linux's prctl(2): the signal a process gets when its parent ends.
_PR_SET_PDEATHSIG = 1

Result = TypeVar("Result")


def is_worth_it(posts: int | None) -> bool:
    """Whether so many posts leave much memory behind, and another process can help."""
    # A transaction, and a database in memory, are this process's alone; and elsewhere
    # a process cannot go on from where another one stands.
    database: Any = connection
    is_ours = database.in_atomic_block or (
        database.vendor == "sqlite" and database.is_in_memory_db()
    )
    return (posts or 0) >= MIN_POSTS and sys.platform == "linux" and not is_ours


def done(work: Callable[[], Result]) -> Result:
    """What `work` returns, or raises; all else that it changes is changed there alone.

    The connections to databases there were are closed. Raises ChildProcessError where
    the process was ended from outside; it ends with this one.
    """
    connections.close_all()
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(receiver, sender, work, os.getpid()))
    process.start()
    sender.close()
    try:
        result, raised = receiver.recv()
    except EOFError:
        sentence = "The process that stored the posts was ended before it was done."
        raise ChildProcessError(sentence) from None
    finally:
        # It has told all there is; or nobody waits for it any more.
        process.kill()
        process.join()
        receiver.close()
    if raised is not None:
        raise raised
    return result  # type: ignore[no-any-return]


def _do(
    receiver: Connection, sender: Connection, work: Callable[[], Any], parent: int
) -> None:
    """What the other process does."""
    _end_with(parent)
    # Who is interrupted is the one who waits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    told: tuple[Any, BaseException | None]
    try:
        told = work(), None
    except BaseException as error:  # noqa: BLE001 - who waits raises it
        told = None, _portable(error)
    finally:
        connections.close_all()
    sender.send(told)


def _end_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that
        os._exit(1)


def _portable(error: BaseException) -> BaseException:
    """The same, with where it was raised; as words alone where it cannot be sent."""
    where = traceback.format_exc()
    error.add_note(where)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except (pickle.PickleError, AttributeError, TypeError, ValueError):
        return ChildProcessError(where)
    return error
