"""What Gravatar had of a writer."""

from django.db import models
from django.utils import timezone


class Photo(models.Model):
    """Gravatar was asked about a writer; the picture, if any, lies in the media."""

    # Of `comments.avatars.key_of`; the address itself is not here.
    key = models.CharField(max_length=24, primary_key=True)
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    is_there = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.key

    @property
    def path(self) -> str:
        return path_of(self.key)


def path_of(key: str) -> str:
    """Where in the media storage the picture lies."""
    return f"avatars/{key}.webp"
