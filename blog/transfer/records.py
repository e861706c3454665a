"""Plain records that any source of a blog is read into, and the report of a move."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from html import escape
from typing import Any

# Where no date is told at all.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What the columns hold.
MAX_GUID_LENGTH = 500
MAX_TITLE_LENGTH = 1000


def fitting_guid(guid: str) -> str:
    """As it is, or where that is longer than any column holds, a digest of it."""
    if len(guid) <= MAX_GUID_LENGTH:
        return guid
    return f"sha256:{sha256(guid.encode()).hexdigest()}"


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

    def __reduce__(self) -> tuple[Any, ...]:
        """By its notes, not by the words they make: it may come from another process."""
        return SourceRefused, (self.notes,), vars(self)


@dataclass
class UserRecord:
    """Somebody who wrote there. No password comes along, and no role is told."""

    login: str
    number: int | None = None
    email: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    slug: str = ""  # of their page; empty: made of the login, as in WordPress
    addresses: list[str] = field(default_factory=list)


@dataclass
class CategoryRecord:
    """A category, known by its slug; `parent` is a slug, empty at the top."""

    slug: str
    name: str
    parent: str = ""
    description: str = ""
    addresses: list[str] = field(default_factory=list)  # as of a post


@dataclass
class TagRecord:
    slug: str
    name: str
    addresses: list[str] = field(default_factory=list)


@dataclass
class MediaRecord:
    """A file, by the address it had there."""

    guid: str
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    created_at: datetime | None = None
    number: int | None = None
    link: str = ""  # the page that showed it
    path: str = ""  # where its bytes lie on this machine, if they came along
    author: str = ""  # the login of who uploaded it
    parent: int | None = None  # the number of the post it was uploaded to


@dataclass
class ResponseRecord:
    """Something said below a post: a comment or a ping.

    `text` is what a comment stores: text with WordPress's few tags. A reader of
    plain text escapes it. `parent` is the guid of what it answers, which stands
    before it in the list; None where the source does not tell.
    """

    guid: str
    text: str
    created_at: datetime
    kind: str = "comment"
    number: int | None = None  # the source's own
    state: str = "approved"
    author: str = ""  # a login, of whoever had an account there
    author_name: str = ""  # empty: lost
    author_email: str = ""
    author_url: str = ""
    ip_address: str = ""
    user_agent: str = ""
    date_is_estimated: bool = False
    parent: str | None = None
    source_site: str = ""
    source_title: str = ""
    source_url: str = ""
    categories: list[str] = field(default_factory=list)
    text_format: str = "html"  # or markdown
    rendered: str = ""  # as it is served here, where that is not what `text` is
    origin: str = ""  # the name of the file it stood in


@dataclass
class PostRecord:
    """A post or page. `guid` names it for ever: reading it again doubles nothing.

    `published_at` is aware, None where a draft never had one. Where the source tells
    only the day, the time keeps the order and `time_is_known` is False. `categories`
    and `tags` are slugs of the blog's records. `author` is a login, empty where nobody
    was named. `number`, `parent` and `lead_image` are the source's own numbers.
    """

    guid: str
    title: str
    body: str  # HTML
    published_at: datetime | None
    date_is_estimated: bool = False
    time_is_known: bool = True
    updated_at: datetime | None = None  # None: never, since it was published
    slug: str = ""
    author: str = ""
    excerpt: str = ""
    kind: str = "post"
    status: str = "published"
    password: str = ""
    is_sticky: bool = False
    comments_open: bool = True
    pings_open: bool = True
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    responses: list[ResponseRecord] = field(default_factory=list)
    number: int | None = None
    parent: int | None = None
    menu_order: int = 0
    language: str = ""  # empty: the blog's
    meta_title: str = ""
    meta_description: str = ""
    lead_image: int | None = None
    lead_image_url: str = ""  # where a source names it by its address
    # Where it was read there: paths with their query, from the first slash on.
    addresses: list[str] = field(default_factory=list)
    origin: str = ""
    line: int | None = None

    @property
    def written_at(self) -> datetime:
        """When it was published; of what never was, when it last changed."""
        return self.published_at or self.updated_at or EPOCH


def with_fitting_title(post: PostRecord) -> PostRecord:
    """As it is, or with the whole of a title no column holds above its text."""
    if len(post.title) <= MAX_TITLE_LENGTH:
        return post
    begin = post.title[: MAX_TITLE_LENGTH - 1].rstrip()
    whole = f"<p>{escape(post.title, quote=False)}</p>\n"
    return replace(post, title=f"{begin}…", body=whole + post.body)


@dataclass
class BlogRecord:
    """All that was read from one source, and what its reader was unsure of.

    A large source gives its posts one by one, while they are asked for, each once;
    warnings grow with them.
    """

    posts: Iterable[PostRecord] = field(default_factory=list)
    title: str = ""
    tagline: str = ""
    url: str = ""
    folder: str = ""  # on this machine; it tells the files of a blog without an address
    language: str = ""
    users: list[UserRecord] = field(default_factory=list)
    categories: list[CategoryRecord] = field(default_factory=list)
    tags: list[TagRecord] = field(default_factory=list)
    media: list[MediaRecord] = field(default_factory=list)
    post_count: int | None = None
    warnings: list[Note] = field(default_factory=list)


class Fate(StrEnum):
    """What became of a record."""

    NEW = "new"
    UPDATED = "updated"
    SAME = "already here"
    LEFT = "left as it is: edited here"


@dataclass
class Census:
    """What a source holds: posts by kind and status, responses by kind and state.

    `levels` is how deep the deepest thread is: 1 where nobody answers an answer.
    """

    posts: Counter[tuple[str, str]] = field(default_factory=Counter)
    responses: Counter[tuple[str, str]] = field(default_factory=Counter)
    levels: int = 0

    def add(self, post: PostRecord) -> None:
        self.posts[post.kind, post.status] += 1
        level_of: dict[str, int] = {}
        for response in post.responses:
            self.responses[response.kind, response.state] += 1
            # It stands behind what it answers; else it answers the post.
            level_of[response.guid] = level_of.get(response.parent or "", 0) + 1
        self.levels = max(self.levels, *level_of.values(), 0)


@dataclass
class Report:
    """How many records met which fate; responses are counted by their kind."""

    census: Census = field(default_factory=Census)
    posts: Counter[Fate] = field(default_factory=Counter)
    # What had to be made for them, by what it is: accounts, categories, tags.
    made: Counter[str] = field(default_factory=Counter)
    responses: dict[str, Counter[Fate]] = field(default_factory=dict)
    # Responses whose number somebody has here.
    renumbered: int = 0
    files: Counter[str] = field(default_factory=Counter)
    # Where each lay that is not here in the end, and why.
    missing_files: list[tuple[str, str]] = field(default_factory=list)
    # What had to be guessed, a sentence each.
    doubts: list[str] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    # How long each stage took.
    seconds: dict[str, float] = field(default_factory=dict)

    def count_response(self, kind: str, fate: Fate) -> None:
        self.responses.setdefault(kind, Counter())[fate] += 1
