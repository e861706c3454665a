"""The process that answers nothing: it starts the others, replaces them and ends them.

It has no thread, so that it may fork; its workers share what it has imported. Told to
reload (SIGHUP), it has the program tried that lies there now, and becomes it (exec): same
process, same sockets. The workers of before serve until those of the new program do.
"""

import atexit
import contextlib
import gc
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from config.serving import ports, systemd

logger = logging.getLogger("quillback.server")

SIGNALS = (signal.SIGCHLD, signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
# What a request may still take when the server is told to stop, and when it reloads.
STOP_SECONDS = 5.0
RETIRE_SECONDS = 60.0
CHECK_SECONDS = 120
PAUSE_SECONDS = 1.0
# Workers in a row that came to nothing; where none ever served, the first is one too many.
MAX_FAILURES = 5
# What the program of before leaves to the one that takes its place.
SOCKETS_VARIABLE = "QUILLBACK_SOCKETS"
WORKERS_VARIABLE = "QUILLBACK_WORKERS"

# Serves on a socket until it is told to end, and calls the function when it is ready.
Work = Callable[[socket.socket, Callable[[], None]], None]


@dataclass
class Worker:
    index: int
    is_ready: bool = False


class Supervisor:
    """`left` is what the program of before told of the processes that serve already.

    They go on until ours serve, and where ours come to nothing.
    """

    def __init__(self, sockets: list[socket.socket], work: Work, left: str):
        self._sockets = sockets
        self._work = work
        self._workers: dict[int, Worker] = {}
        self._old = _read_workers(left)
        # When those that were told to end are killed.
        self._due: dict[int, float] = {}
        self._failures = 0
        self._was_ready = self._is_stopping = False
        self._exit_code = 0
        self._has_terminal = os.isatty(0)

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; the exit code."""
        self._heard, told = os.pipe()
        self._ready, self._tell_ready = os.pipe()
        for end in (self._heard, told, self._ready):
            os.set_blocking(end, False)
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(told)
        gc.collect()
        gc.freeze()  # what is never collected stays shared with the workers
        for index in range(len(self._sockets)):
            self._start(index)
        while self._workers or self._old:
            self._wait()
        return self._exit_code

    def _start(self, index: int) -> None:
        # Not before it has handlers of its own: those of the parent tell the parent.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid == 0:
            self._become_worker(index)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._workers[pid] = Worker(index)

    def _become_worker(self, index: int) -> None:
        atexit.register(_leave)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGHUP, signal.SIGINT):  # the parent sees to these
            signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        for other, unused in enumerate(self._sockets):
            if other != index:
                unused.close()
        self._work(
            self._sockets[index],
            lambda: _write(self._tell_ready, f"{os.getpid()}\n"),
        )
        sys.exit(0)

    def _wait(self) -> None:
        """Wait for what happens next, and see to it."""
        patience = max(min(self._due.values(), default=0) - time.monotonic(), 0)
        select.select([self._heard, self._ready], [], [], patience or None)
        for pid in self._read(self._ready).split():
            self._note_ready(int(pid))
        heard = set(self._read(self._heard))
        self._bury()
        self._kill_late()
        is_hung_up = self._has_terminal and not os.isatty(0)
        if heard & {signal.SIGINT, signal.SIGTERM} or is_hung_up:
            self._stop()
        elif signal.SIGHUP in heard and not self._is_stopping:
            self._reload()

    def _read(self, pipe: int) -> bytes:
        with contextlib.suppress(BlockingIOError):
            return os.read(pipe, 65536)
        return b""

    def _note_ready(self, pid: int) -> None:
        if pid in self._workers:
            self._workers[pid].is_ready = True
            self._failures = 0
        if not self._is_stopping and all(
            worker.is_ready for worker in self._workers.values()
        ):
            self._was_ready = True
            self._end(self._old, RETIRE_SECONDS)
            systemd.notify("READY=1")

    def _bury(self) -> None:
        """See to the processes that ended."""
        for pid in [*self._workers, *self._old]:
            try:
                ended, _ = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                ended = pid
            if ended:
                self._due.pop(pid, None)
                self._old.pop(pid, None)
                if (worker := self._workers.pop(pid, None)) and not self._is_stopping:
                    self._replace(worker)

    def _replace(self, worker: Worker) -> None:
        """Start another for one that ended by itself."""
        self._failures += not worker.is_ready
        if self._failures < (MAX_FAILURES if self._was_ready else 1):
            logger.error("A worker ended; another takes its place.")
            time.sleep(PAUSE_SECONDS)
            self._start(worker.index)
        elif self._old:
            logger.error("The new program does not serve; the one of before goes on.")
            self._end(self._workers, STOP_SECONDS)
            # From here on they are seen to as ours are: replaced, and reloaded.
            self._workers, self._old = self._old, self._workers
            self._was_ready, self._failures = True, 0
        else:
            logger.error("The workers end as soon as they begin.")
            self._exit_code = 1
            self._stop()

    def _end(self, pids, seconds: float) -> None:
        """Have processes finish what they are at and end."""
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            self._due[pid] = time.monotonic() + seconds

    def _kill_late(self) -> None:
        for pid in [pid for pid, due in self._due.items() if due <= time.monotonic()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            del self._due[pid]

    def _stop(self) -> None:
        """Told again, it waits for nothing."""
        systemd.notify("STOPPING=1")
        self._end(
            [*self._workers, *self._old], 0 if self._is_stopping else STOP_SECONDS
        )
        self._is_stopping = True

    def _reload(self) -> None:
        """Become the program that lies there now, if it is one that serves."""
        if self._old:
            logger.error("It is reloading already.")
            return
        program = [sys.executable, *sys.orig_argv[1:]]
        if wrong := _wrong_with(program):
            logger.error("Not reloaded, the server goes on as it is: %s", wrong)
            return
        if set(self._read(self._heard)) & {signal.SIGINT, signal.SIGTERM}:
            # Meanwhile; the new program would not know.
            self._stop()
            return
        os.environ[SOCKETS_VARIABLE] = ports.to_inherit(self._sockets)
        in_order = sorted(self._workers, key=lambda pid: self._workers[pid].index)
        os.environ[WORKERS_VARIABLE] = ",".join(map(str, in_order))
        # Until the new program listens to it, the signal would end it.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(program[0], program)  # noqa: S606  no shell, and no input of anybody's


def _wrong_with(program: list[str]) -> str:
    """Why it would not serve; "" where it would."""
    try:
        check = subprocess.run(  # noqa: S603  what was called itself
            [*program, "--check"],
            capture_output=True, text=True, timeout=CHECK_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return check.stderr if check.returncode else ""


def _read_workers(left: str) -> dict[int, Worker]:
    """By their process; one for each socket, in order."""
    pids = [int(pid) for pid in left.split(",") if pid]
    return {pid: Worker(index, is_ready=True) for index, pid in enumerate(pids)}


def _leave() -> None:
    """End when Python's own threads have, and before Python does.

    Threads of granian's may still ask for it then, and are torn out of code that cannot
    be left so: the process would end with an abort, and a core dump where those are kept.
    """
    try:
        logging.shutdown()
        sys.stdout.flush()
    finally:
        os._exit(0)


def _write(pipe: int, line: str) -> None:
    os.write(pipe, line.encode())
