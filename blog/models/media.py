"""Pictures and files that posts show."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog import pictures
from blog.pictures import Picture, Source
from blog.web_address import MAX_ADDRESS_LENGTH


def upload_path(media: "Media", filename: str) -> str:
    """`2006/11/name.jpg`, as WordPress files them."""
    return f"{timezone.localdate():%Y/%m}/{filename}"


class MediaQuerySet(models.QuerySet["Media"]):
    def get_by_natural_key(self, name: str) -> "Media":
        return self.get(file=name)

    def without_alt(self) -> "MediaQuerySet":
        return self.filter(alt="", width__isnull=False)

    def unused(self) -> "MediaQuerySet":
        """Shown nowhere: in no text, and as no post's picture."""
        in_texts = MediaUse.objects.filter(name=OuterRef("file"))
        return self.filter(
            ~Exists(in_texts),
            featured_in__isnull=True,
            shared_with__isnull=True,
            as_logo__isnull=True,
            as_cover__isnull=True,
            as_icon__isnull=True,
        )

    def pictures_named(self, names: Iterable[str]) -> dict[str, Picture]:
        """By the names of their files, what pages may offer of them. One query."""
        found = self.filter(file__in=names, width__isnull=False)
        return {media.name: media.picture for media in found}


class Media(models.Model):
    """An uploaded file. Pictures were decoded on the way in, and hold nothing else."""

    file = models.FileField(
        _("file"), upload_to=upload_path, max_length=300, unique=True
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    alt = models.CharField(
        _("alternative text"),
        max_length=1000,
        blank=True,
        help_text=_("What somebody who can't see the picture should know of it."),
    )
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=300, blank=True)
    mime_type = models.CharField(_("mime type"), max_length=100, editable=False)
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    byte_count = models.PositiveBigIntegerField(
        _("byte count"), default=0, editable=False
    )
    # SHA-256 of the bytes as uploaded: the same picture is found again by it.
    content_hash = models.CharField(max_length=64, db_index=True, editable=False)
    focal_x = models.FloatField(
        _("focal x"), default=0.5, help_text=_("0 left, 1 right")
    )
    focal_y = models.FloatField(
        _("focal y"), default=0.5, help_text=_("0 top, 1 bottom")
    )
    source_url = models.URLField(
        max_length=MAX_ADDRESS_LENGTH, blank=True, editable=False
    )
    uploaded_by = models.ForeignKey(
        "blog.User",
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        editable=False,
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    # What was made of it in smaller sizes and better formats: dictionaries with
    # `name`, `mime_type` and `width`. Pages offer what stands here.
    renditions = models.JSONField(default=list, editable=False)
    # The square of the lists, cut around the focal point.
    thumbnail_name = models.CharField(max_length=300, blank=True, editable=False)
    # Since when there is something to make; None: all is made, or can't be.
    renditions_due_at = models.DateTimeField(null=True, editable=False)
    renditions_tries = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("media")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="media_newest"),
            models.Index(
                fields=["renditions_due_at"],
                condition=Q(renditions_due_at__isnull=False),
                name="media_renditions_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
                name="focal_point_in_picture",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.file)

    def natural_key(self) -> tuple[str]:
        return (self.name,)

    natural_key.dependencies = ["blog.user"]  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        """Of its file, in the storage: `2006/11/harbour.jpg`."""
        return str(self.file.name)

    @property
    def shown_name(self) -> str:
        return self.title or self.name.rpartition("/")[2]

    @property
    def kind_label(self) -> str:
        """The ending of its name: what stands where there is no picture."""
        return self.name.rpartition(".")[2].upper()

    @property
    def is_image(self) -> bool:
        return self.width is not None

    def get_absolute_url(self) -> str:
        return self.file.url

    @property
    def thumbnail_url(self) -> str:
        """Empty until it was made."""
        name = self.thumbnail_name
        return self.file.storage.url(name) if name else ""

    @property
    def picture(self) -> Picture:
        """What pages may offer of a picture. No query; no file is looked at."""
        url = self.file.storage.url
        made = pictures.by_type(
            (made["mime_type"], made["width"], url(made["name"]))
            for made in self.renditions
        )
        own = made.get(self.mime_type, ())
        if not own or (self.width or 0) <= pictures.WIDTHS[-1]:
            own = (*own, (self.width or 0, self.file.url))
        return Picture(
            address=self.file.url,
            width=self.width or 0,
            height=self.height or 0,
            alt=self.alt,
            sources=tuple(
                Source(mime_type, made[mime_type])
                for mime_type in pictures.BETTER_TYPES
                if mime_type in made and mime_type != self.mime_type
            ),
            own=Source(self.mime_type, own),
        )


class MediaUse(models.Model):
    """A text names a file, by its address: a picture shown, a document linked to.

    Follows from the text like a column of it. The name need not be a file's: one
    that comes later finds the texts that wait for it.
    """

    post = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, related_name="media_uses"
    )
    name = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "name"], name="media_use_once")
        ]

    @staticmethod
    def names_in(source: str) -> set[str]:
        return {name for name in pictures.names_in(source) if len(name) <= 300}

    @classmethod
    def note(cls, post_pk: int, source: str) -> None:
        """Bring the rows of a post to what its text says. One query if they are."""
        names = cls.names_in(source)
        rows = cls.objects.filter(post=post_pk)
        noted = set(rows.values_list("name", flat=True))
        if noted - names:
            rows.filter(name__in=noted - names).delete()
        new = [MediaUse(post_id=post_pk, name=name) for name in names - noted]
        if new:
            MediaUse.objects.bulk_create(new, ignore_conflicts=True)
