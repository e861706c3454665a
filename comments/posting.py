"""The one door into the conversation, and the one function that grows its trees."""

import zlib
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from blog import trees
from blog.models import Post, SiteSettings
from comments import moderation, policy
from comments.models import Comment, new_tree_ids
from comments.submission import Submission


def post_comment(post: Post, submission: Submission) -> Comment:
    """Judge and store what somebody wants to say below `post`.

    Comments and pings of every kind come through here. Returns the stored
    comment, whatever its state. Raises `policy.Refused`; nothing is stored then.
    """
    site = SiteSettings.current()
    with transaction.atomic():
        _wait_for_twin(post, submission)
        policy.check(post, submission, site)
        verdict = moderation.judge(post, submission, site)
        comment = Comment(
            post=post,
            kind=submission.kind,
            state=verdict.state,
            reasons=verdict.reasons,
            author=submission.author,
            author_name=submission.author_name,
            author_email=submission.author_email,
            author_url=submission.author_url,
            body=submission.body,
            ip_address=submission.ip_address,
            user_agent=submission.user_agent,
            source_url=submission.source_url,
            source_title=submission.source_title,
            source_site=submission.source_site,
            source_data=submission.source_data,
        )
        add_to_tree(comment, submission.parent_id, site.thread_depth)
        recount([post.pk])
        # Whoever adds an address makes the blog forget the old ones.
        Comment.objects.all().forget_addresses(site.ip_retention_days)
    return comment


def add_to_tree(comment: Comment, parent_id: int | None, depth_limit: int) -> Comment:
    """Store a new comment: as a root, or as the last reply to its parent.

    Safe under any number of concurrent writers: a root opens a tree of its own,
    with a number from a sequence; a reply is placed while its tree's root row is
    locked. A parent at `depth_limit` passes its reply on to its own parent.
    """
    with transaction.atomic():
        trees.announce_writer(Comment)
        parent = _locked_parent(parent_id, depth_limit)
        comment.parent = parent
        if parent is None:
            # mptt leaves a node alone that comes with its numbers.
            comment.tree_id = new_tree_ids(1)[0]
            comment.lft, comment.rght, comment.level = 1, 2, 0
        comment.save(force_insert=True)
    return comment


def set_state(comments: Iterable[Comment], state: str, reason: str) -> int:
    """Move comments to another state and say why; returns how many changed.

    Nothing is deleted, so every state can be left again.
    """
    changed = [comment for comment in comments if comment.state != state]
    with transaction.atomic():
        # In key order, as every writer locks, so that two cannot wait for each other.
        for comment in sorted(changed, key=lambda comment: comment.pk):
            comment.state, comment.reasons = state, [reason]
            comment.save(update_fields=["state", "reasons"])
        recount({comment.post_id for comment in changed})
    return len(changed)


def recount(post_ids: Iterable[int]) -> None:
    """Count the approved responses of these posts anew.

    Counted, never incremented. The post is locked before its comments are
    counted, so that of two writers the later one counts both.
    """
    with transaction.atomic():
        locked = Post.objects.select_for_update(no_key=True).order_by("pk")
        for post in locked.filter(pk__in=list(post_ids)).only("pk"):
            count = Comment.objects.approved().filter(post=post).count()
            Post.objects.filter(pk=post.pk).update(
                comment_count=count, touched_at=timezone.now()
            )


def _locked_parent(parent_id: int | None, depth_limit: int) -> Comment | None:
    """The comment to hang a reply under, read anew with its tree locked."""
    if parent_id is None or depth_limit <= 1:
        return None
    wanted = Comment.objects.get(pk=parent_id)
    root = Comment.objects.select_for_update(no_key=True)
    root.get(tree_id=wanted.tree_id, parent=None)
    # Numbers may have moved while we waited for the lock.
    wanted.refresh_from_db(fields=["lft", "rght"])
    if wanted.level <= depth_limit - 2:
        return wanted
    return Comment.objects.get(
        tree_id=wanted.tree_id,
        lft__lt=wanted.lft,
        rght__gt=wanted.rght,
        level=depth_limit - 2,
    )


def _wait_for_twin(post: Post, submission: Submission) -> None:
    """Let the same text, sent twice at once, come in one after the other.

    A double click is two requests in the same moment; without this, neither
    would see the other when it looks for duplicates. SQLite's transactions come
    one after the other as it is.
    """
    if connection.vendor == "postgresql":
        identity = f"{post.pk}\n{submission.author_name}\n{submission.body}"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)",
                [post.pk % 2**31, zlib.crc32(identity.encode()) - 2**31],
            )
