"""What readers like."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post


class LikeManager(models.Manager["Like"]):
    def get_by_natural_key(self, guid: str, username: str) -> "Like":
        return self.get(post__guid=guid, user__username=username)


class Like(models.Model):
    """A reader who is logged in likes a post. Those of other blogs are webmentions."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="likes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="likes"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LikeManager()

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [
            models.UniqueConstraint(fields=["post", "user"], name="like_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.post}"

    def natural_key(self) -> tuple[str, str]:
        return (self.post.guid, self.user.username)

    natural_key.dependencies = ["blog.user", "blog.post"]  # type: ignore[attr-defined]
