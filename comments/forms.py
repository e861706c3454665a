"""The form below a post."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest

from blog.models import SiteSettings
from comments.models import Comment
from comments.submission import (
    MAX_BODY_BYTES,
    MAX_EMAIL_LENGTH,
    MAX_NAME_LENGTH,
    MAX_URL_LENGTH,
    Submission,
    sender_of,
)

# Characters that turn or hide what stands around a name (Unicode's bidirectional
# controls, zero-width marks), and control characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CommentForm(forms.Form):
    """What a visitor types. A reader who is logged in need not say who they are."""

    body = forms.CharField(
        label="Your comment",
        help_text="*emphasis*, **bold**, > quote, - list, `code`, [link](https://…)",
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "There is no text in your comment yet."},
    )
    author_name = forms.CharField(
        label="Name",
        max_length=MAX_NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Please give a name; it need not be your own."},
    )
    author_email = forms.EmailField(
        label="E-mail",
        max_length=MAX_EMAIL_LENGTH,
        help_text="Never shown.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Please give an e-mail address; it is never shown.",
            "invalid": "This does not look like an e-mail address: name@example.org",
        },
    )
    author_url = forms.URLField(
        label="Website",
        max_length=MAX_URL_LENGTH,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={
            "invalid": "This does not look like an address: https://example.org"
        },
    )
    parent = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            "The comment you are answering could not be told from the form.",
        ),
    )

    def __init__(
        self, *args: Any, site: SiteSettings, user: Any = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "reply-%s")
        super().__init__(*args, **kwargs)
        self.user = user if user and user.is_authenticated else None
        if self.user:
            for name in ("author_name", "author_email", "author_url"):
                del self.fields[name]
        else:
            self.fields["author_name"].required = site.require_name_email
            self.fields["author_email"].required = site.require_name_email
        for name, field in self.fields.items():
            described = [f"{self[name].auto_id}-error"] if self[name].errors else []
            if field.help_text:
                described.append(f"{self[name].auto_id}-help")
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean_body(self) -> str:
        body = _CONTROL.sub("", self.cleaned_data["body"].replace("\r\n", "\n"))
        size = len(body.encode())
        if size > MAX_BODY_BYTES:
            raise forms.ValidationError(
                f"Your comment is too long: {size:,} bytes, the limit is "
                f"{MAX_BODY_BYTES:,}. You could post it in two parts."
            )
        if not body.strip():
            raise forms.ValidationError("There is no text in your comment yet.")
        return body

    def clean_author_name(self) -> str:
        name = _UNSEEN.sub("", self.cleaned_data["author_name"]).strip()
        if not name and self.fields["author_name"].required:
            raise forms.ValidationError(
                self.fields["author_name"].error_messages["required"]
            )
        return name

    def clean_author_url(self) -> str:
        url = self.cleaned_data["author_url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError("Only addresses of the web: https://…")
        return url

    def submission(self, request: HttpRequest) -> Submission:
        """What was typed, and who sent it, for `posting.post_comment`."""
        typed = self.cleaned_data
        if self.user:
            who = {
                "author": self.user,
                "author_name": self.user.public_name,
                "author_email": self.user.email[:MAX_EMAIL_LENGTH],
                "author_url": self.user.website,
            }
        else:
            names = ("author_name", "author_email", "author_url")
            who = {name: typed[name] for name in names}
        return Submission(
            body=typed["body"],
            body_format=Comment.Format.MARKDOWN,
            parent_id=typed["parent"],
            **who,
            **sender_of(request),
        )
