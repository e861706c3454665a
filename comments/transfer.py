"""Stores the conversations of a blog that moves in, all of them at once.

A response that is already here is known by its guid. Its text follows the source
until somebody edits it here; its state and its place are ours alone.
"""

from collections.abc import Iterator, Mapping

from django.db import transaction

from blog import trees
from blog.models import Post
from blog.transfer.records import BlogRecord, Fate, Report, ResponseRecord
from comments import wording
from comments.models import Comment, new_tree_ids
from comments.posting import recount

# What a source may still correct later.
_FOLLOWED = ["body", "author_name", "source_url", "source_title", "source_site"]


def load_responses(blog: BlogRecord, posts: Mapping[str, Post], report: Report) -> None:
    """Store the responses of `blog` below `posts`, by guid; counts them in `report`.

    One transaction. Nobody is notified. Posts whose conversation did not change
    are not touched.
    """
    found = [
        (posts[post.guid].pk, response)
        for post in blog.posts
        for response in post.responses
    ]
    guids = [response.guid for _, response in found]
    with transaction.atomic():
        trees.lock(Comment)
        stored = Comment.objects.in_bulk(guids, field_name="guid")
        new: list[tuple[Comment, ResponseRecord]] = []
        changed_post_ids = set()
        for post_id, response in found:
            comment = stored.get(response.guid)
            fate = Fate.NEW if comment is None else _update(comment, response)
            if comment is None:
                new.append((_comment(post_id, response), response))
            if fate in (Fate.NEW, Fate.UPDATED):
                changed_post_ids.add(post_id)
            report.count_response(response.kind, fate)
        _plant(new, stored)
        recount(changed_post_ids)


def fixture_rows(blog: BlogRecord) -> Iterator[dict]:
    """The responses as rows of a Django fixture: natural keys, no tree numbers."""
    for post in blog.posts:
        for response in post.responses:
            fields = _fields(response)
            fields["created_at"] = response.created_at.isoformat()
            yield {
                "model": "comments.comment",
                "fields": {
                    "guid": response.guid,
                    "post": [post.guid],
                    "parent": [response.parent] if response.parent else None,
                    **fields,
                },
            }


def _fields(response: ResponseRecord) -> dict:
    categories = response.categories
    return {
        "kind": response.kind,
        "state": str(Comment.State.APPROVED),
        "reasons": [wording.IMPORTED.said(origin=response.origin)],
        "is_decided": True,
        "body": response.text,
        "author_name": response.author_name,
        "created_at": response.created_at,
        "date_is_estimated": response.date_is_estimated,
        "source_url": response.source_url,
        "source_title": response.source_title,
        "source_site": response.source_site,
        "source_data": {"categories": categories} if categories else {},
    }


def _comment(post_id: int, response: ResponseRecord) -> Comment:
    comment = Comment(post_id=post_id, guid=response.guid, **_fields(response))
    comment.derive()
    return comment


def _update(comment: Comment, response: ResponseRecord) -> Fate:
    if comment.edited_at:
        return Fate.LEFT
    told = _fields(response)
    # What a source has lost takes nothing away from what is known here.
    wanted = {name: told[name] for name in _FOLLOWED if told[name]}
    if all(getattr(comment, name) == value for name, value in wanted.items()):
        return Fate.SAME
    for name, value in wanted.items():
        setattr(comment, name, value)
    comment.save(update_fields=[*_FOLLOWED, "body_html"])
    return Fate.UPDATED


def _plant(
    new: list[tuple[Comment, ResponseRecord]], stored: Mapping[str, Comment]
) -> None:
    """Store new comments, each as a root at first; then hang the replies.

    The caller holds the lock on the table. A parent must stand before its reply,
    so no circle can come in.
    """
    comments = [comment for comment, _ in new]
    for comment, tree_id in zip(comments, new_tree_ids(len(new)), strict=True):
        comment.tree_id, comment.lft, comment.rght, comment.level = tree_id, 1, 2, 0
    Comment.objects.bulk_create(comments, batch_size=trees.MAX_BATCH_ROWS)
    known = dict(stored)
    replies = []
    for comment, response in new:
        parent = known.get(response.parent or "")
        if parent and parent.post_id == comment.post_id:
            comment.parent = parent
            replies.append(comment)
        known[comment.guid] = comment
    Comment.objects.bulk_update(replies, ["parent"], batch_size=trees.MAX_BATCH_ROWS)
    Comment.objects.renumber({comment.post_id for comment in comments})
