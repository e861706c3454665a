"""Who can read a post: everybody, whoever has its password, or its writers alone."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from blog.models import Post

if TYPE_CHECKING:
    FormBase = forms.ModelForm
else:
    FormBase = object

NO_WORD_YET = _("Type the password readers will need, or choose “Public”.")


class Visibility(TextChoices):
    PUBLIC = "public", _("Public")
    PASSWORD = "password", _("With a password")
    PRIVATE = "private", _("Private")


class VisibilityField(forms.ChoiceField):
    """One of three. A form that does not ask leaves it as it is."""

    widget = forms.RadioSelect

    def __init__(self) -> None:
        super().__init__(
            label=_("Visibility"),
            choices=Visibility.choices,
            required=False,
            help_text=_("Private: its author and the editors alone can read it."),
        )

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        return bool(data) and super().has_changed(initial, data)


class ChoosesVisibility(FormBase):
    """For a form with a `VisibilityField` of that name and the post's password.

    There is no column for it: it follows from the state and the password.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "password" not in self.fields:
            # Not this person's to decide; declared fields are there all the same.
            self.fields.pop("visibility", None)
        if "visibility" in self.fields:
            self.initial["visibility"] = visibility_of(self.instance)

    def clean(self) -> dict | None:
        cleaned = super().clean() or self.cleaned_data
        wanted = cleaned.get("visibility")
        if wanted == Visibility.PASSWORD and not cleaned.get("password"):
            self.add_error("password", NO_WORD_YET)
        elif wanted:
            stored = self.initial.get("password", "")
            typed = cleaned.get("password", "")
            cleaned["password"] = seen_by(wanted, "", typed, stored)[1]
        return cleaned

    def out_status(self, status: str) -> str:
        """The state for something that goes out with `status`, as was chosen."""
        return seen_by(self.cleaned_data.get("visibility", ""), status, "", "")[0]


def visibility_of(post: Post) -> str:
    if post.status == Post.Status.PRIVATE:
        return Visibility.PRIVATE
    return Visibility.PASSWORD if post.password else Visibility.PUBLIC


def seen_by(wanted: str, status: str, typed: str, stored: str) -> tuple[str, str]:
    """Status and password that follow from a visibility; from none, what there is.

    `typed` stands in the field for the password, `stored` in the post. Only what is
    out can be out for a few.
    """
    if status in (Post.Status.PUBLISHED, Post.Status.PRIVATE) and wanted:
        is_private = wanted == Visibility.PRIVATE
        status = Post.Status.PRIVATE if is_private else Post.Status.PUBLISHED
    if wanted == Visibility.PUBLIC:
        return status, ""
    # Where it is private its field is not shown: what stands there was not meant.
    return status, stored if wanted == Visibility.PRIVATE else typed
