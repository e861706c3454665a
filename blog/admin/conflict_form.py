"""A form that notices what others saved since it was opened.

It carries the `updated_at` of what was read (`read_at`). Where that is not what is
stored, it is only saved over what its writer has seen since (`seen_at`).
"""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from blog import meanwhile, page_paths
from blog.admin.visibility import visibility_of
from blog.meanwhile import Meanwhile
from blog.models import Post
from blog.revisions import LABELS

# The buttons of the conflict page.
MINE, BOTH, GO_ON, THEIRS = "_mine", "_both", "_go_on", "_theirs"


class ConflictForm(forms.ModelForm):
    """Where somebody else was faster, `meanwhile` says what they did."""

    meanwhile: Meanwhile | None = None

    def wanted_status(self) -> str:
        raise NotImplementedError

    def has_asked_for_status(self) -> bool:
        raise NotImplementedError

    def clean(self) -> dict | None:
        cleaned = super().clean()
        # Faults come first; the form is sent again after them.
        if self.instance.pk and self.data.get("read_at") and not self.errors:
            self._look_around()
        return cleaned

    def _look_around(self) -> None:
        """Raise ValidationError where what is stored would be replaced unseen."""
        stored_at = self._hold_row()
        if self.data["read_at"] == stored_at.isoformat():
            return
        post = Post.objects.get(pk=self.instance.pk)
        asked = ["status"] if self.has_asked_for_status() else []
        read_at = moment_or_none(self.data["read_at"])
        found = meanwhile.since(read_at, post, self._fields(), asked)
        if found.is_harmless:
            return
        has_seen = self.data.get("seen_at") == stored_at.isoformat()
        if has_seen and MINE in self.data:
            return
        if has_seen and BOTH in self.data and found.can_keep_both:
            self._take(found.theirs_alone, post)
            return
        self.meanwhile = found
        raise ValidationError(gettext("Somebody saved this while you were writing."))

    def _hold_row(self) -> Any:
        """When it was stored; nobody stores it again until this request is done."""
        if self.instance.is_page:
            page_paths.lock()  # before any row, as everybody who writes pages does
        row = Post.objects.select_for_update().filter(pk=self.instance.pk)
        return row.values_list("updated_at", flat=True).get()

    def _fields(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        mine = {name: value for name, value in cleaned.items() if name in LABELS}
        return mine | {"status": self.wanted_status()}

    def _take(self, names: list[str], post: Post) -> None:
        """Clean to what is stored in these fields."""
        for name in names:
            match name:
                case "status":
                    self.cleaned_data["visibility"] = visibility_of(post)
                case "categories":
                    self.cleaned_data[name] = post.categories.all()
                case "tags":
                    self.cleaned_data[name] = list(post.tags.names())
                case _:
                    self.cleaned_data[name] = getattr(post, name)


def moment_or_none(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
