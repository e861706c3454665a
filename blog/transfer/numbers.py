"""Keeping the numbers rows had where they come from, as far as nobody has them here.

Addresses hold them: `/?p=12`, `#comment-12`.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, models

from blog.search.rows import among

# What goes beyond is no number anybody counted up to.
MAX_NUMBER = 2**31 - 1


def reserve(model: type[models.Model], numbers: Iterable[int | None]) -> set[int]:
    """Which of these no row of `model` has; from now on no new row gets one by itself.

    Three queries. The rows are to be stored in the transaction that is open.
    """
    wanted = {number for number in numbers if number and 0 < number <= MAX_NUMBER}
    if not wanted:
        return set()
    _count_on_behind(model, max(wanted))
    rows = model._base_manager.filter(pk__in=among(wanted))
    return wanted - set(rows.values_list("pk", flat=True))


def take(free: set[int], number: int | None) -> int | None:
    """`number` if it is among the free ones, which it then is not; else None."""
    if number not in free:
        return None
    free.discard(number)
    return number


def keys(model: type[models.Model], numbers: Sequence[int | None]) -> list[int]:
    """A key for each new row that has such a number: that one if it is free, else another.

    Of two with one number the first gets it. Four queries. As for `reserve`, the rows
    are to be stored in the transaction that is open.
    """
    free = reserve(model, numbers)
    kept = [take(free, number) for number in numbers]
    others = iter(next_keys(model, kept.count(None)))
    return [next(others) if key is None else key for key in kept]


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """So many keys that no row has, nor gets by itself."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) "
                "FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    _count_on_behind(model, last + count)
    return list(range(last + 1, last + count + 1))


def _count_on_behind(model: type[models.Model], number: int) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            # Never back, nor to where it stands: another writer may be given a number
            # between looking and setting.
            cursor.execute(
                f"SELECT setval(%s, %s) FROM {sequence} WHERE last_value <= %s",  # noqa: S608
                [sequence, number, number],
            )
            return
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        if cursor.fetchone() is None:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                [table, number],
            )
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s",
            [number, table],
        )
