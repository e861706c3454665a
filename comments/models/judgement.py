"""What people decided about comments and their writers, and what was learned of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import wording
from comments.models.comment import Comment


class DecisionQuerySet(models.QuerySet):
    def standing(self) -> "DecisionQuerySet":
        """Not undone, and nobody has decided anew about the comment since."""
        newer = Decision.objects.filter(
            comment=OuterRef("comment"), pk__gt=OuterRef("pk"), undone_at=None
        )
        return self.filter(~Exists(newer), undone_at=None, comment__state=F("state"))


class Decision(models.Model):
    """Somebody moved a comment to another state; how it stood before is the way back.

    Comments decided together share a `batch` and are undone together.
    """

    comment = models.ForeignKey(
        Comment,
        verbose_name=_("comment"),
        on_delete=models.CASCADE,
        related_name="decisions",
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    # Nobody where its writer withdrew it.
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("moderator"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="decisions",
    )
    was_state = models.CharField(_("was state"), max_length=8, choices=Comment.State)
    was_reasons = models.JSONField(default=list)
    was_decided = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=Comment.State)
    reason = models.CharField(_("reason"), max_length=500)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = models.Manager.from_queryset(DecisionQuerySet)()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-pk"]
        indexes = [
            # "Undo what I did last."
            models.Index(fields=["moderator", "-id"], name="decision_latest"),
        ]

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """What was done and by whom, in the language that is on."""
        return wording.shown(self.reason)


class Rule(models.Model):
    """A writer always trusted, or somebody or something always blocked."""

    class Action(models.TextChoices):
        TRUST = "trust", _("always trust")
        BLOCK = "block", _("block")

    class Trait(models.TextChoices):
        EMAIL = "email", _("e-mail address")
        NAME = "name", _("name")
        ADDRESS = "address", _("IP address")
        DOMAIN = "domain", _("domain")
        WORDS = "words", _("words")

    action = models.CharField(
        _("action"), max_length=5, choices=Action, default=Action.BLOCK
    )
    trait = models.CharField(_("of what"), max_length=7, choices=Trait)
    value = models.CharField(
        _("value"), max_length=500, help_text=_("Upper and lower case are one.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(
        _("created at"), default=timezone.now, editable=False
    )
    # Made in one go with others and with what was decided about the comments that
    # match: they are undone together.
    batch = models.UUIDField(null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["action", "trait", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["trait", "value"],
                name="one_rule_a_trait",
                violation_error_message=_("There is a rule about that already."),
            ),
            # Anybody can take a name, and an address is shared by many.
            models.CheckConstraint(
                condition=~Q(action="trust") | Q(trait="email"),
                name="trust_by_email",
                violation_error_message=_("Only an e-mail address can be trusted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.get_trait_display()} {self.value}"


class SpamModel(models.Model):
    """What the spam filter has learned: one row, made anew each time it learns."""

    trained_at = models.DateTimeField(default=timezone.now)
    # How many comments of each sort it has seen.
    spam_count = models.PositiveIntegerField(default=0)
    approved_count = models.PositiveIntegerField(default=0)
    # {word: [in so many spam comments, in so many approved ones]}
    words = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_spam_model")]
