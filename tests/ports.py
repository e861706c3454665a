"""Ports for servers that are told theirs before they start."""

import itertools
import os
import socket

# Below those that systems give to whoever asks for any: between a look and the start
# of the server no outgoing connection can take one away.
FIRST, LAST = 10_000, 15_999
# So many for each process, so that two that run at once ask for different ones.
_OURS = 20
_numbers = itertools.count()


def free_ports(count: int) -> list[int]:
    """Ports nobody listens at, just now. None comes twice soon."""
    return [_free_port() for _ in range(count)]


def _free_port() -> int:
    start = os.getpid() * _OURS
    for _ in range(LAST - FIRST):
        port = FIRST + (start + next(_numbers)) % (LAST - FIRST + 1)
        with socket.socket() as free:
            # As the servers do: one that was just closed is free.
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("No port is free.")
