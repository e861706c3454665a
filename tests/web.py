"""A web server on loopback that answers as a test tells it to."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Knock:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """`answers[path]` is bytes, or a function that is given the handler."""

    port: int
    answers: dict[str, bytes | Callable] = field(default_factory=dict)
    knocks: list[Knock] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def serve_web() -> Iterator[Web]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.block_on_close = False
    server.web = Web(server.server_address[1])
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield server.web
    finally:
        server.shutdown()
        server.server_close()


def answer(handler, status=200, body=b"", **headers) -> None:
    """A whole answer; `Content_Type` in the keywords is the header Content-Type."""
    handler.send_response(status)
    headers.setdefault("Content_Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def redirect(to: str, status: int = 302) -> Callable:
    return lambda handler: answer(handler, status, Location=to)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        web = self.server.web
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        web.knocks.append(Knock(self.command, self.path, dict(self.headers), body))
        found = web.answers.get(self.path.partition("?")[0])
        with contextlib.suppress(OSError):  # the other side may have gone
            if found is None:
                answer(self, 404)
            elif isinstance(found, bytes):
                answer(self, body=found, Content_Type="text/html; charset=utf-8")
            else:
                found(self)

    do_HEAD = do_POST = do_GET

    def log_message(self, *args) -> None:
        """Nothing on the terminal."""
