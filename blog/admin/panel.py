"""What stands beside the text on the write page: a panel of sections.

A section is one line here, and its name in the `panel` of `PostAdmin` or `PageAdmin`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import Fieldset
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """One part of the panel, which opens and closes.

    It is shown where the person may decide about one of its fields, or, if it has none,
    where everything `needs` names is true of the page. `key` is what a browser remembers
    by that it was opened.
    """

    key: str
    heading: str
    fields: tuple[str, ...] = ()
    template: str = "admin/blog/write/_fields.html"
    needs: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class ShownSection:
    """A section as it stands on one page, with the fields there are."""

    about: Section
    fieldset: Fieldset | None
    is_open: bool


PUBLISH = Section(
    "publish",
    _("Publish"),
    (
        "visibility",
        "password",
        "published_at",
        "date_is_estimated",
        "is_sticky",
        "author",
    ),
    is_open=True,
)
REVIEW = Section("review", _("Review"), ("review_note",), is_open=True)
CATEGORIES = Section("categories", _("Categories"), ("categories",), is_open=True)
TAGS = Section("tags", _("Tags"), ("tags",), is_open=True)
PLACE = Section("place", _("Place"), ("parent", "menu_order"), is_open=True)
PICTURE = Section("picture", _("Featured image"), ("featured_image",))
EXCERPT = Section("excerpt", _("Excerpt"), ("excerpt",))
ADDRESS = Section(
    "address",
    _("Address"),
    ("slug", "address", "language"),
    template="admin/blog/write/_address.html",
    is_open=True,
)
DISCUSSION = Section(
    "discussion",
    _("Discussion"),
    ("comments_open", "pings_open", "sends_pings", "trackback_urls"),
)
ELSEWHERE = Section(
    "elsewhere",
    _("Search and sharing"),
    ("meta_title", "meta_description", "social_image"),
    template="admin/blog/write/_elsewhere.html",
)
PREVIEW = Section(
    "preview",
    _("Preview link"),
    template="admin/blog/write/_preview_link.html",
    needs=("preview_link",),
    is_open=True,
)
TOLD = Section(
    "told",
    _("Told other blogs"),
    template="admin/blog/write/_told.html",
    needs=("original", "has_change_permission"),
    is_open=True,
)


def fieldsets(text: tuple, sections: Iterable[Section]) -> list[tuple]:
    """What Django's admin calls them: the text, then each section with fields."""
    named = [(one.heading, {"fields": one.fields}) for one in sections if one.fields]
    return [text, *named]


def shown(
    sections: Iterable[Section], page: Mapping[str, Any]
) -> tuple[Fieldset, list[ShownSection]]:
    """The text's fieldset, and the sections this page has.

    `page` is the context of the write page. A section with a fault is open.
    """
    text, *others = page["adminform"]
    by_heading = {fieldset.name: fieldset for fieldset in others}
    faulty = page["adminform"].form.errors.keys()
    there = []
    for section in sections:
        fieldset = by_heading.get(section.heading)
        has_all = all(page.get(name) for name in section.needs)
        if fieldset or (not section.fields and has_all):
            is_open = section.is_open or not faulty.isdisjoint(section.fields)
            there.append(ShownSection(section, fieldset, is_open))
    return text, there
