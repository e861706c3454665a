"""Posts and pages: one table, because all that happens to one happens to both."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog import page_paths
from blog.models.embed import EmbedUse
from blog.models.media import MediaUse
from blog.models.post_address import PostAddress
from blog.models.post_dates import LAST_DATE
from blog.models.post_queryset import (
    PostManager,
    TitleStart,
)
from blog.models.taxonomy import Category, TaggedPost
from blog.slugs import (
    is_reserved_page_slug,
)

# How long what was thrown away can be taken out again.
TRASH_DAYS = 30


def new_guid() -> str:
    return uuid.uuid4().urn


class Post(PostAddress):
    """A post, or (`kind`) a page: something somebody wrote here."""

    # What `derive()` fills: to be named wherever part of a post is saved.
    DERIVED = (
        "body_html",
        "rendering",
        "reading_minutes",
        "lead",
        "slug",
        "published_at",
        "published_on",
        "path",
        "public_path",
        "trashed_at",
    )

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        help_text=_("Empty where a byline was never recorded."),
    )
    date_is_estimated = models.BooleanField(
        _("date is estimated"),
        default=False,
        help_text=_("The source did not say when; the order is right."),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    # When its words last became others while it was public; written by `publishing`.
    reworded_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when it lies in the trash.
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the conversation below last changed; written by the comments app.
    touched_at = models.DateTimeField(null=True, blank=True, editable=False)
    comment_count = models.PositiveIntegerField(default=0, editable=False)

    is_sticky = models.BooleanField(
        _("sticky"), default=False, help_text=_("Stays at the top of the home page.")
    )
    comments_open = models.BooleanField(_("takes comments"), default=True)
    pings_open = models.BooleanField(_("takes pings"), default=True)
    # Off for what was imported: those pages were told long ago.
    sends_pings = models.BooleanField(_("tells the pages it links to"), default=True)
    trackback_urls = models.TextField(
        _("send trackbacks to"),
        blank=True,
        help_text=_(
            "One address a line, for blogs that can’t be found out any other way."
        ),
    )
    categories = models.ManyToManyField(
        Category, verbose_name=_("categories"), blank=True, related_name="posts"
    )
    tags = TaggableManager(through=TaggedPost, blank=True)

    # From the writer to the editor when it is sent for review, or back with an answer.
    review_note = models.TextField(_("note"), max_length=2000, blank=True)
    # Who wrote it, and when: what waits for review waits since then.
    review_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    review_at = models.DateTimeField(null=True, blank=True, editable=False)

    # Preview links are signed with it: another number, and those given away are void.
    preview_number = models.PositiveIntegerField(default=0, editable=False)

    guid = models.CharField(
        max_length=500,
        unique=True,
        default=new_guid,
        editable=False,
        help_text=_("Names the post for ever, here and in feeds; kept on import."),
    )

    objects = PostManager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_post", "Can publish posts and pages"),
            ("change_others_post", "Can change posts and pages of others"),
        ]
        indexes = [
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(status="published", kind="post"),
                name="post_newest",
            ),
            models.Index(
                fields=["author", "-published_at"],
                condition=Q(status="published", kind="post"),
                name="post_by_author",
            ),
            # Not for public posts alone: SQLite takes such an index only where the
            # query has the very words, and Django gives it placeholders.
            models.Index(
                fields=["kind", "status", "published_on", "published_at"],
                name="post_by_date",
            ),
            # The home page, page by page.
            models.Index(
                F("kind"),
                F("status"),
                F("is_sticky").desc(),
                F("published_at").desc(),
                F("id").desc(),
                name="post_home",
            ),
            # The writers' list, whatever the state.
            models.Index(
                F("kind"), LAST_DATE.desc(), F("id").desc(), name="post_last_date"
            ),
            # "How many are in each state, and how many of each month?"
            models.Index(
                fields=["kind", "status", "published_at"], name="post_kind_status_at"
            ),
            # All that is counted of some by their numbers, without reading their texts.
            models.Index(
                fields=[
                    *("kind", "status", "id", "published_at", "published_on"),
                    *("author", "updated_at", "password"),
                ],
                name="post_stretch",
            ),
            # "Which of them are called so?", without reading their texts.
            models.Index(
                F("published_at").desc(), TitleStart("title"), name="post_title_by_date"
            ),
            # "What is called so, or almost?", asked where nothing is found.
            models.Index(fields=["slug"], name="post_slug"),
            # "Which were rendered by other rules?"
            models.Index(fields=["rendering"], name="post_rendering"),
            # "Was something public at this address?", asked where nothing is found.
            models.Index(fields=["public_path"], name="post_public_path"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_has_date",
                violation_error_message=_("A published post needs a date."),
            ),
            models.UniqueConstraint(
                fields=["published_on", "slug"],
                condition=Q(kind="post", published_on__isnull=False),
                name="permalink_once",
                violation_error_message=_("Another post of that day has this slug."),
            ),
            models.UniqueConstraint(
                fields=["path"],
                condition=Q(kind="page"),
                name="page_path_once",
                violation_error_message=_("Another page has this address."),
            ),
            models.CheckConstraint(
                condition=Q(kind="page") | Q(parent__isnull=True),
                name="only_pages_nest",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def natural_key(self) -> tuple[str]:
        return (self.guid,)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "blog.user",
        "blog.category",
        "blog.media",
    ]

    def clean(self) -> None:
        if self.is_page and not self.parent_id and is_reserved_page_slug(self.slug):
            raise ValidationError(
                {
                    "slug": gettext("The blog itself uses the address /%(slug)s/.")
                    % {"slug": self.slug}
                }
            )
        self.check_parent()

    def save(self, *args, **kwargs) -> None:
        """Derives its own columns: date and slug of the permalink, path, HTML.

        And which files the text names, which addresses it embeds, which are columns but
        for being many. A page
        is written under the one lock for pages. Raises ValidationError where its
        parent lies below it.
        """
        fields = kwargs.get("update_fields")
        with transaction.atomic():
            if self.is_page:
                page_paths.lock()
                self.check_parent()
            self.derive()
            is_new = self._state.adding
            super().save(*args, **kwargs)
            has_text = fields is None or "body" in fields
            if has_text and not (is_new and settings.MEDIA_URL not in self.body):
                MediaUse.note(self.pk, self.body)
            if has_text and (not is_new or "embed" in self.body_html):
                EmbedUse.note(self.pk, self.body)

    def derive(self) -> None:
        """Fill every column that follows from others.

        One query for a new slug, one for the pictures of the library it shows.
        """
        self.derive_text()
        self.derive_address()
        self.derive_state()

    def derive_state(self) -> None:
        """Fill what follows from its state, once its address is known."""
        self.public_path = self.last_public_path
        is_thrown = self.status == self.Status.TRASH
        self.trashed_at = (self.trashed_at or timezone.now()) if is_thrown else None

    @property
    def reworded_on(self) -> date | None:
        """The day it was changed for its readers; None where it is as it appeared."""
        if self.reworded_at is None or self.published_on is None:
            return None
        day = timezone.localdate(self.reworded_at)
        return day if day > self.published_on else None

    @property
    def has_conversation(self) -> bool:
        """Whether there is a talk to show; a page without one does not mention it."""
        return not self.is_page or self.comments_open or self.comment_count > 0

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_public

    @property
    def deleted_at(self) -> datetime | None:
        """When the trash is emptied of it; None where it does not lie there."""
        return self.trashed_at and self.trashed_at + timedelta(days=TRASH_DAYS)

    @property
    def state_label(self) -> str:
        return "scheduled" if self.is_scheduled else self.get_status_display()
