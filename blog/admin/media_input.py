"""Choosing a picture of the library on the write page.

Without JavaScript a picture is chosen by its number, which the library shows.
"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.admin.widgets import ProjectTemplateMixin
from blog.models import Media, User

NOT_THERE = _("There is no picture with this number in the library.")
MAY_NOT = _("You may not add pictures yet. An editor can put them in, or let you.")


def desk_attributes(user: User) -> dict[str, str | int]:
    """What the page's scripts need to know of a person and the library."""
    if not user.has_perm("blog.view_media"):
        return {"data-media-refusal": MAY_NOT}
    known: dict[str, str | int] = {
        "data-media-choices": reverse("admin:blog_media_choices")
    }
    if not user.has_perm("blog.add_media"):
        return known | {"data-media-refusal": MAY_NOT}
    return known | {
        "data-media-upload": reverse("admin:blog_media_upload"),
        "data-max-bytes": images.MAX_UPLOAD_BYTES,
    }


class MediaInput(ProjectTemplateMixin, forms.NumberInput):
    """The number of a picture; a thumbnail and buttons where there are scripts."""

    template_name = "admin/blog/widgets/media_input.html"

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["blog/admin/picker.css"]},
            js=[forms.Script("blog/admin/media-input.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        number = str(value or "")
        is_number = number.isascii() and number.isdecimal() and len(number) < 19
        context["chosen"] = (
            Media.objects.filter(pk=int(number), width__isnull=False).first()
            if is_number
            else None
        )
        return context


class PictureField(forms.ModelChoiceField):
    """A picture of the library, by its number."""

    widget = MediaInput

    def __init__(self, **kwargs: Any) -> None:
        pictures = Media.objects.filter(width__isnull=False)
        kwargs.setdefault("error_messages", {"invalid_choice": NOT_THERE})
        super().__init__(pictures, **kwargs)
        self.widget.attrs["min"] = 1


class ChoosesPictures:
    """For an admin whose rows show a picture of the library."""

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        """The field alone: the library is opened by its own buttons."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(field, PictureField):
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **kwargs):
        if db_field.remote_field.model is not Media:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = PictureField(
            required=not db_field.blank,
            label=db_field.verbose_name.capitalize(),
            help_text=db_field.help_text,
        )
        field.widget.attrs |= desk_attributes(request.user)
        return field
