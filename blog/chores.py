"""Things done now and then: each is done once when it is due, by whoever looks first."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from blog import languages
from blog.models import Chore

logger = logging.getLogger("quillback.chores")

# A chore that failed is tried again this soon, if it isn't due sooner.
RETRY_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Duty:
    """What is to be done, and how often. Doing it twice must do no harm."""

    name: str
    every: timedelta
    do: Callable[[], object]


def do_due(duties: Iterable[Duty]) -> list[str]:
    """Do what is due; the names of what was done. One query if nothing is.

    Any number of processes may call this at once: each chore is claimed by moving
    its due time on. One that fails is logged and tried again.
    """
    now = timezone.now()
    waiting = set(Chore.objects.filter(due_at__gt=now).values_list("name", flat=True))
    due = [duty for duty in duties if duty.name not in waiting]
    return [duty.name for duty in due if _claim(duty) and _do(duty)]


def _claim(duty: Duty) -> bool:
    now = timezone.now()
    new = Chore(name=duty.name, due_at=now)
    Chore.objects.bulk_create([new], ignore_conflicts=True)
    due = Chore.objects.filter(name=duty.name, due_at__lte=now)
    return due.update(due_at=now + duty.every) == 1


def _do(duty: Duty) -> bool:
    try:
        with languages.blogs(languages.of_blog()):
            duty.do()
    except Exception:
        logger.exception("The chore “%s” failed.", duty.name)
        soon = timezone.now() + min(duty.every, RETRY_AFTER)
        Chore.objects.filter(name=duty.name, due_at__gt=soon).update(due_at=soon)
        return False
    return True
