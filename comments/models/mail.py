"""Mails about the conversation: who asked for them, and which are to go out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from comments.models.comment import Comment


class Subscription(models.Model):
    """Somebody asked for a mail when they are answered below a post."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="subscriptions"
    )
    email = models.EmailField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    # No mail but the question goes out before this is set.
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "email"], name="one_subscription_a_thread"
            )
        ]
        indexes = [models.Index(fields=["email"], name="subscription_email")]

    def __str__(self) -> str:
        return f"{self.email} below “{self.post}”"


class Notice(models.Model):
    """One mail to one person about one comment: written down once, sent once."""

    class Kind(models.TextChoices):
        POSTED = "posted", "a new comment, to the author of the post"
        HELD = "held", "a held comment, to a moderator"
        ANSWERED = "answered", "an answer, to the person answered"
        CONFIRM = "confirm", "is this address yours, to who subscribes"

    kind = models.CharField(max_length=8, choices=Kind)
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="notices"
    )
    email = models.EmailField(max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    # Whoever sets this first sends it; after a crash it is taken up again.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            # Never twice.
            models.UniqueConstraint(
                fields=["comment", "email", "kind"], name="one_notice_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at__isnull=True), name="notice_due"
            ),
            # "How many went there in the last hour?"
            models.Index(fields=["email", "-sent_at"], name="notice_flood"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.email}"
