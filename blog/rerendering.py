"""Posts served anew when what they show has changed, and not what they say."""

import logging
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from blog import embed_markup, languages, pictures, rows
from blog.markup import RENDERING
from blog.models import Embed, Media, Post

logger = logging.getLogger("quillback.rendering")

# What follows from a text, and from nothing else of the post.
_RENDERED = ("body_html", "rendering", "reading_minutes", "lead")
BATCH = 50
# So many in a transaction: each is a new generation of all pages, and on SQLite nobody
# else writes meanwhile.
AT_ONCE = 10
# So that who waits for the worker waits a moment only.
MAX_SWEEP_SECONDS = 20
# A text that broke the renderer is served as it was, and tried again by each process
# after so long.
LATER_SECONDS = 3600

_set_aside_until: dict[int, float] = {}


def render_anew(pks: Iterable[int]) -> None:
    """Render these posts with what there is by now, some in each transaction.

    One that breaks the renderer, as none should, is named in the log and left to a
    later sweep; the others are rendered.
    """
    every = list(pks)
    for start in range(0, len(every), AT_ONCE):
        _render_unbroken(every[start : start + AT_ONCE])


def _render_unbroken(pks: Sequence[int]) -> None:
    try:
        _render(pks)
    except (InterfaceError, OperationalError):  # no text's fault
        raise
    except Exception:
        if len(pks) > 1:
            for pk in pks:
                _render_unbroken([pk])
            return
        logger.exception("Post %s could not be rendered.", pks[0])
        Post.objects.filter(pk__in=pks).update(rendering=0)
        _set_aside_until[pks[0]] = monotonic() + LATER_SECONDS


def _render(pks: Sequence[int]) -> None:
    with transaction.atomic(), languages.blogs(languages.of_blog()):
        # In one order, as everybody locks them.
        locked = Post.objects.select_for_update().filter(pk__in=pks)
        posts = list(locked.order_by("pk"))
        before = [_rendered(post) for post in posts]
        derive_texts(posts)
        after = [_rendered(post) for post in posts]
        rows.update(
            Post, [new for old, new in zip(before, after, strict=True) if new != old]
        )


def _rendered(post: Post) -> dict[str, Any]:
    return {name: getattr(post, name) for name in ("id", *_RENDERED)}


def derive_texts(posts: Sequence[Post]) -> None:
    """Fill the columns that follow from each text. A query for all pictures, one for
    all embeds.
    """
    names = {name for post in posts for name in pictures.names_in(post.body)}
    urls = {url for post in posts for url in embed_markup.keys_in(post.body)}
    known = Media.objects.pictures_named(names) if names else {}
    cards = Embed.objects.cards(urls) if urls else {}
    for post in posts:
        post.take_rendered(post.rendered_with(known, cards))


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
