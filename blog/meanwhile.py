"""What two people made of one post at the same time, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.dateparse import parse_datetime

from blog import revisions
from blog.models import Post
from blog.revisions import LABELS, State

# Not columns that hold what they are called by.
_NOT_PLAIN = ("body", "categories", "tags")


class Whose(StrEnum):
    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Meanwhile:
    """A post as one person would save it, and as others saved it since they began."""

    # What both began with; None where no revision tells.
    base: State | None
    theirs: State
    mine: State
    # What was asked for by pressing a button: its being the same before means nothing.
    asked: frozenset[str]

    @cached_property
    def names(self) -> list[str]:
        """What differs between theirs and mine, in the order of LABELS."""
        return [name for name in LABELS if not _same(name, self.theirs, self.mine)]

    def whose(self, name: str) -> Whose:
        """Who changed what differs."""
        if self.base is None:
            return Whose.UNKNOWN
        is_mine = name in self.asked or not _same(name, self.base, self.mine)
        is_theirs = not _same(name, self.base, self.theirs)
        if is_mine and is_theirs:
            return Whose.BOTH
        return Whose.MINE if is_mine else Whose.THEIRS

    @cached_property
    def theirs_alone(self) -> list[str]:
        return [name for name in self.names if self.whose(name) is Whose.THEIRS]

    @cached_property
    def is_harmless(self) -> bool:
        """Whether mine, saved as it is, replaces nothing anybody changed."""
        return all(self.whose(name) is Whose.MINE for name in self.names)

    @cached_property
    def can_keep_both(self) -> bool:
        """Whether each changed something, and none what the other one did."""
        found = {self.whose(name) for name in self.names}
        return found == {Whose.THEIRS, Whose.MINE}


def since(
    moment: datetime | None,
    post: Post,
    fields: Mapping[str, Any],
    asked: Iterable[str] = (),
) -> Meanwhile:
    """Compare `post`, as it is stored, with `fields` somebody began to change then.

    `fields` has values as a form cleans them: categories, names of tags. Two queries,
    another four for what is compared.
    """
    theirs = _stored(post)
    plain = {
        name: _plain(fields[name]) for name in theirs.values.keys() & fields.keys()
    }
    categories = theirs.category_names
    if "categories" in fields:
        categories = {category.pk: category.name for category in fields["categories"]}
    if "tags" in fields:
        plain["tags"] = sorted(fields["tags"])
    body = _text(fields.get("body", post.body))
    mine = State.made_of(theirs.values | plain, categories, body)
    before = revisions.at(post.pk, moment) if moment else None
    base = State(before.serialized_data) if before else None
    return Meanwhile(base, theirs, mine, frozenset(asked))


def _stored(post: Post) -> State:
    values = {
        name: _plain(getattr(post, name)) for name in LABELS if name not in _NOT_PLAIN
    }
    values["tags"] = sorted(post.tags.names())
    categories = dict(post.categories.values_list("pk", "name"))
    return State.made_of(values, categories, post.body)


def _plain(value: Any) -> Any:
    """As a revision has it."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, datetime) else value


def _same(name: str, one: State, other: State) -> bool:
    return _comparable(name, one) == _comparable(name, other)


def _comparable(name: str, state: State) -> Any:
    """What a form cannot change by itself is no change: line ends, seconds of a date."""
    value = state.body if name == "body" else state.values[name]
    if name == "published_at" and value:
        moment = parse_datetime(value)
        return moment and moment.astimezone(UTC).replace(second=0, microsecond=0)
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").strip()
