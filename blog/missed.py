"""Counts the addresses at which people find nothing, for the keeper to mend.

Counted in memory and stored together, so that a flood of them costs one short
transaction in FLUSH_SECONDS. What is left in memory when a process ends is lost: it is
a count, and no more.
"""

import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from blog.models import MissedAddress
from blog.models.missed import MAX_PATH, MAX_REFERRER

logger = logging.getLogger("quillback.missed")

FLUSH_SECONDS = 10
MAX_PENDING = 100
MAX_ROWS = 2000
KEPT_DAYS = 90
# On SQLite one writer at a time: no reader waits longer for another one than this.
LOCK_MILLISECONDS = 100

# What robots try everywhere, and what browsers ask for by themselves.
_NOISE = re.compile(
    r"""/\.(?!well-known/\w+$) | /(wp-(login|admin|includes|json|config|content/plugins)
    |xmlrpc|phpmyadmin|pma|cgi-bin|vendor|actuator|autodiscover|administrator|boaform
    |eval-stdin|owa|solr|telescope|_profiler|__debug__|server-status|console|setup
    |adminer|phpinfo|shell|\.well-known)\b
    | \.(env|git|sql|bak|old|zip|gz|tar|rar|7z|ya?ml|ini|log|conf|map|exe|dll|js|css)$
    | /(favicon|apple-touch-icon|browserconfig|ads\.txt|app-ads\.txt|humans\.txt
    |security\.txt|manifest\.json|site\.webmanifest|sw\.js|wlwmanifest)
    | //|\.\.|[<>"'\\\x00-\x1f\x7f]""",
    re.VERBOSE | re.IGNORECASE,
)
_FILE_WITH_SLASH = re.compile(r"(\.\w{1,5})/$")
# Old blogs named a page by its query; there it says which.
_NAMED_BY_QUERY = re.compile(r"/$|\.(php|aspx?|cgi|pl|jsp|cfm)$", re.IGNORECASE)
_SAYS_WHICH = re.compile(
    r"^(p|page_id|id|post|article|entry|cat|m|itemid)=[\w-]{1,40}$"
)
_NOT_READ = ("/admin/", "/accounts/", "/preview/", "/static/", "/media/", "/search/")
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|scan|fetch|monitor|preview|headless|python|curl|wget"
    r"|http-?client|facebookexternalhit|archiver|validator|lighthouse",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"(Mozilla|Opera)/")


@dataclass
class Misses:
    hits: int
    first_at: datetime
    last_at: datetime
    referrer: str


class _Pending:
    """What was counted in this process and is not stored yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.misses: dict[str, Misses] = {}
        self.next_flush = 0.0


_pending = _Pending()


def note(request: HttpRequest) -> None:
    """Count that somebody found nothing. At most one transaction in FLUSH_SECONDS."""
    path = address_of(request)
    if path is None or not is_person(request):
        return
    with _pending.lock:
        _add(path, Misses(1, timezone.now(), timezone.now(), _referrer(request)))
        if time.monotonic() < _pending.next_flush:
            return
        _pending.next_flush = time.monotonic() + FLUSH_SECONDS
    flush()


def address_of(request: HttpRequest) -> str | None:
    """What is remembered of the address; None where it is no page somebody looked for."""
    path = request.path
    if request.method != "GET" or not is_page(path):
        return None
    # The slash is ours: it was asked for as /old.html.
    path = _FILE_WITH_SLASH.sub(r"\1", path)
    query = request.META.get("QUERY_STRING", "")
    if _NAMED_BY_QUERY.search(path) and _SAYS_WHICH.fullmatch(query):
        path = f"{path}?{query}"
    return path if len(path) <= MAX_PATH else None


def is_page(path: str) -> bool:
    """Whether a page of a blog may have been looked for there."""
    path = _FILE_WITH_SLASH.sub(r"\1", path)
    is_noise = len(path) > MAX_PATH or _NOISE.search(path)
    return not (is_noise or path.startswith(_NOT_READ))


def is_person(request: HttpRequest) -> bool:
    """Whether a browser says it asks for a page somebody is going to look at."""
    agent = request.headers.get("User-Agent", "")
    is_browser = bool(_BROWSER.match(agent)) and not _ROBOT.search(agent)
    purpose = request.headers.get("Sec-Purpose", "")
    wanted = request.headers.get("Sec-Fetch-Dest", "document")
    return is_browser and wanted == "document" and "prefetch" not in purpose


def flush() -> None:
    """Store what was counted; later, where somebody else is writing just now."""
    with _pending.lock:
        misses, _pending.misses = _pending.misses, {}
    if not misses:
        return
    try:
        with _without_waiting(), transaction.atomic():
            _store(misses)
    except OperationalError:
        with _pending.lock:
            for path, missed in misses.items():
                _add(path, missed)


def tidy() -> None:
    """Store what is left, and forget what nobody asked for in KEPT_DAYS."""
    flush()
    over = timezone.now() - timedelta(days=KEPT_DAYS)
    MissedAddress.objects.filter(last_at__lt=over).delete()


def _add(path: str, new: Misses) -> None:
    known = _pending.misses.get(path)
    if known:
        known.hits += new.hits
        known.last_at = max(known.last_at, new.last_at)
        known.referrer = new.referrer or known.referrer
    elif len(_pending.misses) < MAX_PENDING:
        _pending.misses[path] = new


def _referrer(request: HttpRequest) -> str:
    """The page with the link, without its query: that may say who was reading it."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return address if "\0" not in address and len(address) <= MAX_REFERRER else ""


def _store(misses: dict[str, Misses]) -> None:
    known = set(
        MissedAddress.objects.filter(path__in=misses).values_list("path", flat=True)
    )
    for path in sorted(known):  # in one order, so that two processes don't cross
        missed = misses[path]
        changes = {"hits": F("hits") + missed.hits, "last_at": missed.last_at}
        if missed.referrer:
            changes["referrer"] = missed.referrer
        MissedAddress.objects.filter(path=path).update(**changes)
    new = [
        MissedAddress(path=path, **vars(missed))
        for path, missed in misses.items()
        if path not in known
    ]
    _make_room(len(new))
    MissedAddress.objects.bulk_create(new, ignore_conflicts=True)


def _make_room(wanted: int) -> None:
    """Away with what was asked for least and longest ago."""
    over = MissedAddress.objects.count() + wanted - MAX_ROWS
    if over > 0:
        least = MissedAddress.objects.order_by("hits", "last_at").values("pk")[:over]
        MissedAddress.objects.filter(
            pk__in=list(least.values_list("pk", flat=True))
        ).delete()


@contextmanager
def _without_waiting() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    _set_patience(LOCK_MILLISECONDS)
    try:
        yield
    finally:
        _set_patience(usual)


def _set_patience(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
