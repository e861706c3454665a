"""How django-reversion writes down a post: JSON, its text as pieces, tags by name.

Named in `SERIALIZATION_MODULES`, as the format "revision".
"""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers import json as json_format
from django.core.serializers import python as python_format

from blog import text_pieces


class Serializer(json_format.Serializer):
    """Tags by name, so that one nobody uses any more can come back.

    Categories by number, and by name for where they are gone.
    """

    internal_use_only = True

    def get_dump_object(self, obj: Any) -> dict:
        data = super().get_dump_object(obj)
        data["fields"]["body"] = text_pieces.store(obj.body)
        categories = obj.categories.all()
        data["category_names"] = {category.pk: category.name for category in categories}
        data["tags"] = sorted(item.tag.name for item in obj.tagged_items.all())
        return data


def Deserializer(stream: str, **options: Any) -> Iterator:
    """For django-reversion's own readers; the tags are not part of what they read."""
    rows = json.loads(stream)
    for row in rows:
        row["fields"]["body"] = text_pieces.load(row["fields"]["body"])
    yield from python_format.Deserializer(rows, **options)
