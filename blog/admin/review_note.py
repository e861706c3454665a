"""The note that goes along with a review, in the form of the write page."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import reviewing
from blog.models import Post, User

Status = Post.Status
RETURN = "_return"
NOTHING_SAID = _(
    "Say in the note what is to be changed: it goes back together with it."
)
NOT_SENT = _(
    "This note goes to the writer with “Send back” or “Publish”. Press one of them, or "
    "empty the note to save without it."
)


class ReviewNote(forms.ModelForm):
    """The note in the form: the writer's to the editor, or the editor's answer."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "review_note" not in self.fields:
            return
        post, field = self.instance, self.fields["review_note"]
        # Somebody else's words stand on top of the page, to be read.
        is_own = post.review_by_id in (None, self.user.pk)
        self.initial["review_note"] = post.review_note if is_own else ""
        field.label = (
            gettext("Note to the writer")
            if self._is_editor()
            else gettext("Note to the editor")
        )
        field.widget.attrs |= {"rows": 3, "maxlength": field.max_length}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "review_note" not in self.fields or not self._is_editor():
            return cleaned
        note = self.cleaned_data.get("review_note", "")
        if RETURN in self.data and not note:
            self.add_error("review_note", NOTHING_SAID)
        if "_save" in self.data and note and "review_note" in self.changed_data:
            self.add_error("review_note", NOT_SENT)
        return cleaned

    def _post_clean(self) -> None:
        post = self.instance
        was, said = post.status, (post.review_note, post.review_by, post.review_at)
        super()._post_clean()
        # The form alone would replace what somebody else wrote by an empty answer.
        post.review_note, post.review_by, post.review_at = said
        if self.errors or "review_note" not in self.fields:
            return
        is_sent = "_review" in self.data and was != Status.PENDING
        if is_sent or RETURN in self.data or "review_note" in self.changed_data:
            reviewing.write_note(post, self.user, self.cleaned_data["review_note"])

    def _is_editor(self) -> bool:
        post = self.instance
        return post.author_id != self.user.pk and post.status == Status.PENDING
