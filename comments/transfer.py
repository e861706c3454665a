"""Stores the conversations of a blog that moves in, all of them at once.

A response that is already here is known by its guid. Its text follows the source
until somebody edits it here; its state and its place are ours alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from blog import rows, trees
from blog.models import Post, User
from blog.search.rows import among_words
from blog.transfer import numbers
from blog.transfer.records import Fate, Report, ResponseRecord
from blog.transfer.rewriting import with_addresses
from comments.incoming import COLUMNS, FOLLOWED, Said
from comments.models import Comment, TreeNumber
from comments.posting import recount_all

_OF_TEXT = ("body", "body_html", "text_key")
# In one question.
MAX_ASKED = 500


class _Here(NamedTuple):
    """What is known of a comment that is here."""

    guid: str
    pk: int
    post_id: int
    edited_at: datetime | None
    # As `FOLLOWED` has them.
    followed: tuple[str, ...]


def load_responses(
    below: Iterable[tuple[int, Said]],
    report: Report,
    user_of: Callable[[str], User | None] = lambda login: None,
) -> None:
    """Store responses, each with the key of its post; counts them in `report`.

    `user_of` knows accounts by login. Of those with one guid the first counts. One
    transaction. Nobody is notified. Posts whose conversation did not change are not
    touched.
    """
    found: dict[str, tuple[int, Said]] = {}
    for post_id, said in below:
        found.setdefault(said.guid, (post_id, said))
    if not found:
        return
    with transaction.atomic(savepoint=False):
        trees.lock(Comment)
        here = _here(list(found))
        new: list[tuple[int, Said]] = []
        changed_post_ids = set()
        for post_id, said in found.values():
            known = here.get(said.guid)
            fate = Fate.NEW if known is None else _update(known, said)
            if known is None:
                new.append((post_id, said))
            if fate in (Fate.NEW, Fate.UPDATED):
                changed_post_ids.add(post_id)
            report.count_response(said.kind, fate)
        if new:
            new = _without_known_sources(new)
            report.renumbered += _plant(new, here, user_of)
        recount_all(changed_post_ids)


def lead_on(changes: Mapping[str, Mapping[str, str]]) -> int:
    """Put other addresses into the texts of these comments, by guid; how many changed.

    What was edited here is left alone.
    """
    count = 0
    guids = sorted(changes)
    for start in range(0, len(guids), MAX_ASKED):
        with transaction.atomic():
            here = Comment.objects.filter(guid__in=guids[start : start + MAX_ASKED])
            changed_post_ids = set()
            for comment in here.filter(edited_at=None).order_by("pk"):
                body = with_addresses(comment.body, changes[comment.guid].get)
                if body != comment.body:
                    comment.body = body
                    comment.save(update_fields=_OF_TEXT)
                    changed_post_ids.add(comment.post_id)
                    count += 1
            recount_all(changed_post_ids)
    return count


def _without_known_sources(new: list[tuple[int, Said]]) -> list[tuple[int, Said]]:
    """A page that pinged here itself keeps its address: what comes has its words alone.

    One query, where there are pings.
    """
    pinged = {
        post_id
        for post_id, said in new
        if said.source_url and said.kind != Comment.Kind.COMMENT
    }
    if not pinged:
        return new
    rows = Comment.objects.filter(post__in=pinged, source_url__gt="").order_by()
    known = set(rows.values_list("post_id", "kind", "source_url"))
    return [
        (post_id, said._replace(source_url=""))
        if (post_id, said.kind, said.source_url) in known
        else (post_id, said)
        for post_id, said in new
    ]


def _here(guids: Sequence[str]) -> dict[str, _Here]:
    """Those of these that are here, by guid."""
    rows = Comment.objects.filter(guid__in=among_words(guids)).order_by()
    columns = rows.values_list("guid", "pk", "post_id", "edited_at", *FOLLOWED)
    return {
        guid: _Here(guid, pk, post_id, edited_at, tuple(followed))
        for guid, pk, post_id, edited_at, *followed in columns
    }


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


def _update(known: _Here, said: Said) -> Fate:
    if known.edited_at:
        return Fate.LEFT
    # What a source has lost takes nothing away from what is known here.
    told = {name: getattr(said, name) for name in FOLLOWED}
    wanted = {name: value for name, value in told.items() if value}
    stored = dict(zip(FOLLOWED, known.followed, strict=True))
    if stored | wanted == stored:
        return Fate.SAME
    comment = Comment.objects.get(pk=known.pk)
    if _is_of_another(comment, wanted.get("source_url", "")):
        del wanted["source_url"]
        if stored | wanted == stored:
            return Fate.SAME
    for name, value in wanted.items():
        setattr(comment, name, value)
    comment.save(update_fields={*FOLLOWED, *_OF_TEXT})
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
    new: list[tuple[int, Said]],
    here: Mapping[str, _Here],
    user_of: Callable[[str], User | None],
) -> int:
    """Store new responses with their places in their trees; how many have other numbers.

    The caller holds the lock on the table. A parent must stand before its reply,
    so no circle can come in. Trees that were here and grow are numbered anew.
    """
    # `#comment-12` goes on to mean what it meant.
    keys = numbers.keys(Comment, [said.number for _, said in new])
    place_of = {said.guid: place for place, (_, said) in enumerate(new)}
    parent_of: dict[int, int | None] = {}
    above: dict[int, int] = {}
    grown: set[int] = set()
    for place, (post_id, said) in enumerate(new):
        answered = place_of.get(said.parent or "")
        known = here.get(said.parent or "")
        is_new = answered is not None and new[answered][0] == post_id
        parent_of[place] = answered if is_new else None
        if is_new and answered is not None:
            above[place] = keys[answered]
        elif known and known.post_id == post_id:
            above[place] = known.pk
            grown.add(post_id)
    roots = iter(_tree_ids(list(parent_of.values()).count(None)))
    places = trees.number(parent_of.items(), lambda _: next(roots))
    _store(new, keys, [above.get(place) for place in range(len(new))], places, user_of)
    if grown:
        Comment.objects.renumber(grown)
    told = (said.number for _, said in new)
    return sum(
        number not in (None, key) for number, key in zip(told, keys, strict=True)
    )


def _store(
    new: list[tuple[int, Said]],
    keys: list[int],
    parents: list[int | None],
    places: Mapping[int, trees.Place],
    user_of: Callable[[str], User | None],
) -> None:
    told = [said for _, said in new]
    said_of = dict(zip(Said._fields, zip(*told, strict=True), strict=True))
    user_named = {login: user_of(login) for login in set(said_of["author"])}
    key_named = {login: user and user.pk for login, user in user_named.items()}
    numbers_of = zip(*(places[place] for place in range(len(new))), strict=True)
    rows.insert_columns(
        Comment,
        {
            "id": keys,
            "post_id": [post_id for post_id, _ in new],
            "parent_id": parents,
            "author_id": [key_named[said.author] for said in told],
            **{name: said_of[name] for name in COLUMNS},
            **dict(zip(trees.Place._fields, numbers_of, strict=True)),
        },
    )


def _tree_ids(count: int) -> list[int]:
    """Numbers no tree has. A row for the last one: it is what a dump counts on by."""
    keys = numbers.next_keys(TreeNumber, count)
    if keys:
        rows.insert(TreeNumber, [{"id": keys[-1]}])
    return keys
