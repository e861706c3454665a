"""Files of a blog that moved in, whether they came along or not."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.old_names import MAX_HOME_LENGTH
from blog.web_address import MAX_ADDRESS_LENGTH

MAX_NAME_LENGTH = 500
MAX_REASON_LENGTH = 500


class _Nothing(models.Func):
    """An empty text, written out: by a condition in other words no index is known."""

    template = "''"
    output_field = models.CharField()


class OldFileQuerySet(models.QuerySet["OldFile"]):
    def here(self) -> "OldFileQuerySet":
        return self.filter(media__isnull=False)

    def to_come(self) -> "OldFileQuerySet":
        return self.filter(state=OldFile.State.WAITING)

    def missing(self) -> "OldFileQuerySet":
        return self.filter(state=OldFile.State.MISSING)

    def of_families(self, families: Iterable[str]) -> "OldFileQuerySet":
        return self.filter(family__in=families)

    def numbered(self, numbers: Iterable[int]) -> "OldFileQuerySet":
        return self.filter(number__in=numbers)

    def on_pages(self, paths: Iterable[str]) -> "OldFileQuerySet":
        """Those whose own page, there, had one of these paths, which say something."""
        return self.filter(page__in=paths).exclude(page=_Nothing())


class OldFile(models.Model):
    """A file the old blog had: where it lay there, and which one here it became.

    `home` is the blog it is of, `name` its name there, as `old_names` tells both. What
    the source said of it stands here until the file comes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("still to come")
        HERE = "here", _("here")
        # Nobody has it, or this blog does not take it.
        MISSING = "missing", _("missing")
        # Somebody decided that it stays where it is.
        LEFT = "left", _("given up")

    home = models.CharField(max_length=MAX_HOME_LENGTH, editable=False)
    name = models.CharField(_("file"), max_length=MAX_NAME_LENGTH, editable=False)
    # What all its sizes and edited versions have in common.
    family = models.CharField(max_length=MAX_NAME_LENGTH, editable=False)
    url = models.CharField(
        _("old address"), max_length=MAX_ADDRESS_LENGTH, editable=False
    )
    # Where else it may be had: the size a text shows, where nobody told that there is
    # an original; or where it was first known to be.
    shown_url = models.CharField(
        max_length=MAX_ADDRESS_LENGTH, blank=True, editable=False
    )
    # The page it had, as a path, and its number: `/?attachment_id=44`.
    page = models.CharField(max_length=MAX_NAME_LENGTH, blank=True, editable=False)
    number = models.BigIntegerField(null=True, editable=False)
    title = models.CharField(max_length=300, blank=True, editable=False)
    alt = models.CharField(max_length=1000, blank=True, editable=False)
    caption = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        "blog.User", null=True, on_delete=models.SET_NULL, editable=False
    )
    media = models.ForeignKey(
        "blog.Media",
        verbose_name=_("file here"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="old_files",
        editable=False,
    )
    # Where its bytes are being stored. Whoever is ended meanwhile leaves this behind,
    # and who comes next knows which file has no owner.
    taken_name = models.CharField(max_length=300, blank=True, editable=False)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=State,
        default=State.WAITING,
        editable=False,
    )
    reason = models.CharField(
        _("reason"), max_length=MAX_REASON_LENGTH, blank=True, editable=False
    )
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    # When it is to be fetched; None: by nobody, unless somebody asks for it.
    next_try_at = models.DateTimeField(_("next try"), null=True, editable=False)

    objects = OldFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of the old blog")
        verbose_name_plural = _("files of the old blog")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["family"], name="old_file_family"),
            models.Index(
                fields=["number"],
                condition=Q(number__isnull=False),
                name="old_file_number",
            ),
            models.Index(fields=["page"], condition=~Q(page=""), name="old_file_page"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="old_file_due",
            ),
            models.Index(fields=["state"], name="old_file_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["home", "name"], name="old_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OldFileUse(models.Model):
    """A text names an old file that is not here yet; it is rewritten when that comes."""

    file = models.ForeignKey(OldFile, on_delete=models.CASCADE, related_name="uses")
    post = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, related_name="old_file_uses"
    )
    # It is the post's picture, too.
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "post"], name="old_file_use_once")
        ]
