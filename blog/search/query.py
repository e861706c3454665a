"""What is found for what somebody typed: the door of the search.

Any text at all is an answerable question, if only by "nothing". What is shown is read
from the posts and comments themselves, as they are now; the index only says which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from django.utils import timezone

from blog.models import Category, User
from blog.search import candidates, forms, index
from blog.search.groups import Group
from blog.search.question import Question, understood
from blog.search.ranking import Scale
from blog.search.results import Filters, Hit, Results
from blog.search.sources import Source, sources
from blog.search.suggesting import suggest
from blog.search.wanted import Found, Wanted

__all__ = ["search", "suggest"]

# So many of each source are looked at and ranked, the newest; and so many titles.
MAX_CANDIDATES = 250
MAX_TITLES = 100


class Ranked(NamedTuple):
    """Something found, and how well it answers."""

    score: float
    found: Found
    source: Source


def search(
    text: str,
    *,
    kind: str = "",
    category: Category | None = None,
    year: int | None = None,
    author: User | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Results:
    """What everybody may read of what has these words. About nine queries.

    `kind`: post, page or comment; any other finds nothing. Never raises, whatever
    stands in `text`.
    """
    index.catch_up()
    question = understood(text)
    without = tuple(term.words for term in question.without)
    filters = Filters(kind, category, year, author, without)
    if question.is_empty:
        return Results(page=page)
    groups = forms.groups_of(question)
    ranked, is_least = _ranked(groups, filters)
    meant = ""
    if not ranked:
        groups = forms.loosened(question)
        ranked, is_least = _ranked(groups, filters)
    if not ranked:
        meant = _meant(text, question, filters)
    start = (max(1, page) - 1) * per_page
    shown = ranked[start : start + per_page]
    return Results(
        hits=_hits(shown, groups),
        page=page,
        has_more=len(ranked) > start + per_page,
        count=len(ranked),
        count_is_least=is_least,
        meant=meant,
    )


def _ranked(groups: Sequence[Group], filters: Filters) -> tuple[list[Ranked], bool]:
    """All that is looked at, the best first; and whether there may be more."""
    period = _period(filters.year)
    if period is None:
        return [], False
    ranked: list[Ranked] = []
    is_least = False
    wanted = Wanted(
        list(groups),
        list(filters.without),
        since=period[0],
        before=period[1],
    )
    scale = Scale(groups, timezone.now())
    for source in sources():
        found, is_cut = _found(source, wanted, filters)
        is_least |= is_cut
        ranked += [Ranked(scale.score(one), one, source) for one in found]
    ranked.sort(key=lambda one: (one.score, one.found.key), reverse=True)
    return ranked, is_least


def _found(
    source: Source, wanted: Wanted, filters: Filters
) -> tuple[Iterable[Found], bool]:
    """Of one source the newest, and the newest of those that have it in their titles."""
    narrowed = source.narrowed(filters)
    if narrowed is None:
        return [], False
    wanted = replace(wanted, facets=narrowed.facets)
    newest, is_cut = candidates.find(source, wanted, narrowed.visible, MAX_CANDIDATES)
    if not is_cut:
        return newest, False
    groups = [group.in_title() for group in wanted.groups]
    groups += [group for group in wanted.groups if len(group.phrases[0]) > 1]
    wanted = replace(wanted, groups=groups)
    titles, _ = candidates.find(source, wanted, narrowed.visible, MAX_TITLES)
    return {one.key: one for one in [*newest, *titles]}.values(), True


def _period(year: int | None) -> tuple[datetime | None, datetime | None] | None:
    """From when until when; None where there is no such year."""
    if year is None:
        return None, None
    if not 1 < year < 9999:
        return None
    first, last = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    own = timezone.get_default_timezone()
    return first.replace(tzinfo=own), last.replace(tzinfo=own)


def _meant(text: str, question: Question, filters: Filters) -> str:
    """`text` with the words mended that do not occur, if that finds something."""
    words = [term.words[0] for term in question.terms if len(term.words) == 1]
    mended = {word: near[0] for word, near in forms.mended(words).items() if near}
    better = forms.replaced(text, mended)
    if better == text:
        return ""
    again = understood(better)
    found, _ = _ranked(forms.groups_of(again), filters)
    return better if found else ""


def _hits(shown: Sequence[Ranked], groups: Sequence[Group]) -> list[Hit]:
    """As they are now: what is gone by this moment is left out."""
    hits: dict[tuple[Source, int], Hit] = {}
    for source in sources():
        pks = [one.found.object_id for one in shown if one.source is source]
        if pks:
            told = source.hits(pks, groups)
            hits |= {(source, pk): hit for pk, hit in told.items()}
    keys = ((one.source, one.found.object_id) for one in shown)
    return [hits[key] for key in keys if key in hits]
