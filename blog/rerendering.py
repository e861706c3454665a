"""Posts served anew when what they show has changed, and not what they say."""

from collections.abc import Iterable
from time import monotonic

from django.db import transaction

from blog.markup import RENDERING
from blog.models import Post

# What follows from a text, and from nothing else of the post.
_RENDERED = ("body_html", "rendering", "reading_minutes", "lead")
BATCH = 50
# So that who waits for the worker waits a moment only.
MAX_SWEEP_SECONDS = 20


def render_anew(pks: Iterable[int]) -> None:
    """Render these posts with what there is by now, each in a transaction of its own."""
    for pk in list(pks):
        with transaction.atomic():
            post = Post.objects.select_for_update().filter(pk=pk).first()
            if post is None:
                continue
            before = [getattr(post, name) for name in _RENDERED]
            post.derive_text()
            after = [getattr(post, name) for name in _RENDERED]
            if after != before:
                row = dict(zip(_RENDERED, after, strict=True))
                Post.objects.filter(pk=pk).update(**row)


def sweep() -> int:
    """Render some of what was rendered by other rules, the newest first; how many.

    Called again and again until nothing is left; one query where nothing is. It may
    die anywhere: each post says itself by which rules it was rendered.
    """
    until = monotonic() + MAX_SWEEP_SECONDS
    count = 0
    while monotonic() < until:
        others = Post.objects.filter(rendering__lt=RENDERING).order_by("-pk")
        pks = list(others.values_list("pk", flat=True)[:BATCH])
        if not pks:
            break
        render_anew(pks)
        count += len(pks)
    return count
