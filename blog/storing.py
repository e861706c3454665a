"""Stores many posts at once: as `publishing.store` one by one, a tenth as slowly."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from blog import embed_markup, embeds, old_addresses, page_paths, rows
from blog.models import EmbedUse, MediaUse, Post
from blog.rerendering import derive_texts
from blog.slugs import next_free

_OF_TEXT = ("id", "body", "body_html", "rendering", "reading_minutes", "lead")
# How often another writer may be a moment faster at an address.
MAX_ADDRESS_TRIES = 4

# Whose slugs are not to be the same: pages below one another, posts of one day.
_Neighbours = tuple[str, int | date | None]


def store_new(posts: Sequence[Post]) -> None:
    """Store new posts and pages, whose keys are theirs already, with all that follows.

    No more queries for many than for a few, but for each page that has a parent.
    """
    with transaction.atomic(savepoint=False):
        if any(post.is_page for post in posts):
            page_paths.lock()
        derive_texts(posts)
        _save_where_free(posts)
        _note_uses(posts)
        old_addresses.posts_came(*posts)
        embeds.wanted(*posts)
        embeds.post_changed(*(post.public_path for post in posts))


def store_texts(posts: Sequence[Post]) -> None:
    """Store the bodies of posts that are here, with what follows; the words are the same.

    The rows are locked. Nothing else of them is written: not when they were edited.
    """
    if not posts:
        return
    with transaction.atomic(savepoint=False):
        derive_texts(posts)
        rows.update(
            Post, [{name: getattr(post, name) for name in _OF_TEXT} for post in posts]
        )
        _note_changed_uses(posts)
        embeds.wanted(*posts)
        embeds.post_changed(*(post.public_path for post in posts))


def _save_where_free(posts: Sequence[Post]) -> None:
    """Save at free addresses, and at the next where another writer was faster."""
    wanted = [post.slug for post in posts]
    for tries_left in reversed(range(MAX_ADDRESS_TRIES)):
        for post, slug in zip(posts, wanted, strict=True):
            post.slug = slug
        _claim_addresses(posts)
        try:
            # Thousands of rows below a savepoint take SQLite ten times as long; and there
            # nobody writes between the claim and the save.
            with transaction.atomic(savepoint=connection.vendor != "sqlite"):
                rows.insert(Post, [_row(post) for post in posts])
        except IntegrityError as error:
            if "permalink_once" not in str(error) or not tries_left:
                raise
        else:
            break
    for post in posts:
        post._state.adding = False


def _claim_addresses(posts: Sequence[Post]) -> None:
    for post in posts:
        post.derive_dates()
        post.slug = post.slug or post.own_slug()
    taken = _taken(posts)
    for post in posts:
        neighbours = taken[_neighbours(post)]
        post.slug = next_free(post.slug, neighbours, post.is_reserved)
        neighbours.add(post.slug)
        post.derive_path()
        post.derive_state()


def _neighbours(post: Post) -> _Neighbours:
    return post.kind, post.parent_id if post.is_page else post.published_on


def _taken(posts: Sequence[Post]) -> dict[_Neighbours, set[str]]:
    """The slugs that neighbours of these have. Two queries; one more for drafts."""
    taken: dict[_Neighbours, set[str]] = {_neighbours(post): set() for post in posts}
    days = {day for kind, day in taken if kind == Post.Kind.POST}
    above = {parent for kind, parent in taken if kind == Post.Kind.PAGE}
    for kind, column, values in (
        (Post.Kind.POST, "published_on", days),
        (Post.Kind.PAGE, "parent_id", above),
    ):
        # By all it begins with, SQLite knows the index of days.
        there = Post.objects.filter(kind=kind, status__in=Post.Status).order_by()
        for of_these in _asked(there, column, values):
            for value, slug in of_these.values_list(column, "slug"):
                taken[kind, value].add(slug)
    return taken


def _asked(
    there: QuerySet[Post], column: str, values: set[int | date | None]
) -> Iterator[QuerySet[Post]]:
    """Those that have one of these values; nothing, too, may be one."""
    if None in values:
        yield there.filter(**{column: None})
    if some := values - {None}:
        yield there.filter(**{f"{column}__in": some})


def _row(post: Post) -> dict[str, Any]:
    fields = Post._meta.concrete_fields
    return {field.attname: getattr(post, field.attname) for field in fields}


def _note_uses(posts: Sequence[Post]) -> None:
    """Which files and embeds their texts name, as `Post.save` does."""
    named = {post.pk: MediaUse.names_in(post.body) for post in posts}
    rows.insert(
        MediaUse,
        [
            {"post_id": pk, "name": name}
            for pk, names in named.items()
            for name in sorted(names)
        ],
    )
    embedded = {post.pk: embed_markup.keys_in(post.body) for post in posts}
    if urls_of := {pk: urls for pk, urls in embedded.items() if urls}:
        EmbedUse.note_new(urls_of)


def _note_changed_uses(posts: Sequence[Post]) -> None:
    """The same of posts that are here: two queries, if all is noted already."""
    files = _noted(MediaUse.objects.filter(post__in=posts), "name")
    embedded = _noted(EmbedUse.objects.filter(post__in=posts), "embed__url")
    for post in posts:
        if MediaUse.names_in(post.body) != files.get(post.pk, set()):
            MediaUse.note(post.pk, post.body)
        if set(embed_markup.keys_in(post.body)) != embedded.get(post.pk, set()):
            EmbedUse.note(post.pk, post.body)


def _noted(uses: QuerySet, column: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for pk, name in uses.values_list("post", column):
        found.setdefault(pk, set()).add(name)
    return found
