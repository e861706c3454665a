"""`manage.py serve`: the blog on granian, as it runs in production."""

import os
import resource
import socket
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from config import shared_pages, static_files
from config.serving import ports
from config.serving.supervisor import (
    SOCKETS_VARIABLE,
    WORKERS_VARIABLE,
    Supervisor,
)
from config.worker import WORKER_VARIABLE

DEFAULT_BIND = "127.0.0.1:8000"
THREADS_PER_WORKER = 4
# Of the files a process may have open, those that are no connections.
OTHER_FILES = 256
MAX_CONNECTIONS = 32 * 1024


class Command(BaseCommand):
    help = "Serves the blog with granian until Ctrl-C; reloads on SIGHUP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=DEFAULT_BIND, metavar="HOST:PORT")
        parser.add_argument(
            "--workers",
            type=_count,
            default=_cores(),
            help="Processes that answer; without it one for each core.",
        )
        parser.add_argument("--threads", type=_count, default=THREADS_PER_WORKER)
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="Leave the tasks to `manage.py db_worker` processes of your own.",
        )
        parser.add_argument(
            "--access-log",
            action="store_true",
            help="Write a line for each request, without whole IP addresses or keys.",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Collect static files; then only say, by the exit code, if it would serve.",
        )
        parser.add_argument(
            "--setup",
            action="store_true",
            help="Do first what `manage.py setup` does, with --empty if that is given.",
        )
        parser.add_argument("--empty", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = _split(options["bind"])
        left = [
            os.environ.pop(name, "") for name in (SOCKETS_VARIABLE, WORKERS_VARIABLE)
        ]
        if options["setup"] and not (left[0] or options["check"]):
            _apart(partial(call_command, "setup", empty=options["empty"]))
        _refuse_unmigrated()
        if options["check"]:
            _load()
            # It may serve already: where the disk is full, say, it goes on as it is.
            static_files.collect_if_changed(keep_old=True)
            return
        sockets = self._sockets(host, port, options["workers"], left[0])
        # What this process opened must not be shared with those it forks.
        connection.close()
        _apart(partial(static_files.collect_if_changed, keep_old=bool(left[0])))
        # The workers are forked, and have it loaded then.
        import_module(settings.ROOT_URLCONF)
        if len(sockets) > 1:
            shared_pages.open_for_all(settings.PAGE_CACHE_BYTES)
        if not left[0]:
            address = f"http://{_shown(host)}:{port}/"
            self.stdout.write(f"Quillback is at {address} (Ctrl-C ends it)")
            self.stdout.flush()
        code = Supervisor(sockets, _work(options), left[1]).run()
        _fold_in()
        sys.exit(code)

    def _sockets(
        self, host: str, port: int, count: int, left: str
    ) -> list[socket.socket]:
        if left:
            return ports.inherited(left)
        try:
            return ports.listen(host, port, count)
        except ports.Taken as taken:
            raise CommandError(str(taken)) from taken


def _fold_in() -> None:
    """SQLite's log of changes, when all have ended: the blog is one file again.

    Whoever closes the last connection does it; the workers end without closing theirs.
    """
    with suppress(Error):
        connection.ensure_connection()
        connection.close()


def _apart(do: Callable[[], object]) -> None:
    """Do it in a process of its own, which takes its memory along.

    Some 30 MB for static files, that the workers would have from this process for as
    long as they live. Raises CommandError where it did not come to its end.
    """
    doing = get_context("fork").Process(target=do)
    doing.start()
    doing.join()
    if doing.exitcode:
        raise CommandError("What has to be there before could not be made: see above.")


def _work(options: dict[str, Any]) -> Callable[..., None]:
    """What each worker does. The files it may open are as many as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = min(most - OTHER_FILES, MAX_CONNECTIONS)

    def work(listener: socket.socket, ready: Callable[[], None]) -> None:
        from config.serving.process import Options, Process

        os.environ[WORKER_VARIABLE] = "0" if options["no_worker"] else "1"
        shape = Options(
            options["threads"], connections, ports.BACKLOG, options["access_log"]
        )
        Process(_load(), shape).run(listener, ready)

    return work


def _load() -> Any:
    return import_module("config.wsgi").application


def _count(told: str) -> int:
    """With none of them nobody would ever be answered."""
    if not told.isdecimal() or int(told) < 1:
        raise ArgumentTypeError(f"{told!r} is no number from 1 on")
    return int(told)


def _split(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"--bind takes HOST:PORT, such as {DEFAULT_BIND}.")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104  asked for so


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _cores() -> int:
    """Those this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _refuse_unmigrated() -> None:
    try:
        executor = MigrationExecutor(connection)
        is_behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise CommandError(f"The database can't be read: {error}") from error
    if is_behind:
        raise CommandError(
            "The database is older than this version, or empty. "
            "Run: python manage.py setup"
        )
