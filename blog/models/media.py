"""Pictures and files that posts show."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from imagekit.models import ImageSpecField
from imagekit.processors import ResizeToFill, Transpose


def upload_path(media: "Media", filename: str) -> str:
    """`2006/11/name.jpg`, as WordPress files them."""
    return f"{timezone.localdate():%Y/%m}/{filename}"


class Media(models.Model):
    """An uploaded file. Pictures were decoded and written anew on the way in."""

    file = models.FileField(upload_to=upload_path, max_length=300, unique=True)
    title = models.CharField(max_length=300, blank=True)
    alt = models.CharField(
        "alternative text",
        max_length=1000,
        blank=True,
        help_text="What somebody who can't see the picture should know of it.",
    )
    caption = models.TextField(blank=True)
    credit = models.CharField(max_length=300, blank=True)
    mime_type = models.CharField(max_length=100, editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    byte_count = models.PositiveBigIntegerField(default=0, editable=False)
    # SHA-256 of the bytes as uploaded: the same picture is found again by it.
    content_hash = models.CharField(max_length=64, db_index=True, editable=False)
    focal_x = models.FloatField(default=0.5, help_text="0 left, 1 right")
    focal_y = models.FloatField(default=0.5, help_text="0 top, 1 bottom")
    source_url = models.URLField(max_length=2000, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        "blog.User", null=True, on_delete=models.SET_NULL, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    thumbnail = ImageSpecField(
        source="file",
        # Transpose comes first, or the camera's orientation is ignored.
        processors=[Transpose(), ResizeToFill(160, 160)],
        format="WEBP",
        options={"quality": 75},
    )

    class Meta:
        verbose_name_plural = "media"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__range=(0, 1), focal_y__range=(0, 1)),
                name="focal_point_in_picture",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.file)

    @property
    def is_image(self) -> bool:
        return self.width is not None

    def get_absolute_url(self) -> str:
        return self.file.url
