"""The address the server listens at: nobody else's."""

import socket


class Taken(Exception):
    """Nobody can listen there; says why."""


def refuse_taken(host: str, port: int) -> None:
    """Raise Taken unless a server can listen at `port` of the address `host`.

    Granian's workers share a port (SO_REUSEPORT), and so would another server of the
    same person: half of the requests would go to the one, half to the other.
    """
    try:
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the workers do: what a server left behind that just ended is no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise Taken(
            f"Nothing can be served at {host}:{port}: {error.strerror}."
            " --bind takes another HOST:PORT."
        ) from error
