"""Stores what a reader made of a source: posts and pages, and what they are filed in.

What is already here is known by its guid. It follows its source until somebody
edits it here; from then on it is left alone. Doing it again changes nothing.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blog import publishing, revisions, rows, storing
from blog.models import Post, Redirect, TaggedPost
from blog.slugs import MAX_SLUG_LENGTH, slug_from
from blog.transfer import numbers
from blog.transfer.records import Fate, Note, PostRecord, Report
from blog.transfer.terms import Terms
from blog.web_address import MAX_ADDRESS_LENGTH

_SLUG = re.compile(r"[-\w]+")


class Loader:
    """Stores posts batch by batch; what needs all of them is settled at the end.

    They fit their columns: see `fitting`.
    """

    def __init__(
        self,
        terms: Terms,
        report: Report,
        lead_image: Callable[[PostRecord], int | None] = lambda record: None,
    ) -> None:
        """`lead_image` gives the number here of a record's picture, if it is here."""
        self._terms = terms
        self._lead_image = lead_image
        self._report = report
        # By the source's own numbers: which pages stand below which.
        self._pk_of: dict[int, int] = {}
        self._below: list[tuple[int, PostRecord]] = []

    def load(self, records: Iterable[PostRecord]) -> dict[str, Post]:
        """Store these in one transaction; by guid, as they are here now."""
        records = list(records)
        with transaction.atomic(savepoint=False):
            here = self._here(records)
            new = [record for record in records if record.guid not in here]
            posts = here | self._create(new)
            moved = new
            for record in records:
                post = posts[record.guid]
                fate = Fate.NEW
                if record.guid in here:
                    fate = self._follow(record, post)
                    moved = [*moved, record] if fate != Fate.SAME else moved
                self._report.posts[fate] += 1
                self._remember(record, post, fate)
            self._leave_redirects((record, posts[record.guid]) for record in moved)
        return posts

    def _here(self, records: Iterable[PostRecord]) -> dict[str, Post]:
        posts = Post.objects.defer("body_html", "lead")
        return posts.in_bulk([record.guid for record in records], field_name="guid")

    def _remember(self, record: PostRecord, post: Post, fate: Fate) -> None:
        """What is to be settled when all are here."""
        if record.number:
            self._pk_of[record.number] = post.pk
        # One that was stopped before it came so far is taken up again.
        is_below = record.parent and record.kind == "page"
        if is_below and not post.parent_id and fate != Fate.LEFT:
            self._below.append((post.pk, replace(record, body="", responses=[])))

    def settle(self) -> None:
        """Put pages below their parents, which may have come later. One transaction."""
        with transaction.atomic():
            for pk, record in self._below:
                page = Post.objects.get(pk=pk)
                parent = Post.objects.filter(
                    pk=self._pk_of.get(record.parent or 0), kind=Post.Kind.PAGE
                ).first()
                if parent is None:
                    sentence = f"the page above “{page}” is not there"
                    note = Note(sentence, record.origin, record.line)
                    self._report.warnings.append(note)
                    continue
                # At the top its slug may have been somebody else's.
                page.parent, page.slug = parent, _valid(record.slug)
                self._store_below(page, record)

    def _store_below(self, page: Post, record: PostRecord) -> None:
        try:
            publishing.store(page, {"parent", *Post.DERIVED})
        except ValidationError:
            sentence = f"the pages above “{page}” run in a circle: it stays at the top"
            note = Note(sentence, record.origin, record.line)
            self._report.warnings.append(note)
            return
        self._leave_redirects([(record, page)])

    def _follow(self, record: PostRecord, post: Post) -> Fate:
        if _is_edited_here(record, post):
            return Fate.LEFT
        if _is_another(record, post):
            # Of two folders that have a text at one path, say.
            revisions.keep_first(post.pk)
            sentence = (
                f"“{record.title}” took the place of “{post}”, which is in its history: "
                "both are known by one guid"
            )
            self._report.warnings.append(Note(sentence, record.origin, record.line))
        return _update(post, record, self._lead_image(record))

    def _create(self, records: list[PostRecord]) -> dict[str, Post]:
        """New posts and pages, filed and tagged; by guid."""
        # `/?p=12` goes on to mean what it meant.
        keys = numbers.keys(Post, [record.number for record in records])
        posts = [
            self._post(record, key) for record, key in zip(records, keys, strict=True)
        ]
        storing.store_new(posts)
        filed = [
            {"post_id": key, "category_id": category.pk}
            for record, key in zip(records, keys, strict=True)
            for category in self._terms.categories(record.categories)
        ]
        rows.insert(Post.categories.through, filed)
        tagged = [
            {"content_object_id": key, "tag_id": tag.pk}
            for record, key in zip(records, keys, strict=True)
            for tag in self._terms.tags(record.tags)
        ]
        rows.insert(TaggedPost, tagged)
        return {post.guid: post for post in posts}

    def _post(self, record: PostRecord, key: int) -> Post:
        return Post(
            pk=key,
            guid=record.guid,
            kind=record.kind,
            status=record.status,
            title=record.title,
            slug=_valid(record.slug),
            body=record.body,
            excerpt=record.excerpt,
            author=self._terms.user(record.author),
            featured_image_id=self._lead_image(record),
            published_at=record.published_at,
            date_is_estimated=record.date_is_estimated,
            created_at=record.written_at,
            updated_at=record.updated_at or record.written_at,
            password=record.password,
            is_sticky=record.is_sticky,
            comments_open=record.comments_open,
            pings_open=record.pings_open,
            menu_order=record.menu_order,
            language=record.language,
            meta_title=record.meta_title,
            meta_description=record.meta_description,
            # The pages it links to were told long ago.
            sends_pings=False,
        )

    def _leave_redirects(self, moved: Iterable[tuple[PostRecord, Post]]) -> None:
        """Old addresses lead here, unless something else is known of them."""
        left: dict[str, dict[str, str]] = {}
        for record, post in moved:
            address = post.get_absolute_url() if post.is_public else ""
            for old in record.addresses if address else ():
                # Nothing leads away from the home page, which is always there.
                is_left = old not in (address, "/") and len(old) <= MAX_ADDRESS_LENGTH
                if is_left:
                    left.setdefault(old, {"old_path": old, "new_path": address})
        rows.insert(Redirect, list(left.values()), ignores_conflicts=True)


