"""The worker: does the tasks and the chores, in a thread of each server process.

`manage.py serve` asks for it by an environment variable; `config/wsgi.py` starts it
where requests are answered, so that a process that was forked or started anew has
its own. Any number of workers may run at once, and any may die at any moment: what
is to be done stands in rows.
"""

import logging
import os
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, close_old_connections, connections, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from blog import processes
from blog.chores import do_due
from config.chores import CHORES

logger = logging.getLogger("quillback.worker")

# Set by `serve` for the processes it starts.
WORKER_VARIABLE = "QUILLBACK_WORKER"
POLL_SECONDS = 1.0
CHORE_SECONDS = 20.0
# After a failure that is not a task's own, such as a database that is away.
REST_SECONDS = 15.0
# No task runs as long. One that seems to lost its worker, wherever that was.
STALE_AFTER = timedelta(hours=1)
# A task that ends its process each time is given up.
MAX_CLAIMS = 5


def start_if_wanted() -> None:
    """Start the worker's thread in this process, where `serve` asked for one.

    The thread ends by itself when the main thread does: at once when it is idle,
    after its task when it is not. Granian ends a process that takes longer.
    """
    if os.environ.get(WORKER_VARIABLE) == "1":
        main = threading.main_thread()
        thread = threading.Thread(target=_work_until_end_of, args=[main], name="worker")
        thread.start()


def _work_until_end_of(main: threading.Thread) -> None:
    Worker(is_wanted=main.is_alive).run()
    connections.close_all()


class Worker(DatabaseWorker):
    """The library's worker, with a cheap look before each claim, and with chores.

    The library claims with a write transaction each time it looks. On SQLite that
    would hold up, every second, whoever is writing; a look holds up nobody.
    """

    def __init__(self, is_wanted: Callable[[], bool], poll: float = POLL_SECONDS):
        super().__init__(
            queue_names=["*"],
            interval=poll,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=processes.name_here(),
            excluded_queue_names=[],
        )
        self._is_wanted = is_wanted
        self._pause = threading.Event()

    def run(self) -> None:
        """Work until it is not wanted any more."""
        until_chores = 0.0
        while self._is_wanted():
            try:
                if until_chores <= 0:
                    reset_abandoned()
                    do_due(CHORES)
                    close_old_connections()
                    until_chores = CHORE_SECONDS
                is_idle = not self._do_next()
            except Exception:
                logger.exception("The worker stumbled; it goes on in a while.")
                close_old_connections()
                self._rest(REST_SECONDS)
            else:
                if is_idle:
                    self._rest(self.interval)
                    until_chores -= self.interval

    def _do_next(self) -> bool:
        """Do one task that is due, if there is one. One query if there is none."""
        if not self._tasks().order_by().exists():
            return False
        try:
            with transaction.atomic():
                task = self._tasks().get_locked()
                if task is None:  # another worker has it
                    return False
                task.claim(self.worker_id)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            return False  # somebody writes for long; it waits
        self.run_task(task)
        close_old_connections()
        return True

    def _tasks(self):
        return DBTaskResult.objects.ready().filter(backend_name=self.backend_name)

    def _rest(self, seconds: float) -> None:
        """Sleep, but not past the end."""
        while seconds > 0 and self._is_wanted():
            self._pause.wait(min(seconds, POLL_SECONDS))
            seconds -= POLL_SECONDS


def reset_abandoned() -> int:
    """Put back the tasks whose workers are no more; how many.

    Other processes may be running theirs just now: a task is abandoned when its
    process on this machine is gone, or when it was begun longer ago than any task
    takes. Every task may be done twice: it looks at its row first.
    """
    count = 0
    long_ago = timezone.now() - STALE_AFTER
    running = DBTaskResult.objects.running().filter(backend_name="default")
    for task in running:
        is_old = task.started_at is None or task.started_at < long_ago
        if not is_old and not _is_left(task):
            continue
        is_given_up = len(task.worker_ids) >= MAX_CLAIMS
        status = TaskResultStatus.FAILED if is_given_up else TaskResultStatus.READY
        finished_at = timezone.now() if is_given_up else None
        # Only as it was seen: another process may be putting it back as well.
        seen = running.filter(pk=task.pk, started_at=task.started_at)
        count += seen.update(status=status, finished_at=finished_at)
        logger.warning("%s lost its worker: %s.", task.task_path, status.label)
    return count


def _is_left(task: DBTaskResult) -> bool:
    """Whether the last worker that had it was a process here that is no more."""
    return bool(task.worker_ids) and processes.is_gone(task.worker_ids[-1])
