"""A pipe to another process that takes a good deal before somebody reads it."""

import fcntl
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext

# As much as Linux gives to whoever asks: else a batch is taken in many small bits, each
# when the other process gets round to it.
PIPE_BYTES = 2**20


def wide_pipe(context: BaseContext) -> tuple[Connection, Connection]:
    """Its end to receive from, and the one to send to. On Linux alone."""
    receiver, sender = context.Pipe(duplex=False)
    with suppress(OSError):  # where the system has less for everybody
        fcntl.fcntl(sender.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return receiver, sender
