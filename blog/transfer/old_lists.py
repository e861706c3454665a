"""What is left of the addresses of a moved blog's lists: those of its categories,
tags and authors, which had numbers there."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from blog.models import Category, Post, Redirect, Tag, User
from blog.transfer.records import BlogRecord, CategoryRecord
from blog.transfer.terms import Terms, page_of
from blog.web_address import MAX_ADDRESS_LENGTH

BATCH_ROWS = 500


def leave(blog: BlogRecord, terms: Terms) -> None:
    """Lead from where its lists were to where they are, unless something else is known.

    When all posts are in: nobody is told the name of somebody who never published.
    """
    with transaction.atomic():
        rows = [
            Redirect(old_path=old, new_path=new)
            for old, new in (
                *_home(blog),
                *_subjects(blog, terms),
                *_authors(blog, terms),
            )
            if old != new and len(old) <= MAX_ADDRESS_LENGTH
        ]
        Redirect.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH_ROWS)


def _home(blog: BlogRecord) -> Iterator[tuple[str, str]]:
    """Where it began below a folder: `/blog/`."""
    try:
        folder = urlsplit(blog.url).path.strip("/")
    except ValueError:
        return
    if folder:
        yield f"/{escape_uri_path(unquote(folder))}/", reverse("blog:home")


def _subjects(blog: BlogRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    by_slug = {record.slug: record for record in blog.categories}
    # Asked anew: those that came later moved others.
    now = Category.objects.in_bulk()
    for record in blog.categories:
        for category in terms.categories([record.slug]):
            yield from _each(record.addresses, now[category.pk])
            if record.slug != category.slug:
                paths = (path_of(record, by_slug), record.slug)
                named = [f"/category/{escape_uri_path(path)}/" for path in paths]
                yield from _each(dict.fromkeys(named), now[category.pk])
    for label in blog.tags:
        for tag in terms.tags([label.slug]):
            yield from _each(label.addresses, tag)
            if label.slug != tag.slug:
                yield from _each([f"/tag/{escape_uri_path(label.slug)}/"], tag)


def path_of(record: CategoryRecord, by_slug: Mapping[str, CategoryRecord]) -> str:
    """Its slug with those above it, as far as the source tells; a circle is cut."""
    names = [record.slug]
    while (above := by_slug.get(record.parent)) and above.slug not in names:
        names.insert(0, above.slug)
        record = above
    return "/".join(names)


def _authors(blog: BlogRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    public = Post.objects.published().posts()
    heard = set(public.order_by().values_list("author", flat=True).distinct())
    for record in blog.users:
        user = terms.user(record.login) if record.login else None
        if user and user.pk in heard:
            yield from _each([*record.addresses, page_of(record)], user)


def _each(
    addresses: Iterable[str], thing: Category | Tag | User
) -> Iterator[tuple[str, str]]:
    for address in addresses:
        yield address, thing.get_absolute_url()