def _valid(slug: str) -> str:
    if len(slug) <= MAX_SLUG_LENGTH and _SLUG.fullmatch(slug):
        return slug
    return slug_from(slug)


def _is_edited_here(record: PostRecord, post: Post) -> bool:
    """Whether somebody changed the post here, which says now, since it came in.

    A source may say that it will change: what is scheduled there has no other date.
    """
    now, last_change = timezone.now(), _last_change(record, post)
    return post.updated_at > last_change or post.updated_at <= now < last_change


def _is_another(record: PostRecord, post: Post) -> bool:
    """Whether it has neither the title nor the day of the one that is here."""
    if record.published_at is None or post.published_on is None:
        return False
    is_other_day = timezone.localdate(record.published_at) != post.published_on
    return is_other_day and record.title != post.title


def _update(post: Post, record: PostRecord, lead_image: int | None) -> Fate:
    """Bring text, date and state to what the source says; no write where they are."""
    wanted = {
        "status": record.status,
        "password": record.password,
        "title": record.title,
        "body": record.body,
        "excerpt": record.excerpt or post.excerpt,  # most sources tell none
        "published_at": _published_at(record, post),
        "date_is_estimated": record.date_is_estimated and post.date_is_estimated,
        "featured_image_id": lead_image or post.featured_image_id,
    }
    if all(getattr(post, name) == value for name, value in wanted.items()):
        return Fate.SAME
    for name, value in wanted.items():
        setattr(post, name, value)
    post.updated_at = _last_change(record, post)
    columns = {name.removesuffix("_id") for name in wanted}
    publishing.store(post, {*columns, *Post.DERIVED, "updated_at"})
    return Fate.UPDATED


def _published_at(record: PostRecord, post: Post) -> datetime | None:
    """The record's date, unless what is stored is the same or a better one.

    Where a source tells no time, or not even the day, the loaded date depends on
    which page it came from: the first one stays.
    """
    if post.published_at is None or record.published_at is None:
        return record.published_at
    is_same_day = timezone.localdate(record.published_at) == post.published_on
    if record.date_is_estimated or (is_same_day and not record.time_is_known):
        return post.published_at
    return record.published_at


def _last_change(record: PostRecord, post: Post) -> datetime:
    """When the post last changed where it comes from, as far as is known."""
    return record.updated_at or _published_at(record, post) or record.written_at
