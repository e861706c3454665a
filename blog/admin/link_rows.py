"""A list of links as rows with fields: a menu, a blogroll."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.widgets import ProjectTemplateMixin

# More would be more fields than a form may have.
MAX_ROWS = 200
BLANK_ROWS = 3
# Links of the kinds people write, as the fields show them.
LABELS = {"name": _("Name"), "url": _("Address"), "description": _("A few words")}
_check_url = URLValidator(schemes=["http", "https"])

Link = dict[str, str]


class TypedLinks(list[Link]):
    """Rows as somebody typed them: in their order, the empty and removed left out."""


class LinkRows(ProjectTemplateMixin, forms.Widget):
    """Each row: its parts, a number for its place, and a box that removes it.

    link-rows.js adds handles to drag and a button for more rows; without it there
    are some blank rows at the end.
    """

    template_name = "admin/blog/widgets/link_rows.html"
    use_fieldset = True

    class Media:
        css = {"all": ["blog/admin/link-rows.css"]}
        js = [forms.Script("blog/admin/link-rows.js", type="module")]

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedLinks:
        rows = []
        for number in range(_row_count(data, name)):
            row = f"{name}-{number}"
            link = {part: data.get(f"{row}-{part}", "").strip() for part in self.parts}
            if any(link.values()) and f"{row}-removed" not in data:
                rows.append((_place(data.get(f"{row}-place")), number, link))
        rows.sort(key=lambda row: row[:2])
        return TypedLinks(link for _, _, link in rows)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-count" not in data

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, None, attrs)
        links = value or []
        is_typed = isinstance(links, TypedLinks)
        blank: list[Link] = [{} for _ in range(BLANK_ROWS)]
        rows = [self._row(link, is_typed=is_typed) for link in [*links, *blank]]
        return context | {"rows": rows, "new": self._row({}), "max_rows": MAX_ROWS}

    def _row(self, link: Link, *, is_typed: bool = False) -> dict[str, Any]:
        wrong, sentence = fault(link) if is_typed and link else ("", "")
        fields = [
            {
                "part": part,
                "label": LABELS[part],
                "value": link.get(part, ""),
                "is_wrong": part == wrong,
            }
            for part in self.parts
        ]
        return {"fields": fields, "fault": sentence}


class LinksField(forms.Field):
    """Gives a list of `{part: text}`, in the order of the places typed."""

    def __init__(self, *, parts: Sequence[str], **kwargs: Any) -> None:
        super().__init__(required=False, widget=LinkRows(parts), **kwargs)
        self.parts = parts

    def clean(self, value: TypedLinks) -> list[Link]:
        errors = [
            gettext("Row %(number)s: %(sentence)s")
            % {"number": number, "sentence": sentence}
            for number, link in enumerate(value, start=1)
            if (sentence := fault(link)[1])
        ]
        if len(value) > MAX_ROWS:
            errors.append(
                gettext("These are %(count)s links; at most %(limit)s are kept.")
                % {"count": len(value), "limit": MAX_ROWS}
            )
        if errors:
            raise ValidationError(errors)
        return list(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        parts = [{part: link.get(part, "") for part in self.parts} for link in initial]
        return parts != list(data or [])


def fault(link: Link) -> tuple[str, str]:
    """The part that is wrong and a sentence about it; both empty where none is."""
    if not link.get("name"):
        return "name", gettext("a name is missing.")
    if not link.get("url"):
        return "url", gettext("an address is missing.")
    try:
        check_address(link["url"])
    except ValidationError as error:
        return "url", error.message
    return "", ""


def check_address(address: str) -> None:
    """Raise ValidationError unless it is a path here or a web address."""
    if address.startswith("/") and not address.startswith("//"):
        return
    try:
        _check_url(address)
    except ValidationError:
        shown = address if len(address) <= 60 else f"{address[:60]}…"
        raise ValidationError(
            gettext(
                "“%(shown)s” is no address: begin it with https://, http:// or a slash."
            )
            % {"shown": shown}
        ) from None


def _row_count(data: Any, name: str) -> int:
    """How many rows the form says it has; never more than its fields could be."""
    count = data.get(f"{name}-count", "")
    return min(int(count), 10 * MAX_ROWS) if count.isascii() and count.isdigit() else 0


def _place(typed: str | None) -> float:
    """What has no number stands at the end."""
    try:
        return float(int(typed or ""))
    except ValueError:
        return float("inf")
