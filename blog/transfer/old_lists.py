"""What is left of the addresses of a moved blog's lists: those of its categories,
tags and authors, which had numbers there."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.urls import reverse
from django.utils.encoding import escape_uri_path

from blog.models import Category, Post, Redirect
from blog.transfer.records import BlogRecord, CategoryRecord, TagRecord, UserRecord
from blog.transfer.terms import Terms, category_slug, page_of
from blog.web_address import MAX_ADDRESS_LENGTH

BATCH_ROWS = 500


def leave(blog: BlogRecord, terms: Terms) -> None:
    """Lead from where its lists were to where they are, unless something else is known.

    When all posts are in: nobody is told the name of somebody who never published.
    """
    with transaction.atomic():
        rows = [
            Redirect(old_path=old, new_path=new)
            for old, new in _leading(blog, terms)
            if unquote(old) != unquote(new) and len(old) <= MAX_ADDRESS_LENGTH
        ]
        Redirect.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH_ROWS)


def _leading(blog: BlogRecord, terms: Terms) -> Iterator[tuple[str, str]]:
    yield from of_home(blog)
    # Asked anew: those that came later moved others.
    now = Category.objects.in_bulk()
    for old, category in of_categories(blog):
        for one in terms.categories([category.slug]):
            yield old, now[one.pk].get_absolute_url()
    for old, tag in of_tags(blog):
        for label in terms.tags([tag.slug]):
            yield old, label.get_absolute_url()
    public = Post.objects.published().posts()
    heard = set(public.order_by().values_list("author", flat=True).distinct())
    for old, record in of_users(blog):
        user = terms.user(record.login)
        if user and user.pk in heard:
            yield old, user.get_absolute_url()


def of_home(blog: BlogRecord) -> Iterator[tuple[str, str]]:
    """Where it began below a folder, `/blog/`, and where it begins here."""
    try:
        folder = urlsplit(blog.url).path.strip("/")
    except ValueError:
        return
    if folder:
        yield f"/{escape_uri_path(unquote(folder))}/", reverse("blog:home")


def of_categories(blog: BlogRecord) -> Iterator[tuple[str, CategoryRecord]]:
    """Where each was listed."""
    by_slug = {record.slug: record for record in blog.categories}
    for record in blog.categories:
        named: list[str] = []
        if record.slug != category_slug(record):
            paths = (path_of(record, by_slug), record.slug)
            named = [f"/category/{escape_uri_path(path)}/" for path in paths]
        for old in dict.fromkeys([*record.addresses, *named]):
            yield old, record


def path_of(record: CategoryRecord, by_slug: Mapping[str, CategoryRecord]) -> str:
    """Its slug with those above it, as far as the source tells; a circle is cut."""
    names = [record.slug]
    while (above := by_slug.get(record.parent)) and above.slug not in names:
        names.insert(0, above.slug)
        record = above
    return "/".join(names)


def of_tags(blog: BlogRecord) -> Iterator[tuple[str, TagRecord]]:
    for record in blog.tags:
        for old in [*record.addresses, f"/tag/{escape_uri_path(record.slug)}/"]:
            yield old, record


def of_users(blog: BlogRecord) -> Iterator[tuple[str, UserRecord]]:
    for record in blog.users:
        if record.login:
            for old in [*record.addresses, page_of(record)]:
                yield old, record
