"""The address the server listens at: nobody else's, and kept when it starts anew."""

import socket
import sys
from collections.abc import Iterator

# Connections the kernel may hold until a process takes them.
BACKLOG = 2048
# Whoever takes nothing of an answer for so long is hung up on by the kernel.
UNREAD_MILLISECONDS = 30_000


class Taken(Exception):
    """Nobody can listen there; says why."""


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets listening at an address, one for each of `count` processes. Raises Taken.

    They stay open while processes come and go, so that no connection is lost.
    """
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, _, _, _, address = found[0]
        # One alone first: those that share a port share it with any server of the same
        # person's, and half of the requests would go to the one, half to the other.
        _socket(family, address, is_shared=False).close()
        return list(_listening(family, address, count))
    except OSError as error:
        raise Taken(
            f"Nothing can be served at {host or '*'}:{port}: {error.strerror}."
            " --bind takes another HOST:PORT."
        ) from error


def _listening(family: int, address: tuple, count: int) -> Iterator[socket.socket]:
    """Elsewhere than on Linux one port's connections are not spread over sockets."""
    if sys.platform != "linux":
        one = _socket(family, address, is_shared=False)
        yield from [one, *(one.dup() for _ in range(count - 1))]
        return
    for _ in range(count):
        yield _socket(family, address, is_shared=True)


def _socket(family: int, address: tuple, *, is_shared: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        # What it takes has these too.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            made.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS
            )
        made.bind(address)
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def inherited(numbers: str) -> list[socket.socket]:
    """The sockets of the process that became this one, by their descriptors' numbers."""
    return [socket.socket(fileno=int(number)) for number in numbers.split(",")]


def to_inherit(sockets: list[socket.socket]) -> str:
    """Have them outlive this program in its process; their numbers."""
    for one in sockets:
        one.set_inheritable(True)
    return ",".join(str(one.fileno()) for one in sockets)
