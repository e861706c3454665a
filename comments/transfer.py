"""Stores the conversations of a blog that moves in, all of them at once.

A response that is already here is known by its guid. Its text follows the source
until somebody edits it here; its state and its place are ours alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from blog import comment_markup, languages, rows, trees
from blog.models import Post, User
from blog.transfer import numbers
from blog.transfer.records import Fate, PostRecord, Report, ResponseRecord
from blog.web_address import MAX_ADDRESS_LENGTH
from comments import wording
from comments.models import Comment, TreeNumber
from comments.models.comment import derived
from comments.posting import recount_all

# What a source may still correct later.
_FOLLOWED = ("body", "author_name", "source_url", "source_title", "source_site")
# In one question.
MAX_ASKED = 500


# A text and its format.
Text = tuple[str, str]


def rendered_below(post: PostRecord) -> dict[Text, str]:
    """What is served of each text below a post. No query."""
    return {
        text: comment_markup.render(*text, languages.of_blog())
        for text in {(one.text, one.text_format) for one in post.responses}
    }


class _Here(NamedTuple):
    """What is known of a comment that is here."""

    guid: str
    pk: int
    post_id: int
    edited_at: datetime | None
    # As `_FOLLOWED` has them.
    followed: tuple[str, ...]


def load_responses(
    records: Iterable[PostRecord],
    posts: Mapping[str, Post],
    report: Report,
    user_of: Callable[[str], User | None] = lambda login: None,
    rendered: Mapping[Text, str] = MappingProxyType({}),
) -> None:
    """Store the responses below `posts`, by guid; counts them in `report`.

    `user_of` knows accounts by login; `rendered` what `rendered_below` gave, as far as
    it was asked. Of those with one guid the first counts. One
    transaction. Nobody is notified. Posts whose conversation did not change are not
    touched.
    """
    found: dict[str, tuple[int, ResponseRecord]] = {}
    for post in records:
        for response in _each_source_once(post.responses):
            found.setdefault(response.guid, (posts[post.guid].pk, response))
    if not found:
        return
    with transaction.atomic(savepoint=False):
        trees.lock(Comment)
        here = _here(list(found))
        new: list[tuple[int, ResponseRecord]] = []
        changed_post_ids = set()
        for post_id, response in found.values():
            known = here.get(response.guid)
            fate = Fate.NEW if known is None else _update(known, response)
            if known is None:
                new.append((post_id, response))
            if fate in (Fate.NEW, Fate.UPDATED):
                changed_post_ids.add(post_id)
            report.count_response(response.kind, fate)
        _plant(_without_known_sources(new), here, user_of, rendered)
        recount_all(changed_post_ids)


def _each_source_once(
    responses: Iterable[ResponseRecord],
) -> Iterator[ResponseRecord]:
    """A page pings a post once in each way: what came again keeps its words alone."""
    seen: set[tuple[str, str]] = set()
    for response in responses:
        source = response.kind, _kept_url(response.source_url, MAX_ADDRESS_LENGTH)
        is_again = source in seen
        if response.source_url and response.kind != Comment.Kind.COMMENT:
            seen.add(source)
        yield replace(response, source_url="") if is_again else response


def _without_known_sources(
    new: list[tuple[int, ResponseRecord]],
) -> list[tuple[int, ResponseRecord]]:
    """The same for what pinged here itself. One query, where there are pings."""
    pings = [
        (post_id, response.kind, response.source_url)
        for post_id, response in new
        if response.source_url and response.kind != Comment.Kind.COMMENT
    ]
    if not pings:
        return new
    rows = Comment.objects.filter(
        post__in={post_id for post_id, _, _ in pings}, source_url__gt=""
    ).order_by()
    known = set(rows.values_list("post_id", "kind", "source_url"))
    return [
        (post_id, replace(response, source_url=""))
        if (post_id, response.kind, response.source_url) in known
        else (post_id, response)
        for post_id, response in new
    ]


def _here(guids: Sequence[str]) -> dict[str, _Here]:
    """Those of these that are here, by guid."""
    found = {}
    for start in range(0, len(guids), MAX_ASKED):
        rows = Comment.objects.filter(guid__in=guids[start : start + MAX_ASKED])
        columns = rows.order_by().values_list(
            "guid", "pk", "post_id", "edited_at", *_FOLLOWED
        )
        for guid, pk, post_id, edited_at, *followed in columns:
            found[guid] = _Here(guid, pk, post_id, edited_at, tuple(followed))
    return found


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
        for response in _each_source_once(post.responses):
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
    return _followed(response) | {
        "kind": response.kind,
        "state": response.state,
        "reasons": [wording.IMPORTED[response.state].said(origin=response.origin)],
        # What waits was not decided about by anybody.
        "is_decided": response.state != Comment.State.PENDING,
        "body_format": response.text_format,
        "author_email": response.author_email[:100],
        "author_url": _kept_url(response.author_url, 200),
        "ip_address": address,
        # Kept with the address it came from, and gone with it.
        "user_agent": response.user_agent[:500] if address else "",
        "created_at": response.created_at,
        "date_is_estimated": response.date_is_estimated,
        "source_data": {"categories": categories} if categories else {},
    }


def _followed(response: ResponseRecord) -> dict[str, str]:
    return {
        "body": response.text,
        "author_name": response.author_name[:245],
        "source_url": _kept_url(response.source_url, MAX_ADDRESS_LENGTH),
        "source_title": response.source_title[:1000],
        "source_site": response.source_site[:500],
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


def _update(known: _Here, response: ResponseRecord) -> Fate:
    if known.edited_at:
        return Fate.LEFT
    told = _followed(response)
    # What a source has lost takes nothing away from what is known here.
    wanted = {name: value for name, value in told.items() if value}
    stored = dict(zip(_FOLLOWED, known.followed, strict=True))
    if stored | wanted == stored:
        return Fate.SAME
    comment = Comment.objects.get(pk=known.pk)
    if _is_of_another(comment, wanted.get("source_url", "")):
        del wanted["source_url"]
        if stored | wanted == stored:
            return Fate.SAME
    for name, value in wanted.items():
        setattr(comment, name, value)
    comment.save(update_fields=[*_FOLLOWED, "body_html", "text_key"])
    return Fate.UPDATED


def _is_of_another(comment: Comment, source_url: str) -> bool:
    """Whether another ping is known by this address; it came again, or here first."""
    if not source_url or comment.kind == Comment.Kind.COMMENT:
        return False
    same = Comment.objects.filter(
        post=comment.post_id, kind=comment.kind, source_url=source_url
    )
    return same.exclude(pk=comment.pk).exists()


def _plant(
    new: list[tuple[int, ResponseRecord]],
    here: Mapping[str, _Here],
    user_of: Callable[[str], User | None],
    rendered: Mapping[Text, str],
) -> None:
    """Store new responses with their places in their trees.

    The caller holds the lock on the table. A parent must stand before its reply,
    so no circle can come in. Trees that were here and grow are numbered anew.
    """
    # `#comment-12` goes on to mean what it meant.
    keys = numbers.keys(Comment, [response.number for _, response in new])
    place_of = {response.guid: place for place, (_, response) in enumerate(new)}
    parent_of: dict[int, int | None] = {}
    above: dict[int, int] = {}
    grown: set[int] = set()
    for place, (post_id, response) in enumerate(new):
        answered = place_of.get(response.parent or "")
        known = here.get(response.parent or "")
        is_new = answered is not None and new[answered][0] == post_id
        parent_of[place] = answered if is_new else None
        if is_new and answered is not None:
            above[place] = keys[answered]
        elif known and known.post_id == post_id:
            above[place] = known.pk
            grown.add(post_id)
    roots = iter(_tree_ids(list(parent_of.values()).count(None)))
    places = trees.number(parent_of.items(), lambda _: next(roots))
    rows.insert(
        Comment,
        [
            _row(post_id, response, user_of, rendered)
            | {"id": keys[place], "parent_id": above.get(place)}
            | places[place]._asdict()
            for place, (post_id, response) in enumerate(new)
        ],
    )
    if grown:
        Comment.objects.renumber(grown)


def _row(
    post_id: int,
    response: ResponseRecord,
    user_of: Callable[[str], User | None],
    rendered: Mapping[Text, str],
) -> dict[str, Any]:
    fields = _fields(response)
    author = user_of(response.author)
    text = response.text, response.text_format
    html = rendered.get(text)
    if html is None:
        html = comment_markup.render(*text, languages.of_blog())
    return {
        "post_id": post_id,
        "guid": response.guid,
        "author_id": author.pk if author else None,
        **fields,
        **derived(fields, html),
    }


def _tree_ids(count: int) -> list[int]:
    """Numbers no tree has. A row for the last one: it is what a dump counts on by."""
    keys = numbers.next_keys(TreeNumber, count)
    if keys:
        rows.insert(TreeNumber, [{"id": keys[-1]}])
    return keys
