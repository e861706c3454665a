"""A post's conversation, read in one query and laid out flat in tree order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils.safestring import SafeString

from blog import markup
from blog.models import Post
from comments.models import Comment


class _Row(NamedTuple):
    """What a page needs of a comment. Values, not objects: a thread may be long."""

    pk: int
    parent_id: int | None
    tree_id: int
    level: int
    kind: str
    state: str
    author_id: int | None
    author_name: str
    author__display_name: str | None
    author_url: str
    body_html: str
    created_at: datetime
    date_is_estimated: bool
    source_url: str
    source_title: str
    source_site: str
    source_data: dict[str, Any]


@dataclass(slots=True)
class Response:
    """One thing somebody said, as the page shows it."""

    row: _Row
    number: int
    post_author_id: int | None
    is_visible: bool
    parent: "Response | None" = None

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def depth(self) -> int:
        """0 for an answer to the post itself."""
        return self.row.level

    @property
    def anchor(self) -> str:
        return f"comment-{self.row.pk}"

    @property
    def is_ping(self) -> bool:
        return self.row.kind != Comment.Kind.COMMENT

    @property
    def kind_label(self) -> str:
        return Comment.Kind(self.row.kind).label

    @property
    def writer(self) -> str:
        """The name; empty where it was lost."""
        return self.row.author_name or self.row.author__display_name or ""

    @property
    def writer_url(self) -> str:
        return self.row.author_url

    @property
    def content(self) -> SafeString:
        return markup.trusted(self.row.body_html)

    @property
    def created_at(self) -> datetime | None:
        """When it was said; None where nobody knows."""
        return None if self.row.date_is_estimated else self.row.created_at

    @property
    def is_by_post_author(self) -> bool:
        author = self.row.author_id
        return author is not None and author == self.post_author_id

    @property
    def is_held(self) -> bool:
        return self.is_visible and self.row.state != Comment.State.APPROVED

    @property
    def can_be_replied_to(self) -> bool:
        return self.is_visible and not self.is_held and not self.is_ping

    @property
    def source_url(self) -> str:
        return self.row.source_url

    @property
    def source_title(self) -> str:
        return self.row.source_title

    @property
    def source_site(self) -> str:
        return self.row.source_site

    @property
    def source_categories(self) -> list[str]:
        return self.row.source_data.get("categories", [])


@dataclass(frozen=True)
class Thread:
    """The talk, in reading order, and the pings that stand alone."""

    talk: list[Response]
    elsewhere: list[Response]

    def find(self, pk: int | None) -> Response | None:
        return next((response for response in self.talk if response.pk == pk), None)


def read_thread(post: Post, held_pk: int | None = None) -> Thread:
    """The conversation below `post`. One query.

    A removed comment stays as a tombstone while something visible hangs below it.
    `held_pk` names a comment its own writer may see while it is held.
    """
    is_held = Q(pk=held_pk, state=Comment.State.PENDING)
    is_shown = Q(state=Comment.State.APPROVED) | is_held
    has_replies = Q(rght__gt=F("lft") + 1)
    rows = [
        _Row(*values)
        for values in Comment.objects.filter(is_shown | has_replies, post=post)
        .order_by("tree_id", "lft")
        .values_list(*_Row._fields)
    ]
    kept = _without_dead_branches(_trees_by_date(rows), held_pk)
    answered = {row.parent_id for row in kept}
    talk = [row for row in kept if not _stands_alone(row, answered)]
    elsewhere = [row for row in kept if _stands_alone(row, answered)]
    responses = list(_numbered(talk + elsewhere, post, held_pk))
    return Thread(responses[: len(talk)], responses[len(talk) :])


def _trees_by_date(rows: list[_Row]) -> list[_Row]:
    """Trees by their root's date: an old comment may have been imported late."""
    grouped = [list(tree) for _, tree in groupby(rows, key=lambda row: row.tree_id)]
    grouped.sort(key=lambda tree: (tree[0].created_at, tree[0].tree_id))
    return [row for tree in grouped for row in tree]


def _without_dead_branches(rows: list[_Row], held_pk: int | None) -> list[_Row]:
    """Leaves out removed comments below which nothing is visible."""
    needed: set[int | None] = set()
    kept = []
    for row in reversed(rows):  # replies come before what they answer
        if _is_visible(row, held_pk) or row.pk in needed:
            needed.add(row.parent_id)
            kept.append(row)
    kept.reverse()
    return kept


def _is_visible(row: _Row, held_pk: int | None) -> bool:
    if row.state == Comment.State.PENDING:
        return row.pk == held_pk
    return row.state == Comment.State.APPROVED


def _stands_alone(row: _Row, answered: set[int | None]) -> bool:
    """A ping nobody answered is no part of the talk."""
    is_ping = row.kind != Comment.Kind.COMMENT
    return is_ping and row.parent_id is None and row.pk not in answered


def _numbered(rows: list[_Row], post: Post, held_pk: int | None) -> Iterator[Response]:
    by_pk: dict[int | None, Response] = {}
    for number, row in enumerate(rows, start=1):
        response = Response(
            row,
            number,
            post.author_id,
            _is_visible(row, held_pk),
            by_pk.get(row.parent_id),
        )
        by_pk[row.pk] = response
        yield response
