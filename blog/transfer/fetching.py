"""Files of the old blog are fetched from where they lie: a few at once, politely.

What is known of each stands in its row, so whoever fetches may be ended anywhere. A row
is claimed by counting its try; one that could not be had is due again later.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from blog import images
from blog.fetch import (
    Answer,
    FetchError,
    TooLarge,
    UnknownHost,
    UnsafeURL,
    fetch,
)
from blog.images import UploadRefused
from blog.models import OldFile
from blog.old_names import host_of
from blog.transfer import arriving

AT_ONCE = 4
AT_ONCE_PER_HOST = 2
# Between two questions to one host.
PAUSE_SECONDS = 0.1
# For all of a file, however many bytes it has.
SECONDS = 90.0
# Who asks to be left alone for longer is asked another time.
MAX_WAIT_SECONDS = 60.0
# When it has failed so often, one after the other, a host is left alone for a while.
MAX_FAILURES = 6
# Of one file, while one runs.
MAX_TRIES_AT_ONCE = 3
# A minute, ten minutes, an hour, six hours, a day: then it is missing.
BACK_OFF_SECONDS = (60, 600, 3600, 21_600, 86_400)
# How long whoever has claimed a file is left alone with it.
CLAIM = timedelta(minutes=15)
# So that who waits for the worker waits a moment only.
SWEEP_SECONDS = 15.0
_LOOK_AHEAD = 100
_GONE = frozenset({404, 410})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})

Told = Callable[[], object]


class NotThere(Exception):
    """There is no such file, or none that may be had; the message says why."""


class NotNow(Exception):
    """It may be had another time, after so many `seconds` if the other side said it."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass
class _Host:
    """How a host has been while we ask it."""

    asked: int = 0  # at this moment
    failures: int = 0
    free_at: float = 0.0  # by the monotonic clock
    is_given_up: bool = False
    reason: str = ""


@dataclass
class _Errand:
    row: OldFile
    host: _Host
    tries: int = field(default=0)


def sweep() -> int:
    """Fetch some of what is due; how many were looked at. One query if nothing is."""
    due = OldFile.objects.to_come().filter(next_try_at__lte=timezone.now())
    rows = list(due.order_by("next_try_at", "pk")[:_LOOK_AHEAD])
    if not rows:
        return 0
    return fetch_all(rows, until=time.monotonic() + SWEEP_SECONDS)


def fetch_all(
    rows: Iterable[OldFile],
    told: Told = lambda: None,
    until: float | None = None,
) -> int:
    """Fetch these, and store what comes; how many were looked at.

    `told` is called after each. After `until`, by the monotonic clock, none is begun.
    """
    return _Run(rows, told, until).run()


class _Run:
    """Threads ask; whoever called stores what comes, and alone touches the database."""

    def __init__(
        self, rows: Iterable[OldFile], told: Told, until: float | None
    ) -> None:
        self._rows: Iterator[OldFile] = iter(rows)
        self._told = told
        self._until = until
        self._hosts: dict[str, _Host] = {}
        self._ready: list[_Errand] = []
        self._asking: dict[Future[bytes], _Errand] = {}
        self._language = translation.get_language()
        self._count = 0

    def run(self) -> int:
        with ThreadPoolExecutor(AT_ONCE, "old-files") as pool:
            while self._fill() or self._asking:
                self._begin(pool)
                if not self._asking:
                    self._pause()
                    continue
                done, _ = wait(self._asking, self._until_next(), FIRST_COMPLETED)
                for future in done:
                    self._end(future)
        return self._count

    def _fill(self) -> bool:
        """Whether there is something to be begun."""
        if self._until is not None and time.monotonic() > self._until:
            self._ready.clear()
            return False
        while len(self._ready) < _LOOK_AHEAD:
            row = next(self._rows, None)
            if row is None:
                break
            host = self._hosts.setdefault(host_of(row.url), _Host())
            self._ready.append(_Errand(row, host))
        return bool(self._ready)

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        with transaction.atomic():  # one for all that are given up with their host
            for errand in [one for one in self._ready if one.host.is_given_up]:
                self._ready.remove(errand)
                self._leave(errand, errand.host.reason, None)
        for errand in list(self._ready):
            host = errand.host
            if len(self._asking) >= AT_ONCE:
                return
            if host.asked < AT_ONCE_PER_HOST and host.free_at <= time.monotonic():
                self._ready.remove(errand)
                if errand.row.media is not None:  # it is here, but not in all texts
                    arriving.came(errand.row, errand.row.media)
                elif errand.tries or _claim(errand.row):
                    self._ask(pool, errand)

    def _ask(self, pool: ThreadPoolExecutor, errand: _Errand) -> None:
        errand.host.asked += 1
        errand.host.free_at = time.monotonic() + PAUSE_SECONDS
        errand.tries += 1
        row = errand.row
        future = pool.submit(_ask_in, self._language, row.url, row.shown_url)
        self._asking[future] = errand

    def _until_next(self) -> float | None:
        """Seconds until another may be begun beside those that are asked for."""
        if len(self._asking) >= AT_ONCE or not self._ready:
            return None
        free_at = [
            errand.host.free_at
            for errand in self._ready
            if errand.host.asked < AT_ONCE_PER_HOST
        ]
        return max(0.0, min(free_at) - time.monotonic()) if free_at else None

    def _pause(self) -> None:
        free_at = min((one.host.free_at for one in self._ready), default=0.0)
        # A second at most: it may be time to end.
        time.sleep(min(1.0, max(0.0, free_at - time.monotonic())))

    def _end(self, future: Future[bytes]) -> None:
        errand = self._asking.pop(future)
        host, row = errand.host, errand.row
        host.asked -= 1
        try:
            data = future.result()
            host.failures = 0
            arriving.take(row, data)
        except NotNow as error:
            self._later(errand, error)
            return
        except (NotThere, UploadRefused) as error:
            host.failures = 0
            arriving.set_aside(row, str(error))
        except OSError as error:  # the storage takes nothing just now
            self._leave(errand, str(error), None)
            return
        self._count += 1
        self._told()

    def _later(self, errand: _Errand, error: NotNow) -> None:
        """Once more in a while, if that is soon; else another time."""
        host = errand.host
        host.failures += 1
        seconds = error.seconds
        if seconds is None:
            seconds = float(2**errand.tries) * PAUSE_SECONDS
        host.free_at = max(
            host.free_at, time.monotonic() + min(seconds, MAX_WAIT_SECONDS)
        )
        if host.failures >= MAX_FAILURES or seconds > MAX_WAIT_SECONDS:
            host.is_given_up, host.reason = True, str(error)
        if host.is_given_up or errand.tries >= MAX_TRIES_AT_ONCE:
            self._leave(errand, str(error), error.seconds)
        else:
            self._ready.append(errand)

    def _leave(self, errand: _Errand, reason: str, seconds: float | None) -> None:
        """It is due another time, unless that was often enough."""
        row = errand.row
        tries = max(row.tries, 1)
        next_try_at: datetime | None = None
        if tries <= len(BACK_OFF_SECONDS):
            wait_for = max(BACK_OFF_SECONDS[tries - 1], seconds or 0)
            next_try_at = timezone.now() + timedelta(seconds=wait_for)
        arriving.set_aside(row, reason, next_try_at)
        self._count += 1
        self._told()


