"""Tasks that are tried again when the world was not ready for them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

# A minute, ten minutes, an hour, six hours.
BACK_OFF_SECONDS = (60, 600, 3600, 21_600)


def retried(
    *errors: type[Exception], after: Sequence[int] = BACK_OFF_SECONDS
) -> Callable:
    """Stands below `@task()`: on one of `errors` the task is enqueued again, later.

    So many seconds later as `after` says, one entry for each attempt; when it is
    used up, the error is raised and the task has failed.
    """

    def decorate(function: Callable) -> Callable:
        @wraps(function)
        def attempt(*args: Any, tries: int = 0, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except errors:
                if tries >= len(after):
                    raise
            task = import_string(f"{function.__module__}.{function.__qualname__}")
            due = timezone.now() + timedelta(seconds=after[tries])
            task.using(run_after=due).enqueue(*args, tries=tries + 1, **kwargs)
            return None

        return attempt

    return decorate
