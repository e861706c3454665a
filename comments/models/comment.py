"""The conversation below a post: one row for each thing somebody said."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, NoReturn

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from mptt.models import MPTTModel, TreeForeignKey

from blog import comment_markup, languages, markup, trees
from blog.models import Post
from blog.models.post import new_guid
from blog.web_address import MAX_ADDRESS_LENGTH
from comments import wording
from comments.addresses import permalink
from comments.models.comment_queryset import CommentManager, State
from comments.models.tree_number import new_tree_ids

# What other columns follow from.
_DERIVED_FROM = ("kind", "body", "body_format", "author_email", "source_data")
# The one reason of a comment of which only the place is left.
ERASED = wording.ERASED.said()


class Comment(MPTTModel):
    """A comment, pingback, trackback or webmention below a post.

    The replies to one root comment are one mptt tree. `save()` places what is new;
    nothing ever moves, and moderation only changes `state`.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        PINGBACK = "pingback", _("pingback")
        TRACKBACK = "trackback", _("trackback")
        WEBMENTION = "webmention", _("webmention")

    class Format(models.TextChoices):
        HTML = "html", _("HTML, as WordPress keeps it")
        MARKDOWN = "markdown", _("Markdown")

    State = State

    # Every index of a conversation begins with its post: one of its own is not read.
    post = models.ForeignKey(
        Post,
        verbose_name=_("post"),
        on_delete=models.CASCADE,
        related_name="comments",
        db_index=False,
    )
    # RESTRICT: a comment goes with its post, never from under its replies.
    parent = TreeForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="replies",
        db_index=False,  # `comment_replies` is its index
    )
    # Whom it answers, where that one stands too deep for a reply to hang below it.
    # Empty where it is the parent.
    in_reply_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="answers",
        editable=False,
        db_index=False,  # `comment_answers` is its index
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.COMMENT
    )
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.PENDING
    )
    # Why it stands where it stands, a sentence each, in the order found.
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    # Somebody decided about its state, here or where it was imported from, and no
    # rule did: the spam filter learns from these alone.
    is_decided = models.BooleanField(default=False, editable=False)
    # How much it reads like spam, 0 to 1, when it was judged; empty where the
    # filter had not learned enough to say.
    spam_score = models.FloatField(null=True, blank=True, editable=False)

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        db_index=False,  # `comment_author` is its index
    )
    author_name = models.CharField(
        _("name"), max_length=245, blank=True, help_text=_("Empty where it was lost.")
    )
    author_email = models.EmailField(_("e-mail"), max_length=100, blank=True)
    author_url = models.URLField(_("website"), max_length=200, blank=True)
    body = models.TextField(_("comment"), blank=True)
    # How `body` is to be read; it is kept as it was sent.
    body_format = models.CharField(
        max_length=8, choices=Format, default=Format.HTML, editable=False
    )
    body_html = models.TextField(editable=False, blank=True)
    # Equal where the same was said, however it was spaced: see `text_key`.
    text_key = models.CharField(max_length=16, editable=False, blank=True)

    ip_address = models.GenericIPAddressField(null=True, blank=True, editable=False)
    user_agent = models.CharField(max_length=500, blank=True, editable=False)

    created_at = models.DateTimeField(_("date"), default=timezone.now)
    date_is_estimated = models.BooleanField(default=False, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)

    # What a ping tells of the page that links here.
    source_url = models.URLField(_("page"), max_length=MAX_ADDRESS_LENGTH, blank=True)
    source_title = models.CharField(_("its title"), max_length=1000, blank=True)
    source_site = models.CharField(_("its blog"), max_length=500, blank=True)
    # What else was known of it: {"categories": ["news", …]}.
    source_data = models.JSONField(default=dict, blank=True, editable=False)

    # A webmention that says no more than that: it is named and counted, not numbered
    # among the responses.
    is_like = models.BooleanField(default=False, editable=False)

    guid = models.CharField(
        max_length=500, unique=True, default=new_guid, editable=False
    )

    # As mptt has it, but for an index: that of (tree_id, lft) begins with it.
    tree_id = models.PositiveIntegerField(editable=False)

    objects = CommentManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["tree_id", "lft"]
        permissions = [("moderate_comment", "Can moderate comments")]
        indexes = [
            # A thread in tree order.
            models.Index(fields=["post", "tree_id", "lft"], name="comment_thread"),
            # How many are approved below a post, and which of them are pings.
            models.Index(fields=["post", "state", "kind"], name="comment_count"),
            # And which of those are likes.
            models.Index(
                fields=["post", "state"],
                condition=Q(is_like=True),
                name="comment_likes",
            ),
            # A page of a long thread is so many roots by date; how many there are,
            # it tells without a row being read.
            models.Index(
                fields=["post", "created_at", "tree_id", "state", "kind"],
                condition=Q(parent__isnull=True),
                name="comment_roots",
            ),
            # What was answered to a comment. Roots are not in it: SQLite would look
            # for those of one post among the roots of the whole blog.
            models.Index(
                fields=["parent"],
                condition=Q(parent__isnull=False),
                name="comment_replies",
            ),
            # Nearly all answer their parent alone, and are nobody's who has an account.
            models.Index(
                fields=["in_reply_to"],
                condition=Q(in_reply_to__isnull=False),
                name="comment_answers",
            ),
            models.Index(
                fields=["author"],
                condition=Q(author__isnull=False),
                name="comment_author",
            ),
            # The newest approved ones, the queue, and every list of one state.
            models.Index(fields=["state", "-created_at"], name="comment_state"),
            # How many of a kind there are of each month.
            models.Index(fields=["state", "kind", "created_at"], name="comment_kind"),
            # "Earlier approved?"
            models.Index(fields=["author_email", "state"], name="comment_writer"),
            # "Was the same said here, or elsewhere?"
            models.Index(fields=["text_key", "post"], name="comment_same_text"),
            # Addresses old enough to be forgotten.
            models.Index(
                fields=["created_at"],
                condition=Q(ip_address__isnull=False),
                name="comment_address",
            ),
            # Flood control.
            models.Index(fields=["ip_address", "-created_at"], name="comment_flood"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tree_id"],
                condition=Q(parent__isnull=True),
                name="one_root_a_tree",
            ),
            models.UniqueConstraint(
                fields=["post", "kind", "source_url"],
                condition=~Q(source_url="") & ~Q(kind="comment"),
                name="one_ping_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(lft__lt=F("rght")), name="comment_has_place"
            ),
            # They are forgotten together.
            models.CheckConstraint(
                condition=Q(ip_address__isnull=False) | Q(user_agent=""),
                name="browser_only_with_address",
            ),
        ]

    def __str__(self) -> str:
        names = {"writer": self.writer, "post": self.post}
        return gettext("%(writer)s on “%(post)s”") % names

    def natural_key(self) -> tuple[str]:
        return (self.guid,)

    natural_key.dependencies = ["blog.user", "blog.post"]  # type: ignore[attr-defined]

    def save(self, *args, **kwargs) -> None:
        """Store it; a new one is placed first, so that no door can misplace it.

        Raises ValueError where a stored comment was given another parent, or a new
        one the parent of another post.
        """
        self.derive()
        if not self._state.adding:
            if self._mptt_cached_fields["parent"] != self.parent_id:
                raise ValueError("Comments never move.")
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            self._take_place()
            super().save(*args, **kwargs)

    def _take_place(self) -> None:
        """Open a tree, or lock the parent's for mptt to add this as its last reply.

        Safe under any number of concurrent writers: a tree's number comes from a
        sequence, and a reply is placed while its tree is locked.
        """
        if self.parent is None:
            trees.announce_writer(Comment)
            # mptt leaves a node alone that comes with its numbers.
            self.tree_id = new_tree_ids(1)[0]
            self.lft, self.rght, self.level = 1, 2, 0
        elif self.parent.post_id != self.post_id:
            raise ValueError("A reply stands below the same post as its parent.")
        else:
            # mptt reads the parent's numbers itself, when nobody can move them.
            Comment.objects.lock_trees([self.parent.tree_id])

    def derive(self) -> None:
        """Fill the columns that follow from others. No query."""
        fields = {name: getattr(self, name) for name in _DERIVED_FROM}
        html = comment_markup.render(self.body, self.body_format, languages.of_blog())
        for name, value in derived(fields, html).items():
            setattr(self, name, value)

    def delete(self, *args, **kwargs) -> NoReturn:
        """A comment goes with its post. Raises TypeError."""
        raise TypeError("Comments are not deleted: move them to the trash.")

    def get_absolute_url(self) -> str:
        """Leads on to where it stands, which moves as the talk grows. No query."""
        return permalink(self.pk)

    @property
    def content(self) -> SafeString:
        return markup.trusted(self.body_html)

    @property
    def writer(self) -> str:
        """The name to show; for one that was lost, a word that says so."""
        if self.author_name:
            return self.author_name
        if self.author:
            return self.author.public_name
        if not self.is_ping:
            return gettext("Somebody")
        return self.source_site or gettext("A blog")

    @property
    def is_ping(self) -> bool:
        return self.kind != self.Kind.COMMENT

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def told_reasons(self) -> list[str]:
        """Why it stands as it does, in the language that is on."""
        return [wording.shown(reason) for reason in self.reasons]

    @property
    def is_erased(self) -> bool:
        """Nothing but its place is left: there is nothing to show or to decide."""
        return self.reasons == [ERASED]

    def is_changed_since(self, seen_at: datetime | None) -> bool:
        """Whether its text may be another one than somebody saw then."""
        return bool(seen_at and self.edited_at and self.edited_at > seen_at)

    @property
    def is_by_post_author(self) -> bool:
        return self.author_id is not None and self.author_id == self.post.author_id

    @property
    def can_be_replied_to(self) -> bool:
        return self.is_approved and not self.is_ping


def derived(fields: Mapping[str, Any], html: str) -> dict[str, Any]:
    """The columns of a comment that follow from others of its columns.

    `html` is what `comment_markup.render` makes of its body.
    """
    is_webmention = fields["kind"] == Comment.Kind.WEBMENTION
    return {
        "body_html": html,
        "author_email": fields["author_email"].lower(),
        "text_key": text_key(fields["body"]),
        "is_like": is_webmention and fields["source_data"].get("type") == "like",
    }


def text_key(body: str) -> str:
    """Equal for texts that differ in spacing and case alone: 16 hexadecimal digits."""
    said = " ".join(body.casefold().split())
    return blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()
