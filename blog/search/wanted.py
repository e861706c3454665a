"""What is looked for in the index, and what is found there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from blog.search.entries import OBJECT_BITS, first_key
from blog.search.groups import Group, Phrase

# What of an entry's words is read for ranking it: its head, and how its text begins.
HEAD_SIGNS = 2000


@dataclass
class Wanted:
    """What an entry is to have: all of `groups`, all `facets`, nothing of `without`."""

    groups: list[Group]
    without: list[Phrase] = field(default_factory=list)
    # Each a choice of facets.
    facets: list[Sequence[str]] = field(default_factory=list)
    since: datetime | None = None
    before: datetime | None = None

    @property
    def required(self) -> list[Group]:
        """The groups, and the choices of facets as entries have them."""
        choices = [tuple((f"/{facet}",) for facet in each) for each in self.facets]
        return [*self.groups, *map(Group, choices)]

    def keys(self, column: str) -> tuple[str, list[int]]:
        """The SQL that asks for its time, behind other conditions."""
        sql, params = "", []
        for sign, at in ((">=", self.since), ("<", self.before)):
            if at is not None:
                sql += f" AND {column} {sign} %s"
                params.append(first_key(at))
        return sql, params


class Found(NamedTuple):
    """An entry, and the beginning of its words."""

    key: int
    object_id: int
    head: str

    @property
    def second(self) -> int:
        """Of its text's date, as `entries.second_of` counts them."""
        return self.key >> OBJECT_BITS
