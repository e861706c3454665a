"""Stores the conversations of a blog that moves in, all of them at once.

A response that is already here is known by its guid. Its text follows the source
until somebody edits it here; its state and its place are ours alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv6Address, ip_address

from django.db import transaction
from django.db.models import Q

from blog import trees
from blog.models import Post, User
from blog.transfer import numbers
from blog.transfer.records import Fate, PostRecord, Report, ResponseRecord
from comments import wording
from comments.models import Comment, new_tree_ids
from comments.posting import recount

# What a source may still correct later.
_FOLLOWED = ["body", "author_name", "source_url", "source_title", "source_site"]


def load_responses(
    records: Iterable[PostRecord],
    posts: Mapping[str, Post],
    report: Report,
    user_of: Callable[[str], User | None] = lambda login: None,
) -> None:
    """Store the responses below `posts`, by guid; counts them in `report`.

    `user_of` knows accounts by login. Of those with one guid the first counts. One
    transaction. Nobody is notified. Posts whose conversation did not change are not
    touched.
    """
    by_guid: dict[str, tuple[int, ResponseRecord]] = {}
    for post in records:
        for response in post.responses:
            by_guid.setdefault(response.guid, (posts[post.guid].pk, response))
    found = list(by_guid.values())
    if not found:
        return
    with transaction.atomic():
        trees.lock(Comment)
        stored = Comment.objects.in_bulk(by_guid, field_name="guid")
        new: list[tuple[Comment, ResponseRecord]] = []
        changed_post_ids = set()
        free = numbers.reserve(Comment, (response.number for _, response in found))
        for post_id, response in found:
            comment = stored.get(response.guid)
            fate = Fate.NEW if comment is None else _update(comment, response)
            if comment is None:
                comment = _comment(post_id, response)
                comment.author = user_of(response.author)
                # `#comment-12` goes on to mean what it meant.
                comment.pk = numbers.take(free, response.number)
                new.append((comment, response))
            if fate in (Fate.NEW, Fate.UPDATED):
                changed_post_ids.add(post_id)
            report.count_response(response.kind, fate)
        _plant(new, stored)
        recount(changed_post_ids)


# The accounts that said something.
TALKERS = Q(comments__isnull=False)


def responses_below(posts: Iterable[Post]) -> dict[int, list[ResponseRecord]]:
    """Everything said below these, whatever its state, by the post's key. One query.

    Each behind what it answers.
    """
    found: dict[int, list[ResponseRecord]] = {}
    guid_of: dict[int, str] = {}
    rows = Comment.objects.filter(post__in=posts).select_related("author")
    for comment in rows.order_by("post", "tree_id", "lft"):
        guid_of[comment.pk] = comment.guid
        record = _record(comment)
        record.parent = guid_of[comment.parent_id] if comment.parent_id else None
        found.setdefault(comment.post_id, []).append(record)
    return found


def _record(comment: Comment) -> ResponseRecord:
    is_html = comment.body_format == Comment.Format.HTML
    return ResponseRecord(
        guid=comment.guid,
        number=comment.pk,
        text=comment.body,
        text_format=comment.body_format,
        rendered="" if is_html else comment.body_html,
        created_at=comment.created_at,
        kind=comment.kind,
        state=comment.state,
        author=comment.author.username if comment.author else "",
        author_name=comment.author_name,
        author_email=comment.author_email,
        author_url=comment.author_url,
        ip_address=comment.ip_address or "",
        user_agent=comment.user_agent,
        date_is_estimated=comment.date_is_estimated,
        source_site=comment.source_site,
        source_title=comment.source_title,
        source_url=comment.source_url,
        categories=comment.source_data.get("categories", []),
    )


def fixture_rows(posts: Iterable[PostRecord]) -> Iterator[dict]:
    """The responses as rows of a Django fixture: natural keys, no tree numbers."""
    for post in posts:
        for response in post.responses:
            fields = _fields(response)
            fields["created_at"] = response.created_at.isoformat()
            fields["author"] = [response.author] if response.author else None
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
    address = _kept_ip(response.ip_address)
    return {
        "kind": response.kind,
        "state": response.state,
        "reasons": [wording.IMPORTED[response.state].said(origin=response.origin)],
        # What waits was not decided about by anybody.
        "is_decided": response.state != Comment.State.PENDING,
        "body": response.text,
        "body_format": response.text_format,
        "author_name": response.author_name[:245],
        "author_email": response.author_email[:100],
        "author_url": _kept_url(response.author_url, 200),
        "ip_address": address,
        # Kept with the address it came from, and gone with it.
        "user_agent": response.user_agent[:500] if address else "",
        "created_at": response.created_at,
        "date_is_estimated": response.date_is_estimated,
        "source_url": _kept_url(response.source_url, 2000),
        "source_title": response.source_title[:1000],
        "source_site": response.source_site[:500],
        "source_data": {"categories": categories} if categories else {},
    }


def _kept_url(url: str, limit: int) -> str:
    """A web address that fits; half of one would lead elsewhere."""
    is_web = url.lower().startswith(("http://", "https://"))
    return url if is_web and len(url) <= limit else ""


def _kept_ip(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


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
    """Store new comments with their places in their trees, level by level.

    The caller holds the lock on the table. A parent must stand before its reply,
    so no circle can come in. Trees that were here and grow are numbered anew.
    """
    place_of = {comment.guid: place for place, (comment, _) in enumerate(new)}
    parent_of: dict[int, int | None] = {}
    grown: set[int] = set()
    for place, (comment, response) in enumerate(new):
        above = place_of.get(response.parent or "")
        here = stored.get(response.parent or "")
        is_new = above is not None and new[above][0].post_id == comment.post_id
        parent_of[place] = above if is_new else None
        if not is_new and here and here.post_id == comment.post_id:
            comment.parent = here
            grown.add(comment.post_id)
    _number([comment for comment, _ in new], parent_of)
    _store_by_level([comment for comment, _ in new], parent_of)
    if grown:
        Comment.objects.renumber(grown)


def _number(comments: list[Comment], parent_of: Mapping[int, int | None]) -> None:
    root_count = sum(parent is None for parent in parent_of.values())
    tree_ids = iter(new_tree_ids(root_count))
    places = trees.number(parent_of.items(), lambda _: next(tree_ids))
    for place, comment in enumerate(comments):
        for name, value in places[place]._asdict().items():
            setattr(comment, name, value)


def _store_by_level(
    comments: list[Comment], parent_of: Mapping[int, int | None]
) -> None:
    """A reply needs its parent's key: each level is stored before the next."""
    by_level: dict[int, list[int]] = {}
    for place, comment in enumerate(comments):
        by_level.setdefault(comment.level, []).append(place)
    for level in sorted(by_level):
        for place in by_level[level]:
            above = parent_of[place]
            if above is not None:
                comments[place].parent = comments[above]
        Comment.objects.bulk_create(
            [comments[place] for place in by_level[level]],
            batch_size=trees.MAX_BATCH_ROWS,
        )
