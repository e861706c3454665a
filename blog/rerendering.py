"""Posts served anew when what they show has changed, and not what they say."""

from collections.abc import Iterable

from django.db import transaction

from blog.models import Post


def render_anew(pks: Iterable[int]) -> None:
    """Render these posts with what there is by now, each in a transaction of its own."""
    for pk in list(pks):
        with transaction.atomic():
            post = Post.objects.select_for_update().filter(pk=pk).first()
            if post and (rendered := post.rendered_body()) != post.body_html:
                Post.objects.filter(pk=pk).update(body_html=rendered)
