"""The forms of the conversation: to say something below a post, and to change it."""

import json
import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import SiteSettings
from blog.numbers import grouped
from comments.models import Comment
from comments.moderation import proof, stamp
from comments.submission import (
    MAX_BODY_BYTES,
    MAX_EMAIL_LENGTH,
    MAX_NAME_LENGTH,
    MAX_PREVIEW_BYTES,
    MAX_URL_LENGTH,
    Submission,
    sender_of,
)
from comments.unseen import without_unseen

NO_TEXT = _("There is no text in your comment yet.")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# The field nobody sees: robots fill in what is called so, browsers don't.
TRAP = "subject"


class BodyForm(forms.Form):
    """The text of a comment."""

    body = forms.CharField(
        label=_("Your comment"),
        help_text=_("*emphasis*, **bold**, > quote, - list, `code`, [link](https://…)"),
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": NO_TEXT},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "reply-%s")
        super().__init__(*args, **kwargs)
        self.is_too_large = False
        # How it will look, where somebody asked to see that first.
        self.preview: SafeString | None = None

    def clean_body(self) -> str:
        body = _CONTROL.sub("", self.cleaned_data["body"].replace("\r\n", "\n"))
        size = len(body.encode())
        if size > MAX_BODY_BYTES:
            self.is_too_large = True
            raise forms.ValidationError(
                gettext(
                    "Your comment is too long: %(size)s bytes, the limit is "
                    "%(limit)s. You could post it in two parts."
                )
                % {"size": grouped(size), "limit": grouped(MAX_BODY_BYTES)}
            )
        if not body.strip():
            raise forms.ValidationError(NO_TEXT)
        return body

    @property
    def status(self) -> int:
        """With what to answer where the form is not valid."""
        return 413 if self.is_too_large else 400

    def describe_fields(self) -> None:
        """Tell each field where its error and its help stand."""
        for name, field in self.fields.items():
            described = [f"{self[name].auto_id}-error"] if self[name].errors else []
            if described:
                field.widget.attrs["aria-invalid"] = "true"
            if field.help_text:
                described.append(f"{self[name].auto_id}-help")
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)


class PreviewForm(BodyForm):
    """A text somebody wants to look at before it is posted."""

    def clean_body(self) -> str:
        body = super().clean_body()
        size = len(body.encode())
        if size > MAX_PREVIEW_BYTES:
            self.is_too_large = True
            raise forms.ValidationError(
                gettext(
                    "This is too long for a preview: %(size)s bytes, the limit is "
                    "%(limit)s. You can post it all the same."
                )
                % {"size": grouped(size), "limit": grouped(MAX_PREVIEW_BYTES)}
            )
        return body


class CommentForm(BodyForm):
    """What a visitor types. A reader who is logged in need not say who they are."""

    author_name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name; it need not be your own.")},
    )
    author_email = forms.EmailField(
        label=_("E-mail"),
        max_length=MAX_EMAIL_LENGTH,
        help_text=_("Never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please give an e-mail address; it is never shown."),
            "invalid": _("This does not look like an e-mail address: name@example.org"),
        },
    )
    author_url = forms.URLField(
        label=_("Website"),
        max_length=MAX_URL_LENGTH,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={
            "invalid": _("This does not look like an address: https://example.org")
        },
    )
    parent = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("The comment you are answering could not be told from the form."),
        ),
    )
    wants_mail = forms.BooleanField(
        label=_("Mail me when I am answered"), required=False
    )

    def __init__(
        self, *args: Any, site: SiteSettings, user: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user and user.is_authenticated else None
        # Set where the browser is asked for a proof of work.
        self.puzzle: dict[str, Any] | None = None
        if self.user:
            for name in ("author_name", "author_email", "author_url"):
                del self.fields[name]
            if not self.user.email:
                del self.fields["wants_mail"]
        else:
            self.fields["author_name"].required = site.require_name_email
            self.fields["author_email"].required = site.require_name_email
        self.describe_fields()

    def take_over(self, text: BodyForm) -> None:
        """Say of the text what `text` found wrong with it; the rest as it is."""
        if not self.has_error("body"):
            self.add_error("body", text.errors.as_data()["body"])
            self.describe_fields()

    @property
    def puzzle_json(self) -> str:
        return json.dumps(self.puzzle)

    def clean_author_name(self) -> str:
        name = without_unseen(self.cleaned_data["author_name"]).strip()
        if not name and self.fields["author_name"].required:
            raise forms.ValidationError(
                self.fields["author_name"].error_messages["required"]
            )
        return name

    def clean_author_url(self) -> str:
        url = self.cleaned_data["author_url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError(gettext("Only addresses of the web: https://…"))
        return url

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        has_field = "author_email" in self.fields
        if typed.get("wants_mail") and has_field and not typed.get("author_email", "x"):
            self.add_error(
                "author_email",
                gettext("Please give the address to mail to, or untick the box below."),
            )
        return typed

    def submission(self, request: HttpRequest) -> Submission:
        """What was typed, who sent it, and how, for `posting.post_comment`.

        Asked once: it uses up the proof of work.
        """
        typed = self.cleaned_data
        return Submission(
            body=typed["body"],
            body_format=Comment.Format.MARKDOWN,
            parent_id=typed["parent"],
            typed_seconds=stamp.read(self.data.get("stamp", "")),
            is_trapped=bool(self.data.get(TRAP, "").strip()),
            has_proof=proof.is_solved(self.data.get("proof", "")),
            is_unproven="unproven" in self.data,
            wants_mail=typed.get("wants_mail", False),
            **self._who(),
            **sender_of(request),
        )

    def _who(self) -> dict[str, Any]:
        names = ("author_name", "author_email", "author_url")
        if not self.user:
            return {name: self.cleaned_data[name] for name in names}
        return {
            "author": self.user,
            "author_name": self.user.public_name,
            "author_email": self.user.email[:MAX_EMAIL_LENGTH],
            "author_url": self.user.website,
        }
