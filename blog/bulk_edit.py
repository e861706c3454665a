"""Many posts changed in the same way, in one go; and taken back."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from blog import page_paths, publishing, reviewing
from blog.models import Category, Post, TaggedPost, User

Status = Post.Status
# So many take some seconds, in which nobody else can write on SQLite.
MAX_POSTS = 200
AT_A_TIME = 100


@dataclass(frozen=True)
class Change:
    """What is to become of each post; what is empty or None stays as it is."""

    add_categories: tuple[Category, ...] = ()
    remove_categories: tuple[Category, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    status: str = ""
    author: User | None = None
    comments_open: bool | None = None
    pings_open: bool | None = None

    def columns(self) -> dict[str, Any]:
        """The wanted values by column."""
        author = self.author.pk if self.author else None
        asked = {
            "status": self.status or None,
            "author_id": author,
            "comments_open": self.comments_open,
            "pings_open": self.pings_open,
        }
        return {name: value for name, value in asked.items() if value is not None}


@dataclass
class Was:
    """What one post was, as far as it was changed: small enough to be given away."""

    pk: int
    columns: dict[str, Any]
    added_categories: list[int]
    removed_categories: list[int]
    added_tags: list[str]
    removed_tags: list[str]

    def __bool__(self) -> bool:
        return any(list(vars(self).values())[1:])


def difference(post: Post, change: Change) -> Was:
    """What `change` would make otherwise; nothing where all is so already.

    No query for posts that came from `chosen`.
    """
    filed = {category.pk for category in post.categories.all()}
    tags = {item.tag.name.casefold(): item.tag.name for item in _tagged(post)}
    wanted = change.columns()
    return Was(
        post.pk,
        {
            name: getattr(post, name)
            for name, value in wanted.items()
            if getattr(post, name) != value
        },
        [one.pk for one in change.add_categories if one.pk not in filed],
        [one.pk for one in change.remove_categories if one.pk in filed],
        [tag for tag in change.add_tags if tag.casefold() not in tags],
        [tags[tag.casefold()] for tag in change.remove_tags if tag.casefold() in tags],
    )


def chosen(pks: Iterable[int]) -> QuerySet[Post]:
    """The posts with these keys, with all `difference` asks of them. Four queries."""
    rows = Post.objects.filter(pk__in=list(pks)).select_related("author")
    return rows.prefetch_related("categories", "tagged_items__tag").order_by("pk")


def make(posts: Iterable[Post], change: Change, by: User) -> tuple[list[Was], datetime]:
    """Change these posts, all or none; what they were, and when it was done.

    Each gets a revision, a redirect and its announcements as if it had been changed
    alone. As many queries for each post, however many there are.
    """
    done: list[Was] = []
    with transaction.atomic():
        for post in _locked([post.pk for post in posts]):
            was = difference(post, change)
            if was:
                if was.columns.keys() & {"status"}:
                    was.columns["published_at"] = _moment(post.published_at)
                _store(post, by, change.columns(), was)
                done.append(was)
        return done, _changed_at(done)


def take_back(
    rows: Iterable[Was],
    changed_at: datetime,
    by: User,
    is_allowed: Callable[[Post, Was], bool],
) -> int:
    """Make them what they were, but none somebody has saved since; how many."""
    before = {was.pk: was for was in rows}
    count = 0
    with transaction.atomic():
        for post in _locked(before):
            was = before[post.pk]
            if post.updated_at > changed_at or not is_allowed(post, was):
                continue
            back = _reversed(was)
            if "published_at" in back.columns:
                date = back.columns.pop("published_at")
                post.published_at = parse_datetime(date) if date else None
            _store(post, by, back.columns, back)
            count += 1
    return count


def _reversed(was: Was) -> Was:
    """The change that leads back, as far as what it names is still there."""
    return Was(
        was.pk,
        _still_there(was.columns),
        _categories_left(was.removed_categories),
        was.added_categories,
        was.removed_tags,
        was.added_tags,
    )


def _locked(pks: Iterable[int]) -> Iterator[Post]:
    """These posts, for whoever holds the transaction; their texts a few at a time."""
    page_paths.lock()  # before any row, as everybody who writes pages does
    for some in _batches(sorted(pks)):
        yield from chosen(some).select_for_update(of=("self",))


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), AT_A_TIME):
        yield pks[start : start + AT_A_TIME]


def _store(post: Post, by: User, columns: dict[str, Any], links: Was) -> None:
    if columns.get("status") == Status.PENDING and post.status != Status.PENDING:
        reviewing.write_note(post, by, "")
    for name, value in columns.items():
        setattr(post, name, value)

    def save_links() -> None:
        post.categories.add(*links.added_categories)
        post.categories.remove(*links.removed_categories)
        if links.added_tags:
            post.tags.add(*links.added_tags)
        if links.removed_tags:
            post.tags.remove(*links.removed_tags)

    fields = {"comments_open", "pings_open", "author", "published_at"}
    publishing.save_post(post, by, save_links, fields=fields)


def _still_there(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What a post was, without an author who is not there any more."""
    author = columns.get("author_id")
    if author and not User.objects.filter(pk=author).exists():
        return {name: value for name, value in columns.items() if name != "author_id"}
    return dict(columns)


def _categories_left(pks: list[int]) -> list[int]:
    """Those of them that nobody has deleted since."""
    if not pks:
        return []
    return list(Category.objects.filter(pk__in=pks).values_list("pk", flat=True))


def _tagged(post: Post) -> Iterable[TaggedPost]:
    return post.tagged_items.all()


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _changed_at(done: list[Was]) -> datetime:
    """The latest moment of them: whoever saves one after it is not overruled."""
    rows = Post.objects.filter(pk__in=[was.pk for was in done]).order_by("-updated_at")
    latest: datetime | None = rows.values_list("updated_at", flat=True).first()
    return latest or timezone.now()
