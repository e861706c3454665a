"""Posts and pages: one table, because all that happens to one happens to both."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog import page_paths, trees
from blog.models.embed import EmbedUse
from blog.models.media import MediaUse
from blog.models.post_dates import LAST_DATE, FirstOfMonth
from blog.models.post_queryset import (
    Kind,
    PostManager,
    PostQuerySet,
    Status,
    TitleStart,
)
from blog.models.post_text import PostText
from blog.models.taxonomy import Category, TaggedPost
from blog.slugs import (
    MAX_SLUG_LENGTH,
    free_slug,
    is_reserved_page_slug,
    is_reserved_slug,
    slug_from,
)

# How long what was thrown away can be taken out again.
TRASH_DAYS = 30


def new_guid() -> str:
    return uuid.uuid4().urn


class Post(PostText):
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

    # The moment `published_on` was derived from; None if it was not derived here.
    _dated_at: datetime | None = None

    Kind = Kind
    Status = Status

    kind = models.CharField(
        max_length=4, choices=Kind, default=Kind.POST, editable=False
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.DRAFT
    )
    slug = models.SlugField(
        _("slug"),
        max_length=MAX_SLUG_LENGTH,
        blank=True,
        allow_unicode=True,
        db_index=False,
        help_text=_("The last part of the address. Made from the title if left empty."),
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
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("A date still to come schedules the post."),
    )
    # The date in the permalink. Stored, so that another time zone in the settings
    # does not move a blog's addresses.
    published_on = models.DateField(null=True, blank=True, editable=False)
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

    # The last address at which it was stored while public. What never was public
    # has none, and so leaves no redirect.
    public_path = models.CharField(max_length=2000, blank=True, editable=False)

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

    # Pages only.
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=2000, blank=True, editable=False)
    menu_order = models.IntegerField(_("order"), default=0)

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
            # "How many of each month?", newest first, for readers.
            models.Index(
                F("kind"),
                F("status"),
                FirstOfMonth("published_on"),
                F("published_at"),
                name="post_month",
            ),
            # The writers' list, whatever the state.
            models.Index(
                F("kind"), LAST_DATE.desc(), F("id").desc(), name="post_last_date"
            ),
            # "How many are in each state, and how many of each month?"
            models.Index(
                fields=["kind", "status", "published_at"], name="post_kind_status_at"
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

    @classmethod
    def from_db(cls, *args, **kwargs) -> "Post":
        post = super().from_db(*args, **kwargs)
        post._dated_at = post.__dict__.get("published_at")
        return post

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet | None = None,
    ) -> None:
        super().refresh_from_db(using, fields, from_queryset)
        if fields is None or "published_at" in fields:
            self._dated_at = self.published_at

    def clean(self) -> None:
        if self.is_page and not self.parent_id and is_reserved_page_slug(self.slug):
            raise ValidationError(
                {
                    "slug": gettext("The blog itself uses the address /%(slug)s/.")
                    % {"slug": self.slug}
                }
            )
        self.check_parent()

    def check_parent(self) -> None:
        """Raise ValidationError where the parent lies below this page."""
        if not (self.pk and self.parent_id):
            return
        pages = Post.objects.filter(kind=Post.Kind.PAGE).order_by()
        parent_of = dict(pages.values_list("pk", "parent_id"))
        if trees.leads_to(self.pk, self.parent_id, parent_of):
            sentence = gettext(
                "A page can't be put under itself or what stands below it."
            )
            raise ValidationError({"parent": sentence})

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
        self.public_path = self.last_public_path
        is_thrown = self.status == self.Status.TRASH
        self.trashed_at = (self.trashed_at or timezone.now()) if is_thrown else None

    def derive_address(self) -> None:
        """Fill dates and path, and a slug where there is none. Two queries at most."""
        self._derive_dates()
        if not self.slug:
            self.slug = slug_from(self.title or self.first_words(), self.kind)
            self.claim_address()
        if self.is_page:
            self.path = self._path_above() + self.slug

    def _path_above(self) -> str:
        """The path its own begins with. Asked of the row: the parent may have moved."""
        parent = Post.objects.filter(pk=self.parent_id) if self.parent_id else None
        path = parent.values_list("path", flat=True).first() if parent else None
        return f"{path}/" if path else ""

    def claim_address(self) -> None:
        """Find another slug where a neighbour has this one. One query.

        For a slug that comes from elsewhere, or was free when this was a draft:
        on the day it is published another post may have it.
        """
        self._derive_dates()
        if self.slug:
            is_at_top = self.is_page and not self.parent_id
            is_reserved = is_reserved_page_slug if is_at_top else is_reserved_slug
            neighbours = self.slug_neighbours()
            self.slug = free_slug(self.slug, neighbours, self.pk, is_reserved)

    def _derive_dates(self) -> None:
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        self.published_on = self.day_of(self.published_at)
        self._dated_at = self.published_at

    def day_of(self, moment: datetime | None) -> date | None:
        """The date in its address, were `moment` its date of publication.

        It stays what it was until the moment changes: not even another time zone
        moves an address.
        """
        if moment is None:
            return None
        if self.published_on and self._dated_at in (None, moment):
            return self.published_on
        return timezone.localdate(moment)

    def slug_neighbours(self) -> PostQuerySet:
        """The posts whose address would be the same if their slug were."""
        neighbours = Post.objects.filter(kind=self.kind)
        if self.is_page:
            return neighbours.filter(parent=self.parent_id)
        return neighbours.filter(published_on=self.published_on)

    def get_absolute_url(self) -> str:
        """The permalink; for what has no date yet, the address by number."""
        if self.is_page:
            return reverse("blog:page", args=[self.path])
        if self.published_on is None:
            return f"{reverse('blog:home')}?p={self.pk}"
        day = self.published_on
        return reverse("blog:post", args=[day.year, day.month, day.day, self.slug])

    @property
    def last_public_path(self) -> str:
        """Its address if it is public, else the last one it had while it was."""
        return self.get_absolute_url() if self.is_public else self.public_path

    @property
    def is_page(self) -> bool:
        return self.kind == self.Kind.PAGE

    @property
    def is_public(self) -> bool:
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

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
