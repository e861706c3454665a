"""What people do to posts, pages, categories and tags, with all that follows.

A model's `save()` derives its own columns. What else changes, the addresses of
pages below and the redirects old addresses leave, is looked after here; and what
a post was before stays in its revisions, with who changed it (`by`).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from blog import (
    embeds,
    html_text,
    old_addresses,
    page_paths,
    reviewing,
    revision_notes,
    revisions,
    trees,
)
from blog.models import Category, Post, Redirect, Tag, User
from blog.models.post import TRASH_DAYS
from blog.storing import MAX_ADDRESS_TRIES

Status = Post.Status
# The conversation and the preview links write these, perhaps while somebody edits.
_NOT_OURS = frozenset(["id", "comment_count", "touched_at", "preview_number"])
_STATUS_FIELDS = ("status", "updated_at", *reviewing.FIELDS, *Post.DERIVED)
# What a copy has of what it was copied from.
_COPIED = (
    "kind",
    "body",
    "excerpt",
    "language",
    "password",
    "comments_open",
    "pings_open",
    "sends_pings",
    "featured_image_id",
    "meta_description",
    "social_image_id",
    "parent_id",
    "menu_order",
)
# Fewer are a slip that was mended: nobody is told of it.
MIN_WORDS_CHANGED = 5


def publish(posts: Iterable[Post], by: User | None = None) -> list[Post]:
    """Publish now, or at the date a post already has; returns what changed.

    A date in the past is kept: what was withdrawn comes back where it was. Here
    and below `posts` only say which: the rows are read anew, and of them nothing
    is written but the status and what follows from it.
    """
    return _set_status(posts, Status.PUBLISHED, by)


def withdraw(posts: Iterable[Post], by: User | None = None) -> list[Post]:
    """Make drafts of them again; their dates and addresses stay theirs."""
    return _set_status(posts, Status.DRAFT, by)


def trash(posts: Iterable[Post], by: User | None = None) -> list[Post]:
    return _set_status(posts, Status.TRASH, by)


def restore(posts: Iterable[Post], by: User | None = None) -> list[Post]:
    """Take them out of the trash, as drafts: nothing becomes public by itself."""
    return _set_status(posts, Status.DRAFT, by, only=Status.TRASH)


def delete(
    posts: Iterable[Post], by: User | None = None, only: str | None = None
) -> None:
    """Delete for ever, with all that hangs below; what was public answers 410 now.

    The last revision stays, and can bring a post back (`blog/recovering.py`). Of them
    those alone that have the status `only`, if one is given. Raises ProtectedError
    where pages that stay stand below one of them.
    """
    pks = [post.pk for post in posts]
    rows = Post.objects.filter(pk__in=pks)
    if only:
        rows = rows.filter(status=only)
    with transaction.atomic():
        page_paths.lock()  # before any row, as everybody who writes pages does
        for name in settings.BEFORE_DELETING:
            import_string(name)(pks)
        going = list(rows.select_for_update(of=("self",)).order_by("pk"))
        seen_at = {post.pk: old_addresses.of_post(post) for post in going}
        for post in going:
            embeds.post_changed(post.last_public_path)
            _announce(post)
            revisions.keep(post.pk, by, revision_notes.DELETED, even_same=True)
        rows.delete()
        for post in going:
            old_addresses.post_deleted(post, seen_at[post.pk])


def empty_trash() -> int:
    """Delete what lies in the trash for longer than TRASH_DAYS; returns how many.

    What came there unnoticed, by an import, begins to lie there now. A page stays
    while others stand below it.
    """
    now, count = timezone.now(), 0
    thrown = Post.objects.filter(status=Status.TRASH)
    thrown.filter(trashed_at=None).update(trashed_at=now)
    over = thrown.filter(trashed_at__lt=now - timedelta(days=TRASH_DAYS))
    rows = over.only("pk", "path", "published_at")
    for post in sorted(rows, key=lambda post: -post.path.count("/")):
        try:
            # Somebody may take it out just now.
            delete([post], only=Status.TRASH)
            count += 1
        except ProtectedError:
            continue
    return count


def duplicate(post: Post, author: User) -> Post:
    """Store a draft of `author`'s that says the same, filed in the same places.

    Not copied is what belongs to the one post: its date and address, its name for
    feeds, its conversation, and the blogs that were to be told of it.
    """
    copy = Post(author=author, slug=post.slug)
    for name in _COPIED:
        setattr(copy, name, getattr(post, name))
    title = gettext("Copy of %(post)s") % {"post": post.headline}
    copy.title = title[: Post._meta.get_field("title").max_length]

    def save_links() -> None:
        copy.categories.set(post.categories.all())
        copy.tags.set(post.tags.all())

    save_post(copy, author, save_links, revision_notes.COPIED)
    return copy


def save_post(
    post: Post,
    by: User | None = None,
    save_links: Callable[[], object] | None = None,
    note: str = "",
    fields: Iterable[str] | None = None,
) -> None:
    """Store a post or page somebody edited, now; all of it, or `fields`.

    `save_links` stores its categories and tags, as they belong to the same revision.
    `note` says in its revision what was done, where what changed does not.
    """
    post.updated_at = timezone.now()
    with transaction.atomic():
        if post.is_page:
            page_paths.lock()  # before any row, as everybody who writes pages does
        revisions.keep_first(post.pk)
        answer = reviewing.settle(post, by)
        columns = _edited_fields() if fields is None else {*fields, *_STATUS_FIELDS}
        before = store(post, columns)
        if save_links:
            save_links()
        _announce(post)
        reviewing.announce(post, before.status if before else None, by, answer)
        revisions.keep(post.pk, by, note)


def store(post: Post, fields: Iterable[str]) -> Post | None:
    """Store a new post, or `fields` of one that is here, with all that follows.

    Returns what it was until now.

    The last address it had in public redirects to the one it has in public now;
    pages below move along. Its slug gets a number where its address is taken.
    Writes no column the conversation keeps, unless `fields` name it. Raises
    ValidationError where the parent of a page lies below it.
    """
    with transaction.atomic():
        if post.is_page:
            page_paths.lock()
        before = Post.objects.select_for_update().filter(pk=post.pk).first()
        seen_at = old_addresses.of_post(before)
        post.public_path = before.last_public_path if before else ""
        post.reworded_at = _reworded_at(post, before)
        _save_where_free(post, {*fields, "reworded_at"} if before else None)
        old_addresses.post_stored(post, before, seen_at)
        embeds.wanted(post)
        embeds.post_changed(post.public_path, before.public_path if before else "")
        if before and before.path != post.path:
            _move_children(post, {post.pk})
    return before


def save_category(category: Category) -> None:
    """Store a category; addresses that changed, its branch's too, redirect.

    Raises ValidationError where the parent lies below the category.
    """
    with transaction.atomic():
        trees.lock(Category)
        before = old_addresses.category_paths()
        category.save()
        old_addresses.categories_moved(before)


def delete_category(category: Category) -> None:
    """Its address, and what led there, answer 410 now; its posts stay.

    Raises ProtectedError while other categories stand below it.
    """
    with transaction.atomic():
        path = category.get_absolute_url()
        category.delete()
        Redirect.leave(path, "")


def save_tag(tag: Tag) -> None:
    """Store a tag; the address it had redirects to the present one."""
    with transaction.atomic():
        before = Tag.objects.filter(pk=tag.pk).first()
        tag.save()
        if before:
            Redirect.leave(before.get_absolute_url(), tag.get_absolute_url())


def delete_tags(tags: Iterable[Tag]) -> None:
    """Their addresses, and what led there, answer 410 now; their posts stay."""
    with transaction.atomic():
        for tag in tags:
            path = tag.get_absolute_url()
            tag.delete()
            Redirect.leave(path, "")


def save_user(user: User) -> None:
    """Store a person; the address of their posts redirects to the present one."""
    with transaction.atomic():
        before = User.objects.filter(pk=user.pk).first()
        user.save()
        if before:
            old_addresses.author_moved(before, user)


def delete_user(user: User) -> None:
    """Raises ProtectedError while there are posts of theirs."""
    with transaction.atomic():
        path = user.get_absolute_url()
        user.delete()
        old_addresses.author_deleted(path)


def _set_status(
    posts: Iterable[Post],
    status: str,
    by: User | None,
    only: str | None = None,
) -> list[Post]:
    posts = list(posts)
    rows = Post.objects.filter(pk__in=[post.pk for post in posts])
    if only:
        rows = rows.filter(status=only)
    with transaction.atomic():
        if any(post.is_page for post in posts):
            page_paths.lock()  # before any row, as everybody who writes pages does
        locked = rows.exclude(status=status).select_for_update()
        changed = list(locked.order_by("pk"))
        for post in changed:
            revisions.keep_first(post.pk)
            was = post.status
            post.status, post.updated_at = status, timezone.now()
            reviewing.settle(post, by)
            store(post, _STATUS_FIELDS)
            _announce(post)
            reviewing.announce(post, was, by)
            revisions.keep(post.pk, by)
    return changed


def _announce(post: Post) -> None:
    """Tell whoever the settings name, in the transaction that changed the post.

    What importers store is not announced: it is no news.
    """
    for name in settings.AFTER_PUBLISHING:
        import_string(name)(post)


def _reworded_at(post: Post, before: Post | None) -> datetime | None:
    """When readers last saw other words appear; a slip that was mended does not count."""
    if before is None:
        return None
    if not (before.is_public and post.is_public) or post.body == before.body:
        return before.reworded_at
    now, then = (
        Counter(html_text.text_of(text).casefold().split())
        for text in (post.body, before.body)
    )
    changed = max((now - then).total(), (then - now).total())
    return timezone.now() if changed >= MIN_WORDS_CHANGED else before.reworded_at


def _save_where_free(post: Post, fields: set[str] | None) -> None:
    """Save at a free address, and at the next where another writer was faster."""
    wanted = post.slug
    for tries_left in reversed(range(MAX_ADDRESS_TRIES)):
        post.slug = wanted
        post.claim_address()
        try:
            with transaction.atomic():
                post.save(update_fields=fields)
                return
        except IntegrityError as error:
            # On SQLite nobody writes between the claim and the save.
            if "permalink_once" not in str(error) or not tries_left:
                raise


def _edited_fields() -> list[str]:
    return [
        field.name
        for field in Post._meta.concrete_fields
        if field.name not in _NOT_OURS
    ]


def _move_children(page: Post, moved: set[int]) -> None:
    """Derive the paths of all pages below anew, parents first; each is moved once."""
    for child in Post.objects.filter(parent=page).exclude(pk__in=moved):
        moved.add(child.pk)
        seen_at = old_addresses.of_post(child)
        before = copy(child)
        child.save(update_fields=["path", "public_path"])
        old_addresses.post_stored(child, before, seen_at)
        _move_children(child, moved)
