"""Stores what a reader made of a source: posts, categories, tags.

What is already here is known by its guid. It follows its source until somebody
edits it here; from then on it is left alone. Doing it again changes nothing.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from blog import publishing
from blog.models import Category, Post, User
from blog.transfer.records import BlogRecord, Fate, Note, PostRecord, Report


def load_posts(blog: BlogRecord, report: Report) -> dict[str, Post]:
    """Store the posts of `blog` in one transaction; by guid, all that are here now.

    Counts them in `report`, and takes over the reader's warnings.
    """
    report.warnings += blog.warnings
    with transaction.atomic():
        posts = {}
        for record in blog.posts:
            post, fate = _load(record, report)
            posts[post.guid] = post
            report.posts[fate] += 1
    return posts


def _load(record: PostRecord, report: Report) -> tuple[Post, Fate]:
    post = Post.objects.filter(guid=record.guid).first()
    if post is None:
        return _create(record, report), Fate.NEW
    if post.updated_at > _last_change(record, post):
        return post, Fate.LEFT
    return post, _update(post, record)


def _create(record: PostRecord, report: Report) -> Post:
    post = Post(
        guid=record.guid,
        kind=record.kind,
        status=record.status,
        title=record.title,
        slug=record.slug,
        body=record.body,
        excerpt=record.excerpt,
        author=_author(record, report),
        published_at=record.published_at,
        date_is_estimated=record.date_is_estimated,
        created_at=record.published_at,
        updated_at=record.updated_at or record.published_at,
        # The pages it links to were told long ago.
        sends_pings=False,
    )
    publishing.store(post, ())
    post.categories.set(_category(path) for path in record.categories)
    post.tags.add(*record.tags)
    return post


def _update(post: Post, record: PostRecord) -> Fate:
    """Bring text and date to what the source says; no write where they are."""
    wanted = {
        "title": record.title,
        "body": record.body,
        "excerpt": record.excerpt or post.excerpt,  # most sources tell none
        "published_at": _published_at(record, post),
        "date_is_estimated": record.date_is_estimated and post.date_is_estimated,
    }
    if all(getattr(post, name) == value for name, value in wanted.items()):
        return Fate.SAME
    for name, value in wanted.items():
        setattr(post, name, value)
    post.updated_at = _last_change(record, post)
    publishing.store(post, {*wanted, *Post.DERIVED, "updated_at"})
    return Fate.UPDATED


def _published_at(record: PostRecord, post: Post) -> datetime:
    """The record's date, unless what is stored is the same or a better one.

    Where a source tells no time, or not even the day, the loaded date depends on
    which page it came from: the first one stays.
    """
    if post.published_at is None:
        return record.published_at
    is_same_day = timezone.localdate(record.published_at) == post.published_on
    if record.date_is_estimated or (is_same_day and not record.time_is_known):
        return post.published_at
    return record.published_at


def _last_change(record: PostRecord, post: Post) -> datetime:
    """When the post last changed where it comes from, as far as is known."""
    return record.updated_at or _published_at(record, post)


def _author(record: PostRecord, report: Report) -> User | None:
    if not record.author:
        return None
    author = User.objects.filter(username=record.author).first()
    if author is None:
        sentence = f"nobody here has the login “{record.author}”: no byline"
        report.warnings.append(Note(sentence, record.origin))
    return author


def _category(path: tuple[str, ...]) -> Category:
    """The category at the end of a path of names, made where it is missing."""
    *above, name = path
    parent = _category(tuple(above)) if above else None
    found = Category.objects.filter(name=name, parent=parent).first()
    return found or Category.objects.create(name=name, parent=parent)
