"""What other blogs tell us, and what we tell them: a row for each pair of pages."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from blog import processes
from blog.models import Post
from blog.web_address import MAX_ADDRESS_LENGTH
from comments.models.comment import Comment

# Longer than one look at a page, or one attempt to send, can take.
CLAIM_MINUTES = 2
TOKEN_LENGTH = 22


def new_token() -> str:
    return get_random_string(TOKEN_LENGTH)


class ErrandQuerySet(models.QuerySet):
    """Rows about which somebody has to go out into the web."""

    def claim(self, pk: int) -> bool:
        """Whether this row is ours now: nobody had it, or who had it is no more."""
        row = self.filter(pk=pk).values("claimed_by", "claimed_at").first()
        if row is None:
            return False
        now = timezone.now()
        is_fresh = row["claimed_at"] and row["claimed_at"] > now - timedelta(
            minutes=CLAIM_MINUTES
        )
        if is_fresh and not processes.is_gone(row["claimed_by"]):
            return False
        mine = {"claimed_by": processes.name_here(), "claimed_at": now}
        # Only as it was seen: somebody else may be claiming it as well.
        return self.filter(pk=pk, **row).update(**mine) == 1


class Errand(models.Model):
    """Something to be looked after out there: when next, and who is at it."""

    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=60, blank=True)
    claimed_at = models.DateTimeField(null=True)
    # Why it stands where it stands, a sentence.
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        abstract = True


class IncomingPing(Errand):
    """Somebody says that a page links to a post: looked at once, then followed.

    One row for each pair, whichever protocol told of it; the response it became,
    if it did, is `comment`.
    """

    class Kind(models.TextChoices):
        PINGBACK = "pingback", _("pingback")
        TRACKBACK = "trackback", _("trackback")
        WEBMENTION = "webmention", _("webmention")

    class State(models.TextChoices):
        WAITING = "waiting", _("to be verified")
        TAKEN = "taken", _("verified")
        REFUSED = "refused", _("refused")
        GONE = "gone", _("removed, because the page or its link is gone")

    # Names its status page, for who sent it.
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True, default=new_token)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(
        _("state"), max_length=7, choices=State, default=State.WAITING
    )
    post = models.ForeignKey(
        Post,
        verbose_name=_("post"),
        on_delete=models.CASCADE,
        related_name="incoming_pings",
    )
    comment = models.ForeignKey(
        Comment,
        verbose_name=_("comment"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="incoming_pings",
    )
    # ASCII, without a fragment: what is fetched.
    source_url = models.CharField(_("page"), max_length=MAX_ADDRESS_LENGTH)
    source_host = models.CharField(max_length=255)
    # As it was sent: what the page has to link to.
    target_url = models.CharField(max_length=MAX_ADDRESS_LENGTH)
    # What a trackback tells of itself: {"title": …, "excerpt": …, "blog_name": …}.
    given = models.JSONField(default=dict)
    # The decision that took the response away when the link was gone; undone when
    # the link is back.
    removal = models.UUIDField(null=True)
    # Who asked last, and when.
    ip_address = models.GenericIPAddressField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    # How often it was asked for since `counted_at`: each time costs the page a visit.
    asked_count = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(default=timezone.now)
    # When the page was last looked at.
    looked_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ErrandQuerySet)()

    class Meta:
        verbose_name = _("received ping")
        verbose_name_plural = _("received pings")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "source_url"], name="one_incoming_a_pair"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="incoming_due",
            ),
            # "How many did this address, or for this host, ask for lately?"
            models.Index(fields=["ip_address", "-asked_at"], name="incoming_address"),
            models.Index(fields=["source_host", "-asked_at"], name="incoming_host"),
        ]

    def __str__(self) -> str:
        return f"{self.source_url} → “{self.post}”"


class OutgoingPing(Errand):
    """A page one of our posts links to, and what became of telling it."""

    class Protocol(models.TextChoices):
        WEBMENTION = "webmention", _("webmention")
        PINGBACK = "pingback", _("pingback")
        TRACKBACK = "trackback", _("trackback")

    class State(models.TextChoices):
        WAITING = "waiting", _("to be sent")
        SENT = "sent", _("sent")
        SILENT = "silent", _("takes no pings")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given-up", _("given up")
        # It left, or was about to, and nobody read the answer.
        UNSURE = "unsure", _("sent, perhaps")

    # Empty when the post was deleted: there is somebody left to tell of that.
    post = models.ForeignKey(
        Post,
        verbose_name=_("post"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="outgoing_pings",
    )
    # The post's address when this was told first. It stays: the other side knows us
    # by it, and what moves leaves a redirect.
    source_url = models.CharField(max_length=MAX_ADDRESS_LENGTH)
    target_url = models.CharField(_("page"), max_length=MAX_ADDRESS_LENGTH)
    # The author named it as an address for trackbacks; nothing there is looked for.
    is_trackback = models.BooleanField(default=False)
    protocol = models.CharField(
        _("protocol"), max_length=10, choices=Protocol, blank=True
    )
    endpoint = models.CharField(max_length=MAX_ADDRESS_LENGTH, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.WAITING
    )
    # What the post said when this was told, as a digest; empty before.
    told_key = models.CharField(max_length=16, blank=True)
    sent_at = models.DateTimeField(null=True)
    # The request is leaving us, and its answer was not read yet.
    handed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ErrandQuerySet)()

    class Meta:
        verbose_name = _("sent ping")
        verbose_name_plural = _("sent pings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "target_url", "is_trackback"],
                name="one_outgoing_a_pair",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="waiting"),
                name="outgoing_due",
            )
        ]

    def __str__(self) -> str:
        return self.target_url
