"""Connections that reach public machines only, and can be cut from outside."""

import socket
import threading
from collections.abc import Callable
from functools import partial
from http.client import HTTPResponse
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from blog.public_addresses import is_public

PORTS = frozenset({80, 443})


class FetchError(Exception):
    """Nothing was fetched; the message says why."""


class UnsafeURL(FetchError):
    """It leads, or a redirect leads, where this server must not be sent."""


def allowed_ports() -> frozenset[int]:
    return PORTS | _opened_ports()


class Wire:
    """Makes the connections of one errand, and can cut them from another thread.

    `when_sent` is called when the first request of the errand has left as a whole,
    and its answer was not waited for yet.
    """

    def __init__(
        self, seconds: float, when_sent: Callable[[], object] | None = None
    ) -> None:
        self.seconds = seconds
        self._when_sent = when_sent
        self._lock = threading.Lock()
        self._is_cut = False
        # Copies of the descriptors: TLS takes the socket itself into its own hands.
        self._handles: list[socket.socket] = []
        self._responses: list[HTTPResponse] = []

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to the host, if all its addresses are public.

        What is connected to is what was looked at. Raises UnsafeURL, OSError.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            _check_place(str(place[0]), port)
        error: OSError = OSError(gettext("%(host)s has no address.") % {"host": host})
        for family, kind, protocol, _, place in found:
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.seconds + 1)
                self._watch(connection)
                connection.connect(place)
            except OSError as failure:
                connection.close()
                error = failure
            else:
                return connection
        raise error

    def _watch(self, connection: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                raise TimeoutError(gettext("It is too late."))
            self._handles.append(connection.dup())

    def note_sent(self) -> None:
        tell, self._when_sent = self._when_sent, None
        if tell is not None:
            tell()

    def cut(self) -> None:
        """End every connection, so that whoever reads from it stops waiting."""
        with self._lock:
            self._is_cut = True
            for handle in self._handles:
                try:
                    handle.shutdown(socket.SHUT_RDWR)
                except OSError:  # not connected yet, or not any more
                    continue

    def respond(self, *args: Any, **kwargs: Any) -> HTTPResponse:
        """A response that is closed with the wire.

        urllib3 forgets those whose headers it does not understand, and their sockets
        stay open until somebody collects the garbage.
        """
        response = HTTPResponse(*args, **kwargs)
        self._responses.append(response)
        return response

    def close(self) -> None:
        for response in self._responses:
            response.close()
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()


def _check_place(address: str, port: int) -> None:
    if address in ("127.0.0.1", "::1") and port in _opened_ports():
        return
    if port not in PORTS:
        raise UnsafeURL(
            gettext("Port %(port)s is not a web server's.") % {"port": port}
        )
    if not is_public(address):
        raise UnsafeURL(
            gettext("%(address)s is not on the public internet.") % {"address": address}
        )


def _opened_ports() -> frozenset[int]:
    """Ports on this machine that tests opened. No environment variable does."""
    return frozenset(getattr(settings, "FETCH_LOOPBACK_PORTS", ()))


class _Guarded(HTTPConnection):
    """What both kinds of connections have in common: the wire they hang on."""

    def __init__(self, *args: Any, wire: Wire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wire = wire
        self.response_class = wire.respond  # type: ignore[assignment]

    def _new_conn(self) -> socket.socket:
        return self._wire.connect(self._dns_host, self.port)  # type: ignore[attr-defined]

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Returns when the kernel has the last byte of head and body.

        Where the other side hung up before, it raises, and nothing was sent whole.
        """
        super().request(*args, **kwargs)
        self._wire.note_sent()


class _Plain(_Guarded):
    """Without a certificate."""


class _Secure(_Guarded, HTTPSConnection):
    """The certificate is checked for the name, whatever the address it has."""


class _Pools(PoolManager):
    wire: Wire

    def _new_pool(self, scheme: str, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, *args, **kwargs)
        connection = _Secure if scheme == "https" else _Plain
        pool.ConnectionCls = partial(connection, wire=self.wire)  # type: ignore[assignment]
        return pool


class GuardedAdapter(HTTPAdapter):
    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block", None)
        self.poolmanager = _Pools(*args[:1], **kwargs)
        self.poolmanager.wire = self.wire
