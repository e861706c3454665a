"""Posts served anew when what they show has changed, and not what they say."""

import logging
from collections.abc import Iterable
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction

from blog.markup import RENDERING
from blog.models import Post

logger = logging.getLogger("quillback.rendering")

# What follows from a text, and from nothing else of the post.
_RENDERED = ("body_html", "rendering", "reading_minutes", "lead")
BATCH = 50
# So that who waits for the worker waits a moment only.
MAX_SWEEP_SECONDS = 20
# A text that broke the renderer is served as it was, and tried again by each process
# after so long.
LATER_SECONDS = 3600

_set_aside_until: dict[int, float] = {}


def render_anew(pks: Iterable[int]) -> None:
    """Render these posts with what there is by now, each in a transaction of its own.

    One that breaks the renderer, as none should, is named in the log and left to a
    later sweep; the others are rendered.
    """
    for pk in list(pks):
        try:
            _render(pk)
        except (InterfaceError, OperationalError):  # no text's fault
            raise
        except Exception:
            logger.exception("Post %s could not be rendered.", pk)
            Post.objects.filter(pk=pk).update(rendering=0)
            _set_aside_until[pk] = monotonic() + LATER_SECONDS


def _render(pk: int) -> None:
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=pk).first()
        if post is None:
            return
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
    now = monotonic()
    until = now + MAX_SWEEP_SECONDS
    for pk in [pk for pk, later in _set_aside_until.items() if later <= now]:
        del _set_aside_until[pk]
    others = Post.objects.filter(rendering__lt=RENDERING).order_by("-pk")
    pks = list(others.values_list("pk", flat=True)[:BATCH])
    count = 0
    while pks:
        due = [pk for pk in pks if pk not in _set_aside_until]
        render_anew(due)
        count += len(due)
        if monotonic() > until:
            break
        beyond = others.filter(pk__lt=pks[-1]).values_list("pk", flat=True)
        pks = list(beyond[:BATCH])
    return count
