"""Numbers for trees of comments that nobody else has."""

from django.db import models


class TreeNumber(models.Model):
    """Gives each root comment a `tree_id` nobody else has.

    Its rows mean nothing but their key. mptt would take the table's largest
    `tree_id` plus one, which two writers at once both do. An own table's key
    works the same on every database, and costs one small insert.
    """


def new_tree_ids(count: int) -> list[int]:
    """`count` tree numbers nobody else has."""
    rows = TreeNumber.objects.bulk_create([TreeNumber() for _ in range(count)])
    return [row.pk for row in rows]
