"""Which rows public pages are made of: a change of one makes all pages anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db.models import Field
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class PublicTable:
    """A table, by its model's label; by default each change of each row counts.

    `unseen`: columns no public page shows. `new_if`: of new rows those alone count
    that this condition in SQL holds of (`NEW` is the row). With it goes `taken`: which
    rows SQLite's REPLACE takes away for a new one; it tells no trigger of that
    (sqlite.org/lang_conflict.html).
    """

    model: str
    unseen: tuple[str, ...] = ()
    new_if: str = ""
    taken: str = ""

    @property
    def name(self) -> str:
        return apps.get_model(self.model)._meta.db_table

    @property
    def seen(self) -> list[str]:
        """The columns a change of which counts."""
        return [
            field.column
            for field in self._fields
            if field.column and field.column not in self.unseen
        ]

    @property
    def _fields(self) -> Sequence[Field]:
        return apps.get_model(self.model)._meta.local_concrete_fields


OF_BLOG = (
    PublicTable("blog.Post", unseen=("preview_number",)),
    PublicTable("blog.Post_categories"),
    PublicTable("blog.TaggedPost"),
    PublicTable("blog.Category"),
    PublicTable("blog.Tag"),
    PublicTable("blog.Media", unseen=("renditions_due_at", "renditions_tries")),
    PublicTable("blog.Embed", unseen=("tries", "next_try_at")),
    PublicTable("blog.Redirect"),
    # Which old addresses of files lead to one that is here.
    PublicTable("blog.OldFile", unseen=("tries", "next_try_at")),
    PublicTable("blog.SiteSettings"),
    PublicTable("blog.User", unseen=("password", "last_login", "review_mails")),
)


@cache
def all_of_them() -> tuple[PublicTable, ...]:
    """Those that the settings name. The blog does not know whose they are."""
    return tuple(_named())


def _named() -> Iterator[PublicTable]:
    for path in settings.PUBLIC_TABLES:
        yield from import_string(path)
