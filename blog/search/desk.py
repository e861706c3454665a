"""Narrowing a list of the desk to what has some words, whatever its state."""

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest

from blog.search import candidates, forms, index
from blog.search.question import understood
from blog.search.sources import named
from blog.search.wanted import Wanted


def narrowed(rows: QuerySet, source: str, text: str) -> QuerySet:
    """Those of `rows`, objects of that source, with the words; the last may be begun.

    Three queries more, and one with the rows. None where nothing is asked for.
    """
    index.catch_up()
    question = understood(text)
    if question.is_empty:
        return rows.none()
    wanted = Wanted(
        forms.groups_of(question, typing=True),
        [term.words for term in question.without],
    )
    sql, params = candidates.matching(named(source), wanted)
    return rows.filter(pk__in=RawSQL(sql, params))  # noqa: S611


class SearchedByWords:
    """For an admin: its list is searched by the index. `search_source` names whose."""

    search_source = ""
    # Django asks for some where a list can be searched at all.
    search_fields: Sequence[str] = ["pk"]
    get_queryset: Callable[[HttpRequest], QuerySet]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        found = narrowed(queryset, self.search_source, search_term)
        if exactly := self.found_exactly(search_term.strip()):
            found = found | queryset.filter(exactly)
        return found, False

    def found_exactly(self, text: str) -> Q | None:
        """What else answers `text`, where it is no words but an address or so."""
        return None
