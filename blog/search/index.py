"""Keeping the index: what the queue names is entered anew, in small bites.

Whoever searches does a little first; an import ends with the rest, or a worker does it.
"""

import time
from collections.abc import Callable
from contextlib import suppress

from blog.models.search import SearchQueue
from blog.search import queue, statistics, vocabulary
from blog.search.entering import enter
from blog.search.making import maker
from blog.search.many import MIN_TEXTS, enter_all
from blog.search.queue import LANGUAGE, LATER, Waiting, due, set_aside
from blog.search.sources import Source, sources
from blog.search.turns import Busy, alone

__all__ = ["LATER", "catch_up", "finish", "set_aside", "work", "work_a_while"]

# So many texts a search enters itself, the newest written first.
SEARCH_BITE = 100
BITE = 500
WORK_SECONDS = 20


def catch_up() -> None:
    """Enter what was written last, before something is looked for. One query if none.

    Where somebody else writes for long, what was entered so far has to do.
    """
    try:
        if due().exists():
            take_bite(SEARCH_BITE)
    except Busy:
        pass


def work(until: Callable[[], bool] = lambda: False) -> int:
    """Enter all that is queued, bite by bite; how many rows of the queue that was."""
    done = 0
    while due().exists() and not until():
        try:
            _find_stems_anew()
            done += take_bite(BITE)
        except Busy:
            continue
    return done


def work_a_while() -> int:
    """As `work`, for at most WORK_SECONDS: there are other things to do."""
    end = time.monotonic() + WORK_SECONDS
    return work(until=lambda: time.monotonic() > end)


def finish(told: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Enter all that is queued, each text once; how many texts that was.

    What an import ends with. `told` is called after each bite with how many texts are
    entered, and how many are known to be. Killed anywhere, what is left stays queued.
    """
    done = 0
    while due().exists():
        try:
            _find_stems_anew()
            with alone():
                queue.unfold()
        except Busy:
            continue
        done = _enter_waiting(done, told)
    if done > BITE:
        statistics.look_anew()
    return done


def _enter_waiting(done: int, told: Callable[[int, int], object]) -> int:
    """Enter what waits by now; how many texts are entered with those that were."""
    waiting = {source: Waiting(source) for source in sources()}
    count = sum(texts.count for texts in waiting.values())
    total = done + count
    with maker(is_many=count >= MIN_TEXTS) as made, suppress(Busy):
        for source, texts in waiting.items():
            for bite in enter_all(source, texts.parts(source.at_once), made):
                done += bite.texts
                told(done, total)
    return done


def take_bite(limit: int) -> int:
    """Enter what the last `limit` rows of the queue name. Raises Busy."""
    with alone():
        waiting = due().exclude(source=LANGUAGE)
        if limit < BITE:  # all of a source is nothing to be queued while somebody waits
            waiting = waiting.exclude(object_id=0)
        rows = list(
            waiting.order_by("-pk").values_list("pk", "source", "object_id")[:limit]
        )
        told: dict[str, set[int]] = {}
        for _, name, pk in rows:
            told.setdefault(name, set()).add(pk)
        broken = {}
        for source in sources():
            _unfold(source, told)
            pks = sorted(told.get(source.name, set()) - {0})
            broken[source] = enter(source, pks).broken
        queue.forget([pk for pk, _, _ in rows])
        for source, pks in broken.items():
            queue.put_aside(source, pks)
    return len(rows)


def _find_stems_anew() -> None:
    """Where the blog speaks another language now. No search waits for it."""
    rows = SearchQueue.objects.filter(source=LANGUAGE)
    if rows.exists():
        with alone():
            pks = list(rows.values_list("pk", flat=True))
            vocabulary.find_stems()
            queue.forget(pks)


def _unfold(source: Source, told: dict[str, set[int]]) -> None:
    """Queue what many are concerned by, or enter it at once where it is a few."""
    own = told.setdefault(source.name, set())
    if 0 in own:
        queue.put_all(source)
    for name, concerned in source.through.items():
        if name in told:
            pks = concerned(sorted(told[name]))
            few = list(pks[:SEARCH_BITE])
            own.update(few)
            if len(few) == SEARCH_BITE:
                queue.put(source, pks)
