"""What posts and pages were: kept with each change, and by whom.

django-reversion holds the rows; how one is written stands in revision_format.py.
"""

import json
from datetime import datetime
from functools import cached_property
from typing import Any

import reversion
from django.core import serializers
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from reversion.models import Version

from blog import revision_notes, text_pieces
from blog.models import Category, Post, TaggedPost, User
from blog.revision_notes import LABELS

FORMAT = "revision"
FIELDS = (*(name for name in LABELS if name != "tags"), "kind", "guid", "created_at")
# What came to be held later; older revisions are read as if they held this.
_LATER = {
    "meta_title": "",
    "meta_description": "",
    "social_image": None,
    "review_note": "",
}


class State:
    """What a post was, as one revision tells it: values by name, as JSON has them."""

    def __init__(self, serialized: str) -> None:
        row = json.loads(serialized)[0]
        self.values: dict[str, Any] = _LATER | row["fields"] | {"tags": row["tags"]}
        names = row["category_names"]
        self.category_names = {int(pk): name for pk, name in names.items()}
        self.values["categories"] = sorted(self.category_names)

    def says_the_same(self, other: "State") -> bool:
        """Whether the two tell the same, one perhaps in an older way."""
        names = self.category_names == other.category_names
        return names and self.values == other.values

    @classmethod
    def made_of(
        cls, values: dict[str, Any], category_names: dict[int, str], body: str
    ) -> "State":
        """What is no revision, to be compared with one; `values` by every name of LABELS."""
        state = cls.__new__(cls)
        state.values = values | {"categories": sorted(category_names)}
        state.category_names = category_names
        state.body = body
        return state

    @cached_property
    def body(self) -> str:
        """The text. One query, unless `load_bodies` has read it."""
        return text_pieces.load(self.values["body"])

    @property
    def published_at(self) -> datetime | None:
        written = self.values["published_at"]
        return parse_datetime(written) if written else None


def load_bodies(*states: State) -> None:
    """Read the texts of all of them. One query."""
    numbers = [state.values["body"] for state in states]
    for state, text in zip(states, text_pieces.load_many(numbers), strict=True):
        state.body = text


def register() -> None:
    """Tell django-reversion of posts; pages are posts."""
    reversion.register(Post, fields=FIELDS, format=FORMAT)


def of(pk: int) -> QuerySet[Version]:
    """The revisions of a post, newest first, each with who and when."""
    versions = Version.objects.get_for_object_reference(Post, pk)
    return versions.select_related("revision__user").order_by("-pk")


def at(pk: int, moment: datetime) -> Version | None:
    """What a post was then, by the `updated_at` it had; None where nobody knows."""
    return of(pk).filter(revision__date_created__lte=moment).first()


def deleted() -> QuerySet[Version]:
    """The last revision of each post that was deleted, newest first."""
    versions = Version.objects.get_deleted(Post)
    return versions.select_related("revision__user").order_by("-pk")


def keep(pk: int, by: User | None, note: str = "", *, even_same: bool = False) -> None:
    """Keep what a post is now; nothing where it is as it was when last kept.

    `note` says what was done to it, where what changed does not. In the transaction
    of the change, after its categories and tags are stored.
    """
    post = _whole(pk)
    last = of(pk).first()
    serialized = serializers.serialize(FORMAT, [post], fields=FIELDS)
    before, after = State(last.serialized_data) if last else None, State(serialized)
    if before and before.says_the_same(after) and not even_same:
        return
    # By the post's own clock, so that `at` finds what somebody has read. A deletion
    # changes nothing in the post.
    moment = None if even_same else post.updated_at
    _store(post, by, note or _what_changed(before, after), moment)


def keep_first(pk: int | None) -> None:
    """Keep what a post is before the first change of it that is kept.

    What was imported, or written before revisions were kept, has none yet.
    """
    if pk is None or Version.objects.get_for_object_reference(Post, pk).exists():
        return
    if Post.objects.filter(pk=pk).exists():
        post = _whole(pk)
        _store(post, None, revision_notes.AS_BEFORE, post.updated_at)


def changed(before: State, after: State) -> list[str]:
    """The names of what differs, in the order of LABELS."""
    return [name for name in LABELS if before.values[name] != after.values[name]]


def said_when(version: Version) -> str:
    """When it was kept, as people here write it."""
    moment = timezone.localtime(version.revision.date_created)
    return str(date_format(moment, "DATETIME_FORMAT"))


def _what_changed(before: State | None, after: State) -> str:
    """One line for the list: `Title, text and tags`."""
    status = after.values["status"]
    if before is None:
        if status == Post.Status.PUBLISHED:
            return revision_notes.PUBLISHED_AT_ONCE
        return revision_notes.WRITTEN
    names = changed(before, after)
    labels = [LABELS[name] for name in names if name != "status"]
    if "status" in names:
        # With a state come a date and an address: they say nothing more.
        labels = [label for label in labels if label not in ("date", "slug")]
        labels.insert(0, revision_notes.BECAME[status])
    return revision_notes.of_changes(labels)


def _whole(pk: int) -> Post:
    in_order = Prefetch("categories", Category.objects.order_by("pk"))
    tagged = Prefetch("tagged_items", TaggedPost.objects.select_related("tag"))
    return Post.objects.prefetch_related(in_order, tagged).get(pk=pk)


def _store(post: Post, by: User | None, note: str, at: datetime | None = None) -> None:
    with reversion.create_revision(manage_manually=True):
        reversion.set_user(by)
        reversion.set_comment(note)
        if at:
            reversion.set_date_created(at)
        reversion.add_to_revision(post)
