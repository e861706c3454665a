"""What feeds say, whatever their format: a channel and its entries."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

# What an empty feed says of when it changed: the same whenever it is asked.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    """A file that comes with an entry. `address` is whole, `size` in bytes."""

    address: str
    mime_type: str
    size: int


@dataclass(frozen=True)
class Answers:
    """The talk below an entry; addresses are whole."""

    page: str
    feed: str
    count: int
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """What feeds say of one post or comment. Addresses are whole, texts are plain.

    `content` alone is HTML; where it is empty, feeds carry the `summary`.
    """

    guid: str
    address: str
    title: str
    summary: str
    content: str
    published_at: datetime
    updated_at: datetime
    author: str = ""
    author_address: str = ""
    language: str = ""
    subjects: tuple[str, ...] = ()
    picture: str = ""
    files: tuple[File, ...] = ()
    answers: Answers | None = None
    # Guid and address of what it answers.
    answered: tuple[str, str] | None = None

    @property
    def changed_at(self) -> datetime:
        """When anything that is said here last changed, the talk below included."""
        talk = self.answers.changed_at if self.answers else None
        return max(self.updated_at, talk or self.updated_at)


@dataclass(frozen=True)
class Written:
    """An entry as a format has it, and the moments its feed is dated by."""

    text: str
    updated_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Channel:
    """A feed as such. `address` is the page it belongs to; both are whole."""

    title: str
    address: str
    own_address: str
    # The same without a number: what the feed is known by.
    feed_address: str
    about: str
    language: str
    author: str
    entries: list[Written] = field(default_factory=list)
    # The icon of the blog, small and large.
    icons: tuple[str, ...] = ()
    # The style sheet of the blog, for who opens the feed in a browser.
    sheet: str = ""
    # Who tells subscribers of news: WebSub's.
    hub: str = ""
    # Of the same feed, by RFC 5005: with the entries before these, and those after.
    older: str = ""
    newer: str = ""

    @property
    def changed_at(self) -> datetime:
        return max((entry.changed_at for entry in self.entries), default=NEVER)

    @property
    def updated_at(self) -> datetime:
        return max((entry.updated_at for entry in self.entries), default=NEVER)
