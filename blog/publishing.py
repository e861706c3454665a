"""What people do to posts, pages, categories and tags, with all that follows.

A model's `save()` derives its own columns. What else changes, the addresses of
pages below and the redirects old addresses leave, is looked after here.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from blog import trees
from blog.models import Category, Post, Redirect, Tag

# The conversation writes these, perhaps while somebody edits the post.
_NOT_OURS = frozenset(["id", "comment_count", "touched_at"])


def publish(posts: Iterable[Post]) -> int:
    """Publish now, or at the date a post already has; returns how many changed.

    A date in the past is kept: what was withdrawn comes back where it was.
    """
    return _set_status(posts, Post.Status.PUBLISHED)


def withdraw(posts: Iterable[Post]) -> int:
    """Make drafts of them again; their dates and addresses stay theirs."""
    return _set_status(posts, Post.Status.DRAFT)


def trash(posts: Iterable[Post]) -> int:
    return _set_status(posts, Post.Status.TRASH)


def restore(posts: Iterable[Post]) -> int:
    """Take them out of the trash, as drafts: nothing becomes public by itself."""
    thrown = [post for post in posts if post.status == Post.Status.TRASH]
    return _set_status(thrown, Post.Status.DRAFT)


def save_post(post: Post) -> None:
    """Store a post or page somebody edited.

    An address it had in public redirects to the present one; pages below move
    along. Writes no column the conversation keeps.
    """
    with transaction.atomic():
        before = Post.objects.select_for_update().filter(pk=post.pk).first()
        post.updated_at = timezone.now()
        post.claim_address()
        if before is None:
            post.save()
            return
        post.save(update_fields=_edited_fields())
        _leave_redirect(before, post)
        if before.path != post.path:
            _move_children(post)


def save_category(category: Category) -> None:
    """Store a category; addresses that changed, its branch's too, redirect.

    Raises ValidationError where the parent lies below the category.
    """
    with transaction.atomic():
        trees.lock(Category)
        before = dict(Category.objects.values_list("pk", "path"))
        category.save()
        for moved in Category.objects.filter(pk__in=before):
            old_path = before[moved.pk]
            if old_path != moved.path:
                was = Category(path=old_path)
                Redirect.leave(was.get_absolute_url(), moved.get_absolute_url())


def save_tag(tag: Tag) -> None:
    """Store a tag; the address it had redirects to the present one."""
    with transaction.atomic():
        before = Tag.objects.filter(pk=tag.pk).first()
        tag.save()
        if before:
            Redirect.leave(before.get_absolute_url(), tag.get_absolute_url())


def _set_status(posts: Iterable[Post], status: str) -> int:
    changed = [post for post in posts if post.status != status]
    with transaction.atomic():
        for post in changed:
            post.status = status
            save_post(post)
    return len(changed)


def _edited_fields() -> list[str]:
    return [
        field.name
        for field in Post._meta.concrete_fields
        if field.name not in _NOT_OURS
    ]


def _leave_redirect(before: Post, post: Post) -> None:
    # Nothing records that a draft was public once; a date that has passed says so.
    if before.published_at and before.published_at <= timezone.now():
        Redirect.leave(before.get_absolute_url(), post.get_absolute_url())


def _move_children(page: Post) -> None:
    """Derive the paths of all pages below anew, parents first."""
    above = [page]
    while above:
        parent = above.pop()
        for child in Post.objects.filter(parent=parent):
            before_path, child.parent = child.path, parent
            was = Post(
                kind=child.kind, path=before_path, published_at=child.published_at
            )
            child.save(update_fields=["path"])
            _leave_redirect(was, child)
            above.append(child)
