"""The addresses the blog once had, and where each leads."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.web_address import MAX_ADDRESS_LENGTH


class RedirectManager(models.Manager["Redirect"]):
    def get_by_natural_key(self, old_path: str) -> "Redirect":
        return self.get(old_path=old_path)


class Redirect(models.Model):
    """An address the blog once had: it answers with one 301 to the present one.

    Or with 410, where there is none: what was there is gone for good.
    """

    old_path = models.CharField(
        _("old path"),
        max_length=MAX_ADDRESS_LENGTH,
        unique=True,
        help_text=_("From the first slash on, with the query if it has one: /?p=12"),
    )
    new_path = models.CharField(
        _("new path"),
        max_length=MAX_ADDRESS_LENGTH,
        blank=True,
        help_text=_("A path on this blog, or a whole address. Empty: gone for good."),
    )

    objects = RedirectManager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_path=models.F("new_path")),
                name="redirect_goes_elsewhere",
                violation_error_message=_("An address can't redirect to itself."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path or gettext('gone')}"

    def natural_key(self) -> tuple[str]:
        return (self.old_path,)

    @classmethod
    def leave(cls, old_path: str, new_path: str) -> None:
        """Send `old_path` to `new_path`; chains collapse, circles cannot arise.

        An empty `new_path` says that it is gone, and so is what led to it.
        """
        if old_path == new_path:
            return
        with transaction.atomic():
            # What is a live address again must not lead away from itself.
            cls.objects.filter(old_path=new_path).delete()
            cls.objects.filter(new_path=old_path).update(new_path=new_path)
            cls.objects.update_or_create(
                old_path=old_path, defaults={"new_path": new_path}
            )
