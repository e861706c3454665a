"""Addresses at which people found nothing."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_PATH = MAX_REFERRER = 500


class MissedAddress(models.Model):
    """An address that was asked for, and nothing ever was there. Nobody's IP address."""

    path = models.CharField(_("address"), max_length=MAX_PATH, unique=True)
    hits = models.PositiveIntegerField(_("asked for"), default=0)
    first_at = models.DateTimeField(_("first time"), default=timezone.now)
    last_at = models.DateTimeField(_("last time"), default=timezone.now)
    referrer = models.CharField(
        _("last link to it"), max_length=MAX_REFERRER, blank=True
    )
    is_ignored = models.BooleanField(_("ignored"), default=False)

    class Meta:
        verbose_name = _("address not found")
        verbose_name_plural = _("addresses not found")
        ordering = ["-hits", "-last_at"]

    def __str__(self) -> str:
        return self.path
