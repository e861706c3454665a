"""One of the server's processes: granian takes its connections, Django answers.

Granian's own interface for WSGI keeps a thread for as long as somebody sends a body, or
reads a long answer, and has no limit of time for either: four silent visitors stop a
process for ever. Its asynchronous interfaces have no threads at all for Django. So the
two are joined here: granian (RSGI) calls `Process._begin` with each request whose
headers are here; what has a body waits in the loop till it has come (`intake`), and only
then is one of the threads asked (`crew`). That call is not part of granian's documented
interface, hence the tests in tests/config/test_slow_clients.py before each upgrade.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from granian import _granian
from granian.http import HTTP1Settings

from config import memory
from config.encodings import Application
from config.serving.access_log import log
from config.serving.crew import Crew
from config.serving.intake import Intake
from config.serving.refusals import refusal_of
from config.serving.requests import Request

logger = logging.getLogger("quillback.server")

# For the headers of a request, and between two requests of one connection.
HEADER_MILLISECONDS = 15_000
# More than `refusals` takes, so that most of what is too large hears why.
HEADER_BUFFER_BYTES = 64 * 1024
PARENT_SECONDS = 1.0
TRIM_SECONDS = 60.0
# Threads of granian's own, which open files.
RUNTIME_THREADS = 4


@dataclass(frozen=True)
class Options:
    threads: int
    # Connections a process may have at once; further ones wait to be taken.
    connections: int
    backlog: int
    has_log: bool


# Without types that are right.
_granian_own: Any = _granian


class _Scheduler(_granian.CallbackScheduler):
    """Granian's, with another function to call with each request."""

    __slots__ = ()

    def __init__(self, loop: Any, function: Callable[[Any], None], *_: Any) -> None:
        super().__init__()
        self._schedule_fn = function


class Process:
    def __init__(self, application: Application, options: Options) -> None:
        memory.keep_together()
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._crew = Crew(
            application, options.threads, log if options.has_log else None
        )
        self._intake = Intake(self._crew.take, self._crew.turn_away)

    def run(self, listener: socket.socket, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM, or until the process is nobody's; then what is begun."""
        stopping, stopped = _granian.WorkerSignal(), asyncio.Event()
        stopping.add_cb(lambda: self._loop.call_soon_threadsafe(stopped.set))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C: the parent sees to it
        self._loop.add_signal_handler(signal.SIGTERM, stopping.set)
        worker = _granian_own.RSGIWorker(
            1,
            (None, self._held(listener)),
            None,
            blocking_threads=RUNTIME_THREADS,
            backpressure=self._options.connections,
            # Not "auto", which waits without end for the first bytes.
            http_mode="1",
            http1_opts=HTTP1Settings(
                header_read_timeout=HEADER_MILLISECONDS,
                max_buffer_size=HEADER_BUFFER_BYTES,
            ),
            metrics=(None, None),
        )
        scheduler = _Scheduler(self._loop, self._begin, None, None, None)
        worker.serve_mtr(scheduler, self._loop, stopping)
        watches = [
            self._loop.create_task(_end_with_parent(os.getppid(), stopping)),
            self._loop.create_task(_trim_now_and_then()),
        ]
        ready()
        self._loop.run_until_complete(stopped.wait())
        for watch in watches:
            watch.cancel()
        self._loop.run_until_complete(asyncio.wait(watches))
        self._loop.close()

    def _held(self, listener: socket.socket) -> Any:
        told = (listener.detach(), False)
        if sys.platform == "linux":
            return _granian_own.SocketHolder(*told, self._options.backlog)
        return _granian_own.SocketHolder(*told)

    def _begin(self, watcher: Any) -> None:
        """Called in a thread of granian's, which must not wait, with each request."""
        scope, protocol = watcher.scope, watcher.proto
        try:
            if refusal := refusal_of(scope):
                self._crew.turn_away(Request(scope, protocol), refusal)
            elif not self._crew.answer_at_once(scope, protocol):
                self._take(Request(scope, protocol))
        except Exception:
            # What is raised here ends granian's thread: nobody would be answered again.
            logger.exception("%s %s", scope.method, scope.path)
            with contextlib.suppress(RuntimeError):  # it was answered before it broke
                protocol.response_empty(500, [("Cache-Control", "no-store")])

    def _take(self, request: Request) -> None:
        if request.has_body:
            self._loop.call_soon_threadsafe(self._intake.take, request)
        else:
            self._crew.take(request)


async def _end_with_parent(parent: int, stopping: Any) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_SECONDS)
    stopping.set()


async def _trim_now_and_then() -> None:
    """After a rush a process is soon as small as before."""
    while True:
        await asyncio.sleep(TRIM_SECONDS)
        memory.trim()
