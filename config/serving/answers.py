"""What a WSGI application answers, as granian takes it (RSGI).

A thread is never kept by who reads slowly: granian is given the whole of a page, or the
name of a file, and sends it by itself.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from config.encodings import Application
from config.serving.requests import Request, environ_of

# What is smaller is given along, which is quicker than having the file opened again.
LEAST_FILE_BYTES = 64 * 1024
BLOCK_BYTES = 64 * 1024


class FileBody:
    """`wsgi.file_wrapper` of PEP 3333: a file that is the body, from where it stands."""

    def __init__(self, file: IO[bytes], block_bytes: int = BLOCK_BYTES) -> None:
        self.file = file
        self.block_bytes = block_bytes
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_bytes), b"")

    @property
    def path(self) -> str | None:
        """None where it is no file of a name, whole as it lies there."""
        name: Any = getattr(self.file, "name", None)
        is_plain = isinstance(name, str) and hasattr(self.file, "fileno")
        return name if is_plain and Path(name).is_absolute() else None


def answer(application: Application, request: Request) -> tuple[int, int]:
    """Have it answered; the status, and how many bytes the body has."""
    begun: list[Any] = [500, []]

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        begun[:] = [int(status[:3]), headers]

    environ = environ_of(request) | {"wsgi.file_wrapper": FileBody}
    body = application(environ, start_response)
    try:
        return _send(request, body, begun)
    finally:
        getattr(body, "close", lambda: None)()
        request.body.close()


def _send(request: Request, body: Iterable[bytes], begun: list[Any]) -> tuple[int, int]:
    protocol = request.protocol
    if isinstance(body, FileBody) and body.path:
        status, headers = begun
        size = _announced(headers)
        if request.scope.method == "HEAD":
            protocol.response_empty(status, headers)
            return status, 0
        if size >= LEAST_FILE_BYTES:
            start = body.file.tell()
            protocol.response_file_range(
                status, headers, body.path, start, start + size
            )
            return status, size
    content = b"".join(body)
    # Not before: an application may begin when its first piece is taken.
    status, headers = begun
    protocol.response_bytes(status, headers, content)
    return status, len(content)


def _announced(headers: list[tuple[str, str]]) -> int:
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    return int(lengths[0]) if lengths else 0
