"""A thought put down before it is gone: title and text, kept as a draft."""

from typing import cast

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import html_text, publishing
from blog.models import Post, SiteSettings, User

RECENT_DRAFTS = 4


class QuickDraft(forms.Form):
    """Plain text: what looks like markup in it is shown as it was typed."""

    prefix = "draft"

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=Post._meta.get_field("title").max_length,
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(map(str.strip, cleaned.values())):
            raise ValidationError(
                gettext("There is nothing to keep yet: write a title or text.")
            )
        return cleaned

    def save(self, request: HttpRequest, post_admin: ModelAdmin) -> Post:
        """Store it as a draft of whoever asks, as the write page would."""
        site = SiteSettings.of(request)
        post = Post(
            title=self.cleaned_data["title"],
            body=html_text.plain_to_html(self.cleaned_data["text"]),
            author=cast(User, request.user),
            comments_open=site.comments_open_by_default,
            pings_open=site.pings_open_by_default,
        )
        publishing.save_post(post, post.author)
        post_admin.log_addition(request, post, [{"added": {}}])
        return post


def recent(user: User) -> QuerySet:
    """Their own drafts, the one they worked on last first."""
    drafts = Post.objects.posts().filter(author=user, status=Post.Status.DRAFT)
    newest = drafts.defer("body", "body_html").order_by("-updated_at")
    return newest[:RECENT_DRAFTS]
