"""`manage.py serve`: the blog on granian, as it runs in production."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import static_files
from config.serving.ports import Taken, refuse_taken
from config.worker import WORKER_VARIABLE

DEFAULT_BIND = "127.0.0.1:8000"
THREADS_PER_WORKER = 4
# What a request may still take when the server is told to stop.
STOP_SECONDS = 5
# Connections the kernel may hold while every thread is busy.
BACKLOG = 1024


class Command(BaseCommand):
    help = "Serves the blog with granian until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default=DEFAULT_BIND, metavar="HOST:PORT")
        parser.add_argument(
            "--workers",
            type=int,
            default=_cores(),
            help="Processes that answer; without it one for each core.",
        )
        parser.add_argument("--threads", type=int, default=THREADS_PER_WORKER)
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="Leave the tasks to `manage.py db_worker` processes of your own.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = _split(options["bind"])
        try:
            refuse_taken(host, port)
        except Taken as taken:
            raise CommandError(str(taken)) from taken
        _refuse_unmigrated()
        static_files.collect_if_changed()
        # What this process opened must not be shared with the workers it forks.
        connection.close()
        os.environ[WORKER_VARIABLE] = "0" if options["no_worker"] else "1"
        self.stdout.write(f"Quillback is at http://{host}:{port}/ (Ctrl-C ends it)")
        _run(host, port, options["workers"], options["threads"])


def _run(host: str, port: int, workers: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        # A worker asked to stop before it listens for signals would never hear it.
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


def _split(bind: str) -> tuple[str, int]:
    host, colon, port = bind.rpartition(":")
    host = host.strip("[]")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"--bind takes HOST:PORT, such as {DEFAULT_BIND}.")
    return host or "0.0.0.0", int(port)  # noqa: S104  asked for by an empty host


def _cores() -> int:
    """Those this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _refuse_unmigrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "The database is older than this version. Run: python manage.py migrate"
        )
