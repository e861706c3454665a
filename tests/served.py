"""The server as it is shipped, on a data folder of its own, and somebody who asks it."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings

from tests.blogs import environment
from tests.ports import free_ports

# Costs nothing when all is well.
PATIENCE_SECONDS = 90


def start(folder, *arguments, **options):
    """The server on a free port, once it answers; the process and the port."""
    [port] = free_ports(1)
    bind = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--bind", bind, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(folder),
        **{"stdout": subprocess.DEVNULL, **options},
    )
    try:
        wait_until(lambda: process.poll() is not None or answers(port))
        assert process.poll() is None, "The server did not come up."
    except BaseException:
        process.kill()
        raise
    return process, port


@contextmanager
def serving(folder, *arguments, **options):
    """As `start`, until the block ends."""
    process, port = start(folder, *arguments, **options)
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def answers(port) -> bool:
    try:
        return get(port, "/healthz")[0].status == 200
    except OSError:
        return False


def get(port, path, **headers):
    return ask(port, "GET", path, headers=headers)


def ask(port, method, path, body=None, headers=None):
    """The answer and its body."""
    host = "127.0.0.1"
    with closing(HTTPConnection(host, port, timeout=PATIENCE_SECONDS)) as connection:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response, response.read()


def connect(port, sent=b""):
    """A connection that has sent no more than this."""
    made = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
    made.sendall(sent)
    return made


def heard(connection) -> bytes:
    """All that comes until the other side hangs up."""
    pieces = []
    try:
        while piece := connection.recv(65536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def workers_of(process) -> list[int]:
    """The processes it started, on Linux."""
    task = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in task.read_text().split()]


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "It took too long."
        time.sleep(0.05)
