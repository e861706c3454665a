"""Pieces of texts that revisions are put together from."""

from django.db import models


class TextPiece(models.Model):
    """A paragraph or so of some revision; however many have it, it is stored once.

    Never changed and never deleted: any revision may be made of it.
    """

    key = models.CharField(max_length=32, unique=True)
    text = models.TextField()

    class Meta:
        verbose_name = "piece of text"
        verbose_name_plural = "pieces of text"
