"""What is done now and then, and when it is due again."""

from django.db import models
from django.utils import timezone


class Chore(models.Model):
    """A row for each chore: whoever moves `due_at` on does it."""

    name = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
