"""What is locked before a post is, by everybody who locks both (`docs/trees.md`)."""

from collections.abc import Iterable

from django.db import connection

from comments.models import Comment, IncomingPing


def hold_below(post_pks: Iterable[int]) -> None:
    """Let nobody else write to the pings and the talk below these posts any more.

    For who deletes them: whoever takes a ping or answers holds it, or its tree, and
    comes to lock the post after that. Three queries; none on SQLite, whose transactions
    come one after the other.
    """
    if not connection.features.has_select_for_update:
        return
    pks = list(post_pks)
    pings = IncomingPing.objects.filter(post__in=pks).order_by("pk")
    list(pings.select_for_update().values_list("pk"))
    roots = Comment.objects.filter(post__in=pks, parent=None).order_by()
    Comment.objects.lock_trees(roots.values_list("tree_id", flat=True))
