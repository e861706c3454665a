"""What is written and not yet stored in the post, and who is writing it just now."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from blog.models.post import Post
from blog.models.post_queryset import Kind

# Whoever was heard of within this time is still at the desk. Pages say so every
# 15 seconds; a laptop that was closed for a moment loses nothing by it.
LOCK_SECONDS = 90


class WorkingCopy(models.Model):
    """The write form as somebody left it, beside the post it is to become.

    Of two kinds. An autosave is one writer's own: their form as it was a few seconds
    ago, gone when they save. Kept changes (`is_kept`) belong to the post: a version of
    what is public that waits for “Update”, for all who may change it.
    """

    # Names the autosave of a post that is not there yet.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.POST)
    post = models.ForeignKey(
        Post,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="working_copies",
    )
    # Kept changes stay when their writer goes. An autosave nobody has is forgotten.
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="working_copies",
    )
    is_kept = models.BooleanField(default=False)
    # As the form sends it: a list of strings by name of the field.
    fields = models.JSONField(default=dict)
    # The post's `updated_at` when its form was opened; None for a new one.
    based_on = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name_plural = "working copies"
        indexes = [
            models.Index(fields=["writer", "-saved_at"], name="working_copy_of_writer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "writer"],
                condition=Q(is_kept=False, post__isnull=False),
                name="one_autosave_each",
            ),
            models.UniqueConstraint(
                fields=["post"], condition=Q(is_kept=True), name="changes_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(is_kept=False) | Q(post__isnull=False),
                name="kept_changes_have_post",
            ),
        ]

    def __str__(self) -> str:
        return self.title or gettext("Untitled")

    @property
    def writer_name(self) -> str:
        return str(self.writer or gettext("Somebody"))

    @property
    def title(self) -> str:
        return self.value("title")

    def value(self, name: str) -> str:
        """The last value the form sent for a field; empty where it sent none."""
        values = self.fields.get(name) or [""]
        return str(values[-1])


class EditLock(models.Model):
    """Who has the write page of a post open. It asks others first; it forbids nothing."""

    post = models.OneToOneField(
        Post, on_delete=models.CASCADE, related_name="edit_lock", primary_key=True
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    # Tells the windows of one writer apart.
    window = models.CharField(max_length=36)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.holder} writes {self.post_id}"

    @property
    def is_live(self) -> bool:
        return self.seen_at > timezone.now() - timedelta(seconds=LOCK_SECONDS)
