"""Plain records that any source of a blog is read into, and the report of a move."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Note:
    """A sentence about a source and, where there is one, the place it is about."""

    sentence: str
    path: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.sentence}" if place else self.sentence


class SourceRefused(Exception):
    """A source that cannot be read; `notes` say where and why, one for each file."""

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = list(notes)
        super().__init__("\n".join(str(note) for note in self.notes))


@dataclass
class ResponseRecord:
    """Something said below a post: a comment or a ping.

    `text` is what a comment stores: text with WordPress's few tags. A reader of
    plain text escapes it. `parent` is the guid of what it answers, which stands
    before it in the list; None where the source does not tell.
    """

    guid: str
    number: int
    text: str
    created_at: datetime
    kind: str = "comment"
    author_name: str = ""  # empty: lost
    date_is_estimated: bool = False
    parent: str | None = None
    source_site: str = ""
    source_title: str = ""
    source_url: str = ""
    categories: list[str] = field(default_factory=list)
    origin: str = ""  # the name of the file it stood in


@dataclass
class PostRecord:
    """A post or page. `guid` names it for ever: reading it again doubles nothing.

    `published_at` is aware. Where the source tells only the day, the time keeps
    the order and `time_is_known` is False. `categories` are paths of names, from
    the top down. `author` is a login, empty where nobody was named.
    """

    guid: str
    title: str
    body: str  # HTML
    published_at: datetime
    date_is_estimated: bool = False
    time_is_known: bool = True
    updated_at: datetime | None = None  # None: never, since it was published
    slug: str = ""
    author: str = ""
    excerpt: str = ""
    kind: str = "post"
    status: str = "published"
    categories: list[tuple[str, ...]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    responses: list[ResponseRecord] = field(default_factory=list)
    origin: str = ""


@dataclass
class BlogRecord:
    """All that was read from one source, and what its reader was unsure of."""

    posts: list[PostRecord] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)


class Fate(StrEnum):
    """What became of a record."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "already here"
    LEFT = "left as it is: edited here"


@dataclass
class Report:
    """How many records met which fate; responses are counted by their kind."""

    posts: Counter[Fate] = field(default_factory=Counter)
    responses: dict[str, Counter[Fate]] = field(default_factory=dict)
    warnings: list[Note] = field(default_factory=list)

    def count_response(self, kind: str, fate: Fate) -> None:
        self.responses.setdefault(kind, Counter())[fate] += 1
