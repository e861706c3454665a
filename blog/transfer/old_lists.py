"""What is left of the addresses of a moved blog's lists: those of its categories,
tags and authors, which had numbers there."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from blog.models import Category, Post, Redirect, Tag, User
from blog.slugs import slug_from
from blog.transfer.records import BlogRecord
from blog.transfer.terms import Terms

BATCH_ROWS = 500


def leave(blog: BlogRecord, terms: Terms) -> None:
    """Lead from where its lists were to where they are, unless something else is known.

    When all posts are in: nobody is told the name of somebody who never published.
    """
    with transaction.atomic():
        rows = [
            Redirect(old_path=old, new_path=new)
            for old, new in (*_subjects(blog, terms), *_authors(blog, terms))
            if old != new
        ]
        Redirect.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH_ROWS)


def _subjects(blog: BlogRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    categories = [record for record in blog.categories if record.addresses]
    stored = terms.categories(record.slug for record in categories)
    # Asked anew: those that came later moved others.
    now = Category.objects.in_bulk([category.pk for category in stored])
    for record, category in zip(categories, stored, strict=True):
        yield from _each(record.addresses, now[category.pk])
    tagged = [record for record in blog.tags if record.addresses]
    for named in tagged:
        for tag in terms.tags([named.slug]):
            yield from _each(named.addresses, tag)


def _authors(blog: BlogRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    public = Post.objects.published().posts()
    heard = set(public.order_by().values_list("author", flat=True).distinct())
    for record in blog.users:
        user = terms.user(record.login) if record.login else None
        if user and user.pk in heard:
            named = User(slug=slug_from(record.login, "author")).get_absolute_url()
            yield from _each([*record.addresses, named], user)


def _each(
    addresses: Iterable[str], thing: Category | Tag | User
) -> Iterator[tuple[str, str]]:
    for address in addresses:
        yield address, thing.get_absolute_url()
