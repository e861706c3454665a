"""The paths of pages: one lock for whoever writes them, and what follows from parents."""

from collections.abc import Iterable

from django.db import connections

from blog import trees

# Any number will do, as long as nothing else in the database locks the same.
_LOCK_KEY = 0x70616765


def lock(using: str = "default") -> None:
    """Let nobody else write a page until the transaction ends.

    Taken before any row is locked. Posts lie in the same table and are written
    meanwhile, so it is no lock on the table: whoever counts a post's comments
    has its row already when it asks to write, and both would wait for ever.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("Pages are only written inside transaction.atomic().")
    # On SQLite nothing is to be done: transactions come one after the other.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])


def slugs_and_paths(
    pages: Iterable[tuple[int, int | None, str]],
) -> dict[int, tuple[str, str]]:
    """Slug and path of each page `(pk, parent pk, slug)`, by its key.

    A slug gets a number where a page before it has the same path; so it can only
    change where two neighbours share one. The first of a circle counts as a page
    at the top.
    """
    rows = list(pages)
    places = trees.number(((pk, parent) for pk, parent, _ in rows), lambda _: 0)
    found: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for pk, parent, wanted in sorted(rows, key=lambda row: places[row[0]].level):
        above = f"{found[parent][1]}/" if parent and places[pk].level else ""
        slug, number = wanted, 1
        while above + slug in taken:
            number += 1
            slug = f"{wanted}-{number}"
        taken.add(above + slug)
        found[pk] = (slug, above + slug)
    return found