def _claim(row: OldFile) -> bool:
    """Whether it is ours for a while: counted before, so that it comes to an end."""
    seen = OldFile.objects.filter(pk=row.pk, tries=row.tries, media=None)
    is_ours = seen.exclude(state=OldFile.State.LEFT).update(
        tries=row.tries + 1,
        state=OldFile.State.WAITING,
        next_try_at=timezone.now() + CLAIM,
    )
    row.tries += 1
    return bool(is_ours)


def _ask_in(language: str | None, *urls: str) -> bytes:
    """In a thread of its own, which knows no language yet."""
    with translation.override(language):
        return ask(*urls)


def ask(*urls: str) -> bytes:
    """The bytes at the first of these at which there are any.

    Raises NotThere or NotNow.
    """
    reason = ""
    for url in filter(None, urls):
        answer = _answer(url)
        if answer.is_ok:
            return _file(answer)
        if answer.status in _BUSY:
            raise NotNow(_said(answer), _seconds_asked(answer))
        reason = reason or _said(answer)
    raise NotThere(reason)


def _answer(url: str) -> Answer:
    try:
        return fetch(
            url,
            asked_by="moving a blog here, with its files",
            max_bytes=images.MAX_UPLOAD_BYTES,
            seconds=SECONDS,
        )
    except TooLarge:
        limit = images.MAX_UPLOAD_BYTES // 2**20
        raise NotThere(
            gettext("The file is larger than %(limit)s MB.") % {"limit": limit}
        ) from None
    except UnsafeURL as error:
        raise NotThere(str(error)) from error
    except UnknownHost as error:
        # No name: nothing is gained by asking again at once.
        raise NotNow(str(error), MAX_WAIT_SECONDS + 1) from error
    except FetchError as error:
        raise NotNow(str(error)) from error


def _file(answer: Answer) -> bytes:
    """Many blogs say 200 and show a page that says that there is nothing."""
    begin = answer.body[:512].lstrip().lower()
    if begin.startswith((b"<!doctype html", b"<html")):
        raise NotThere(gettext("A page came in place of the file."))
    return answer.body


def _said(answer: Answer) -> str:
    if answer.status in _GONE:
        return gettext("The old blog does not have it any more.")
    return gettext("The old blog answered with %(status)s.") % {"status": answer.status}


def _seconds_asked(answer: Answer) -> float | None:
    """What `Retry-After` says (RFC 9110, 10.2.3), in seconds or as a date."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return float(min(int(said[:9]), 7 * 86_400))
    try:
        moment = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - timezone.now()).total_seconds())


# --- What somebody at the desk decides


def again(rows: Iterable[OldFile]) -> int:
    """Fetch these again, soon and as if for the first time; how many."""
    pks = [row.pk for row in rows]
    return OldFile.objects.filter(Q(pk__in=pks), media=None).update(
        state=OldFile.State.WAITING, reason="", tries=0, next_try_at=timezone.now()
    )


def give_up(rows: Iterable[OldFile]) -> int:
    """Texts go on showing them from where they lie; how many."""
    pks = [row.pk for row in rows]
    return OldFile.objects.filter(Q(pk__in=pks), media=None).update(
        state=OldFile.State.LEFT, next_try_at=None
    )
