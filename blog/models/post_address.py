"""Where a post is read: its dates, its slug, and what they make of its address."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import addresses, trees
from blog.models.post_queryset import Kind, PostQuerySet, Status
from blog.models.post_text import PostText
from blog.slugs import (
    MAX_SLUG_LENGTH,
    free_slug,
    is_reserved_page_slug,
    is_reserved_slug,
    slug_from,
)
from blog.web_address import MAX_ADDRESS_LENGTH


class PostAddress(PostText):
    """The columns an address is made of, and those that follow from them."""

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
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("A date still to come schedules the post."),
    )
    # The date in the permalink. Stored, so that another time zone in the settings
    # does not move a blog's addresses.
    published_on = models.DateField(null=True, blank=True, editable=False)
    # The last address at which it was stored while public. What never was public
    # has none, and so leaves no redirect.
    public_path = models.CharField(
        max_length=MAX_ADDRESS_LENGTH, blank=True, editable=False
    )

    # Pages only.
    parent_id: int | None
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(max_length=MAX_ADDRESS_LENGTH, blank=True, editable=False)
    menu_order = models.IntegerField(_("order"), default=0)

    class Meta(PostText.Meta):
        abstract = True

    @classmethod
    def from_db(cls, *args, **kwargs) -> Self:
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

    @property
    def _posts(self) -> PostQuerySet:
        """All there are, pages too: also where this one is asked as a page."""
        return PostQuerySet(self._meta.concrete_model)

    def check_parent(self) -> None:
        """Raise ValidationError where the parent lies below this page."""
        if not (self.pk and self.parent_id):
            return
        pages = self._posts.filter(kind=Kind.PAGE).order_by()
        parent_of = dict(pages.values_list("pk", "parent_id"))
        if trees.leads_to(self.pk, self.parent_id, parent_of):
            sentence = gettext(
                "A page can't be put under itself or what stands below it."
            )
            raise ValidationError({"parent": sentence})

    def derive_address(self) -> None:
        """Fill dates and path, and a slug where there is none. Two queries at most."""
        self.derive_dates()
        if not self.slug:
            self.slug = self.own_slug()
            self.claim_address()
        self.derive_path()

    def own_slug(self) -> str:
        """What it is called by its words; perhaps another one's, too."""
        return slug_from(self.title or self.first_words(), self.kind)

    def derive_path(self) -> None:
        if self.is_page:
            self.path = self._path_above() + self.slug

    def _path_above(self) -> str:
        """The path its own begins with. Asked of the row: the parent may have moved."""
        parent = self._posts.filter(pk=self.parent_id) if self.parent_id else None
        path = parent.values_list("path", flat=True).first() if parent else None
        return f"{path}/" if path else ""

    def claim_address(self) -> None:
        """Find another slug where a neighbour has this one. One query.

        For a slug that comes from elsewhere, or was free when this was a draft:
        on the day it is published another post may have it.
        """
        self.derive_dates()
        if self.slug:
            neighbours = self.slug_neighbours()
            self.slug = free_slug(self.slug, neighbours, self.pk, self.is_reserved)

    def is_reserved(self, slug: str) -> bool:
        """Whether the blog itself uses the address that `slug` would give it."""
        is_at_top = self.is_page and not self.parent_id
        return is_reserved_page_slug(slug) if is_at_top else is_reserved_slug(slug)

    def derive_dates(self) -> None:
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
        neighbours = self._posts.filter(kind=self.kind)
        if self.is_page:
            return neighbours.filter(parent=self.parent_id)
        return neighbours.filter(published_on=self.published_on)

    def get_absolute_url(self) -> str:
        """The permalink; for what has no date yet, the address by number."""
        if self.is_page:
            return addresses.of_page(self.path)
        if self.published_on is None:
            return f"{reverse('blog:home')}?p={self.pk}"
        return addresses.of_post(self.published_on, self.slug)

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
