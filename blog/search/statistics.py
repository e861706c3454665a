"""What PostgreSQL knows of its entries: how many have which words, and of what time."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection

from blog.search.groups import Phrase
from blog.search.schema import lexeme_statistics, public_index
from blog.search.sources import Source, sources, table_of
from blog.search.wanted import Wanted

# A phrase stands in so large a part of the texts that have all of its words, for each
# word but one: a hopeful guess, for what is not enough costs less than what is too much.
PHRASE_SHARE = 0.2
MIN_BOUNDS = 21
# They change slowly, and only ever say which way is the quicker one.
FRESH_SECONDS = 600


@dataclass(frozen=True)
class Odds:
    """How large a part of all texts is likely to have all that is asked for.

    `named`: and to have all of its words, phrase or no phrase; `rarest`: and the part of
    it that fewest have. As if words were strangers.
    """

    share: float = 1.0
    named: float = 1.0
    rarest: float = 1.0


@dataclass(frozen=True)
class Statistics:
    """Of one source's public entries, as far as PostgreSQL has looked at them.

    `bounds`: keys that part them in stretches of as many entries each. `shares`: how
    large a part of them has a word; one that is not in it is rarer than any that is.
    """

    count: float = 0.0
    bounds: Sequence[int] = ()
    shares: dict[str, float] = field(default_factory=dict)

    def odds(self, wanted: Wanted) -> Odds | None:
        """None where it is a few for sure, or nothing is known."""
        if len(self.bounds) < MIN_BOUNDS:
            return None
        named, rarest, phrases = 1.0, 1.0, 1.0
        for group in wanted.required:
            either = min(1.0, sum(map(self._share, group.phrases)))
            if not either:
                return None
            rarest = min(rarest, either)
            named *= either
            phrases *= PHRASE_SHARE ** (len(group.phrases[0]) - 1)
        for phrase in wanted.without:
            if len(phrase) == 1:
                named *= max(0.01, 1 - self._share(phrase))
        return Odds(named * phrases, named, rarest)

    def _share(self, phrase: Phrase) -> float:
        return min(self.shares.get(word, 0.0) for word in phrase)

    @property
    def least(self) -> float:
        """How many entries there are in one of the stretches that are told apart."""
        return self.count / max(1, len(self.bounds) - 1)

    def newest(self, share: float) -> int:
        """The key above which about so large a part of all entries stands."""
        last = len(self.bounds) - 1
        return self.bounds[last - max(1, round(last * share))]


def of(source: Source) -> Statistics:
    """What was known some minutes ago at most: one query then."""
    return _looked_up(source, int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=8)
def _looked_up(source: Source, _when: int) -> Statistics:
    index, lexemes = public_index(source), lexeme_statistics(source)
    sql = """
        SELECT reltuples,
            (SELECT histogram_bounds::text::bigint[] FROM pg_stats
                WHERE schemaname = current_schema() AND tablename = %s
                AND attname = 'id'),
            (SELECT json_object_agg(word, share) FILTER (WHERE word IS NOT NULL)
                FROM pg_stats_ext_exprs, unnest(
                    most_common_elems::text::text[], most_common_elem_freqs
                ) AS known(word, share)
                WHERE statistics_schemaname = current_schema()
                AND statistics_name = %s)
        FROM pg_class WHERE oid = to_regclass(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [table_of(source.entry), lexemes, index])
        count, bounds, shares = cursor.fetchone() or (0.0, None, None)
    return Statistics(count, bounds or (), shares or {})


forget = _looked_up.cache_clear


def look_anew() -> None:
    """After many were entered. PostgreSQL would do so by itself, but minutes later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for source in sources():
                cursor.execute(f"ANALYZE {table_of(source.entry)}")
        forget()
