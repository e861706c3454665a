"""A request as granian hands it over (RSGI), and as a WSGI application takes it."""

import io
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from django.conf import settings

from config.page_cache import Asked


@dataclass
class Request:
    """`scope` and `protocol` are granian's: what was asked, and where answers go.

    `body` is all of it, from its beginning, once it has been read.
    """

    scope: Any
    protocol: Any
    body: IO[bytes] = field(default_factory=io.BytesIO)
    body_bytes: int = 0

    def header(self, name: str) -> str:
        """ "" where it was not sent; `name` in small letters."""
        return self.scope.headers.get(name) or ""

    @property
    def has_body(self) -> bool:
        return self.header("content-length") not in ("", "0") or bool(
            self.header("transfer-encoding")
        )

    @property
    def address(self) -> str:
        """The IP address of who asks: as the proxy in front saw it, where one is."""
        if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
            told = self.header("x-forwarded-for").rpartition(",")[2].strip()
            if told:
                return told
        return _host(self.scope.client)


def asked_of(scope: Any) -> Asked | None:
    """As a page cache takes it; None for what no page is kept for."""
    headers, method = scope.headers, scope.method
    if method not in ("GET", "HEAD") or headers.get("content-length"):
        return None
    path = scope.path
    if not path.isascii():
        path = path.encode().decode("latin-1")
    # Hardly ever anything comes twice, and `get` is the quicker one.
    is_plain = len(headers.values()) == len(headers)
    header = headers.get if is_plain else partial(_told, headers)
    return Asked(method, path, scope.query_string, scope.scheme, header)


def environ_of(request: Request) -> dict[str, Any]:
    """What PEP 3333 asks for. Names with `_` are dropped: they pass for those with `-`."""
    scope = request.scope
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": _host(scope.client),
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": request.body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" not in name:
            _add_header(environ, name.upper().replace("-", "_"), value)
    if request.has_body:
        environ["CONTENT_LENGTH"] = str(request.body_bytes)
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        name = f"HTTP_{name}"
    if name in environ:
        value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
    environ[name] = value


def _told(headers: Any, name: str) -> str | None:
    """What came under `name`, as `environ_of` tells it where it came twice."""
    told = headers.get_all(name)
    if len(told) > 1:
        return ("; " if name == "cookie" else ",").join(told)
    return told[0] if told else None


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")
