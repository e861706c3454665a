"""What of a conversation is shown: in the talk, or apart from it."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from blog.models import Post
from blog.prepared import Slot
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet


def between(after: int | Slot, last: int | Slot) -> Q:
    """Of `visible()`: what stands in its tree after place `after`, up to `last`.

    Nested sets tell the place of each row without another one being read, as
    (lft + level - 1) / 2.
    """
    places = Q(double_place__gt=2 * after, double_place__lte=2 * last)
    # Follows from it, and the index knows it.
    return places & Q(lft__gt=after + 1, lft__lte=2 * last + 1)


def visible(post: Post | Slot, own_pk: int | None = None) -> CommentQuerySet:
    """What is shown: the approved, and the removed that have such below them."""
    is_shown = Q(state=Comment.State.APPROVED)
    if own_pk is not None:
        is_shown |= Q(pk=own_pk, state=Comment.State.PENDING)
    below = Comment.objects.filter(
        is_shown,
        post=post,
        tree_id=OuterRef("tree_id"),
        lft__gt=OuterRef("lft"),
        rght__lt=OuterRef("rght"),
    )
    is_answered = Q(rght__gt=F("lft") + 1) & Exists(below)
    return Comment.objects.alias(double_place=F("lft") + F("level") - 1).filter(
        is_shown | is_answered, post=post
    )


def talk_roots(post: Post | Slot) -> CommentQuerySet:
    """The roots of the talk as everybody sees it, oldest first."""
    return roots_of(post).filter(in_talk(post)).order_by("created_at", "tree_id")


def lone_pings(post: Post | Slot) -> CommentQuerySet:
    """The pings nobody answered, oldest first: they stand apart."""
    return roots_of(post).filter(alone(post)).order_by("created_at", "tree_id")


def lone_likes(post: Post | Slot) -> CommentQuerySet:
    """The likes of other blogs that nobody answered: they are named, not numbered."""
    return roots_of(post).filter(alone(post, is_like=True))


def stands_alone(comment: Comment) -> bool:
    """Whether it is a ping nobody answered. One query for a ping, else none."""
    if not comment.is_ping or comment.parent_id is not None or comment.is_like:
        return False
    return lone_pings(comment.post).filter(pk=comment.pk).exists()


def is_answered(comment: Comment) -> bool:
    """Whether something approved hangs below a root. One query."""
    return (
        roots_of(comment.post)
        .filter(_is_answered(comment.post), pk=comment.pk)
        .exists()
    )


def pings_before(ping: Comment) -> int:
    """How many pings that stand alone are older. One query."""
    is_older = is_before(ping.created_at, ping.tree_id)
    return lone_pings(ping.post).filter(is_older).count()


def roots_of(post: Post | Slot) -> CommentQuerySet:
    return Comment.objects.filter(post=post, parent__isnull=True)


def in_talk(post: Post | Slot) -> Q:
    is_said = Q(state=Comment.State.APPROVED, kind=Comment.Kind.COMMENT)
    return is_said | _is_answered(post)


def alone(post: Post | Slot, *, is_like: bool = False) -> Q:
    # In this order: what the index of roots tells rules out most of them.
    is_ping = Q(state=Comment.State.APPROVED) & ~Q(kind=Comment.Kind.COMMENT)
    return is_ping & Q(is_like=is_like) & ~Q(_is_answered(post))


def _is_answered(post: Post | Slot) -> Q:
    """Of a root: something approved hangs below it."""
    answers = Comment.objects.approved().filter(
        post=post, tree_id=OuterRef("tree_id"), parent__isnull=False
    )
    return Q(Q(rght__gt=2), Exists(answers))


def is_before(created_at: datetime | Slot, tree_id: int | Slot) -> Q:
    return Q(created_at__lt=created_at) | Q(created_at=created_at, tree_id__lt=tree_id)
