"""Mails about the conversation: who asked for them, and which are to go out."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import reviewing
from blog.models import Post
from comments.models.comment import Comment

# The last one is a day after the first: see `sending.BACK_OFF`.
MAX_ATTEMPTS = 6
# Longer than a mail takes to be handed over.
LOST_AFTER = timedelta(minutes=15)


class SubscriptionQuerySet(models.QuerySet):
    def active(self) -> "SubscriptionQuerySet":
        """Confirmed, and not left since."""
        return self.filter(confirmed_at__isnull=False, left_at=None)


class Subscription(models.Model):
    """Somebody asked for a mail when they are answered below a post."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="subscriptions"
    )
    email = models.EmailField(_("email"), max_length=100)
    # When they ticked the box last.
    asked_at = models.DateTimeField(default=timezone.now)
    # No mail but the question goes out before this is set.
    confirmed_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "email"], name="one_subscription_a_thread"
            )
        ]
        indexes = [models.Index(fields=["email"], name="subscription_email")]

    def __str__(self) -> str:
        return f"{self.email} below “{self.post}”"

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.left_at is None


class NoticeQuerySet(models.QuerySet):
    def open(self) -> "NoticeQuerySet":
        """Not sent, not being sent, and not given up."""
        return self.filter(claimed_at=None, attempts__lt=MAX_ATTEMPTS)

    def given_up(self) -> "NoticeQuerySet":
        """Nobody sends it any more: too many attempts, or its worker was lost."""
        is_lost = Q(claimed_at__lt=timezone.now() - LOST_AFTER)
        tried_often = Q(claimed_at=None, attempts__gte=MAX_ATTEMPTS)
        return self.filter(is_lost | tried_often, sent_at=None)

    def with_context(self) -> "NoticeQuerySet":
        """Loads all a mail tells of: one query, however many rows."""
        return self.select_related(
            "user",
            "subscription",
            "post__author",
            "by",
            "comment__author",
            "comment__post__author",
            "comment__parent__author",
            "comment__in_reply_to__author",
        )


class Notice(models.Model):
    """One mail to one person about one comment, or about the review of one post.

    Written down once, sent once.
    """

    class Kind(models.TextChoices):
        POSTED = "posted", _("a new comment, to the author of the post")
        HELD = "held", _("a held comment, to a moderator")
        ANSWERED = "answered", _("an answer, to the person answered")
        CONFIRM = "confirm", _("is this address yours, to who subscribes")
        REVIEW = "review", _("a text that waits for review, to an editor")
        RETURNED = "returned", _("a text that was sent back, to its writer")
        OUT = "out", _("a text somebody else published, to its writer")

    REVIEWS = frozenset([Kind.REVIEW, Kind.RETURNED, Kind.OUT])
    # Each in a mail of its own: there are few of them.
    ALONE = REVIEWS | {Kind.CONFIRM}

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # Not there in mails about a review, which those who read comments never get.
    comment: "models.ForeignKey[Comment, Comment]" = models.ForeignKey(  # type: ignore[misc]
        Comment, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    # Of a review: the post, and the words that were sent along.
    post = models.ForeignKey(
        Post, null=True, on_delete=models.CASCADE, related_name="review_notices"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.TextField(blank=True)
    email = models.EmailField(_("email"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    # Whoever sets this first sends it. One that stays claimed and was not sent lost
    # its worker in between: nobody knows whether it went out, so that nobody but
    # the keeper sends it again.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = models.Manager.from_queryset(NoticeQuerySet)()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        constraints = [
            # Never twice, and whoever is told in one capacity is not told in another.
            models.UniqueConstraint(
                fields=["comment", "email"], name="one_notice_a_person"
            ),
            models.CheckConstraint(
                condition=Q(comment__isnull=False, post__isnull=True)
                | Q(comment__isnull=True, post__isnull=False),
                name="notice_about_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(claimed_at__isnull=True),
                name="notice_due",
            ),
            # "How many went there in the last hour?"
            models.Index(fields=["email", "-claimed_at"], name="notice_flood"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.email}"

    @property
    def has_waited(self) -> bool:
        """It was put off: there were many, or it could not be sent."""
        return self.due_at > self.created_at

    @property
    def is_needed(self) -> bool:
        """Whether what it would say is still so, and the person still to be told."""
        if self.user and not self.user.is_active:
            return False
        if self.kind in self.REVIEWS:
            return self._is_review_needed()
        state = self.comment.state
        if self.kind == self.Kind.HELD:
            may_judge = self.user and self.user.has_perm("comments.moderate_comment")
            return state == Comment.State.PENDING and bool(may_judge)
        if state != Comment.State.APPROVED:
            return False
        if self.subscription is None:
            return True
        if not self.comment.post.is_public:  # it was taken back meanwhile
            return False
        return self.subscription.is_active != (self.kind == self.Kind.CONFIRM)

    def _is_review_needed(self) -> bool:
        """Whether the post is still where the mail says it is."""
        post, user = self.post, self.user
        if post is None or user is None or not user.review_mails:
            return False
        match self.kind:
            case self.Kind.REVIEW:
                is_waiting = post.status == Post.Status.PENDING
                return is_waiting and reviewing.may_publish(post, user)
            case self.Kind.RETURNED:
                return post.status == Post.Status.DRAFT and post.author_id == user.pk
        return post.status == Post.Status.PUBLISHED and post.author_id == user.pk
