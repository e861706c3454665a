"""How the write form shows a working copy instead of what is stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from blog import working_copies
from blog.admin import body
from blog.models import User, WorkingCopy
from blog.working_copies import AS_HTML, KEPT_AT


class UnsavedForm(forms.ModelForm):
    """A form that fills itself from `working_copy`, where the admin gives it one.

    What was sent (a bound form) is always shown as it was sent.
    """

    user: User
    working_copy: WorkingCopy | None = None
    # Asked for: the text as its source, though the editor could hold it.
    as_html = False

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        copy = self.working_copy
        if self.is_bound or copy is None or field_name not in copy.fields:
            return super().get_initial_for_field(field, field_name)
        data: MultiValueDict = MultiValueDict(copy.fields)
        return field.widget.value_from_datadict(data, MultiValueDict(), field_name)

    def clean(self) -> dict | None:
        """Nobody publishes unasked over changes another one kept while they wrote."""
        cleaned = super().clean()
        known = self.instance.pk and self.data.get(KEPT_AT)
        changes = working_copies.kept(self.instance) if known else None
        if changes and changes.saved_at.isoformat() != known:
            raise ValidationError(str(working_copies.KeptMeanwhile(changes)))
        return cleaned

    def choose_body_widget(self) -> None:
        """The editor, or HTML: as this text was written, where that is known."""
        source, as_html = self._shown_body(), self.is_written_as_html
        asked = {"as_html": as_html, "may_html": body.may_write_html(self.user)}
        self.fields["body"].widget = body.widget_for(source, **asked)
        self.fields["body"].help_text = body.help_for(source, **asked)

    @property
    def is_written_as_html(self) -> bool:
        said = self._said_as_html()
        asked = self.as_html and body.may_write_html(self.user)
        return asked if said is None else said

    @property
    def is_html_source(self) -> bool:
        """Whether a blank line in what was sent begins a paragraph."""
        said = self._said_as_html()
        if said is None:
            return self.as_html or not body.fits_editor(self.instance.body)
        return said

    def fields_sent(self) -> dict[str, list[str]]:
        """What a bound form was sent, as a working copy keeps it.

        With the fields that are empty because nothing in them is ticked; without those
        the sender did not have.
        """
        names = [
            name
            for name, field in self.fields.items()
            if not field.widget.value_omitted_from_data(self.data, self.files, name)
        ]
        about = [name for name in working_copies.ABOUT if name in self.data]
        return {
            # PostgreSQL takes no NUL; nobody typed one.
            name: [text.replace("\0", "") for text in self.data.getlist(name)]
            for name in [*names, *about]
        }

    def _shown_body(self) -> str:
        if self.is_bound and self._said_as_html() is not None:
            return body.from_editor(self.data.get("body", ""))
        copy = None if self.is_bound else self.working_copy
        if copy and "body" in copy.fields:
            return body.from_editor(copy.value("body"))
        return self.instance.body

    def _said_as_html(self) -> bool | None:
        """How the window that sent it, or that kept it, was writing."""
        if self.is_bound:
            said = self.data.get(AS_HTML)
        else:
            said = self.working_copy and self.working_copy.value(AS_HTML)
        return None if not said else said == "1"
