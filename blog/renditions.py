"""Smaller sizes and better formats of pictures, made after the request.

A row says since when something is to be made of it, and what there is. The files
lie beside the original; their names hold a mark of its bytes, so that a file never
changes and may be kept by whoever fetched it.
"""

import io
import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from imagekit.processors import ResizeToFill
from PIL import Image, UnidentifiedImageError

from blog.models import Media, MediaUse
from blog.pictures import WIDTHS, widths_for
from blog.rerendering import render_anew
from blog.tasks import make_renditions

logger = logging.getLogger("quillback.renditions")

THUMBNAIL_PIXELS = 320
LATE = timedelta(minutes=10)
MAX_TRIES = 5
MAX_SWEPT = 200

# How each format is written. At speed 8 AVIF costs as much as WebP does, at 6 four
# times as much for files that are hardly smaller.
_AVIF = {"quality": 60, "speed": 8, "max_threads": 1}
_OPTIONS: dict[str, dict] = {
    "AVIF": _AVIF,
    "WEBP": {"quality": 78, "method": 4},
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "GIF": {},
}
_FORMAT_OF = {f"image/{name.lower()}": name for name in _OPTIONS}
_EXTENSION_OF = {"JPEG": "jpg"}
_NO_USE_TO_TRY_AGAIN = (
    FileNotFoundError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    SyntaxError,
    ValueError,
)


class Unreadable(Exception):
    """The original is gone or can't be decoded: trying again would not help."""


def wanted(media: Media) -> None:
    """Have renditions made of a picture, whatever there is; after its row is stored.

    In the transaction that stored it: both are stored, or neither.
    """
    if not media.is_image:
        return
    media.renditions_due_at, media.renditions_tries = timezone.now(), 0
    media.save(update_fields=["renditions_due_at", "renditions_tries"])
    make_renditions.enqueue(media.pk)


def sweep() -> int:
    """Enqueue what waits for long: what lost its task, or came with a fixture."""
    now = timezone.now()
    late = Media.objects.filter(renditions_due_at__lt=now - LATE)
    pks = list(late.order_by("renditions_due_at").values_list("pk", flat=True))
    pks = pks[:MAX_SWEPT]
    with transaction.atomic():
        Media.objects.filter(pk__in=pks).update(renditions_due_at=now)
        for pk in pks:
            make_renditions.enqueue(pk)
    return len(pks)


def look_at(pk: int) -> None:
    """Make what is missing for this picture, and show it wherever it is shown.

    May be called any number of times, and may die anywhere: what is there is kept,
    and the row is due until all is done.
    """
    media = Media.objects.filter(pk=pk, renditions_due_at__isnull=False).first()
    if media is None:
        return
    seen = {
        "content_hash": media.content_hash,
        "renditions_due_at": media.renditions_due_at,
    }
    row = Media.objects.filter(pk=pk, **seen)
    if media.renditions_tries >= MAX_TRIES:
        row.update(renditions_due_at=None)
        return
    # Counted before: what ends its worker each time comes to an end itself.
    row.update(renditions_tries=F("renditions_tries") + 1)
    try:
        made, thumbnail = _make(media)
    except Unreadable as error:
        logger.warning("No renditions of %s: %s", media.name, error)
        row.update(renditions_due_at=None)
        return
    if not row.update(renditions=made, thumbnail_name=thumbnail):
        return  # it was replaced meanwhile: whoever did that has it looked at again
    render_anew(
        MediaUse.objects.filter(name=media.name).values_list("post_id", flat=True)
    )
    _delete_others(media, {thumbnail, *(rendition["name"] for rendition in made)})
    row.update(renditions_due_at=None)


def delete_files(media: Media) -> None:
    """Delete what was made of it, not the original."""
    _delete_others(media, set())


def _make(media: Media) -> tuple[list[dict], str]:
    """What there is now, as the row has it, and the thumbnail's name."""
    storage = media.file.storage
    there = {rendition["name"]: rendition for rendition in media.renditions}
    thumbnail = _thumbnail_name(media)
    missing = {
        name: (image_format, width)
        for name, image_format, width in _plan(media)
        if name not in there
    }
    made = [there[name] for name, *_ in _plan(media) if name in there]
    if not missing and media.thumbnail_name == thumbnail:
        return made, thumbnail
    picture, is_moving = opened(media)
    if media.thumbnail_name != thumbnail:
        thumbnail = _store(storage, thumbnail, _thumbnail(picture, media), "WEBP")
    if not is_moving:  # a still picture is no smaller size of a film
        for name, (image_format, width) in missing.items():
            small = _narrowed(picture, width)
            stored = _store(storage, name, small, image_format)
            mime_type = f"image/{image_format.lower()}"
            made.append({"name": stored, "mime_type": mime_type, "width": width})
    return made, thumbnail


def _plan(media: Media) -> list[tuple[str, str, int]]:
    """Name, format and width of each rendition a picture should have, widest first."""
    own = _FORMAT_OF[media.mime_type]
    width = media.width or 0
    wanted = [
        (image_format, step)
        for image_format in ("AVIF", "WEBP")
        if image_format != own
        for step in widths_for(width)
    ]
    wanted += [(own, step) for step in WIDTHS if step < width]
    return [
        (_name(media, f"{step}w", image_format), image_format, step)
        for image_format, step in sorted(wanted, key=lambda pair: -pair[1])
    ]


def _name(media: Media, mark: str, image_format: str) -> str:
    """`2006/11/harbour.1a2b3c4d-800w.avif`"""
    stem = media.name.rpartition(".")[0][:250]
    extension = _EXTENSION_OF.get(image_format, image_format.lower())
    return f"{stem}.{media.content_hash[:8]}-{mark}.{extension}"


def _thumbnail_name(media: Media) -> str:
    focus = f"{round(media.focal_x * 100)}x{round(media.focal_y * 100)}"
    return _name(media, f"thumb-{focus}", "WEBP")


def opened(media: Media) -> tuple[Image.Image, bool]:
    """The picture decoded, no larger than needed, and whether it moves.

    Raises Unreadable.
    """
    try:
        with media.file.storage.open(media.name) as file:
            picture: Image.Image = Image.open(file)
            is_moving = bool(getattr(picture, "is_animated", False))
            # A JPEG can be decoded at a half or a quarter, in as little time.
            picture.draft(None, (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            picture.load()
    except _NO_USE_TO_TRY_AGAIN:
        raise Unreadable("the file is gone or damaged") from None
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK":
        picture, profile = picture.convert("RGB"), None
    elif picture.mode not in ("RGB", "RGBA", "L"):
        has_holes = "transparency" in picture.info or "A" in picture.mode
        picture = picture.convert("RGBA" if has_holes else "RGB")
    picture.info = {"icc_profile": profile} if profile else {}
    return picture, is_moving


def _thumbnail(picture: Image.Image, media: Media) -> Image.Image:
    side = THUMBNAIL_PIXELS
    anchor = (media.focal_x, media.focal_y)
    square: Image.Image = ResizeToFill(side, side, anchor=anchor).process(picture)
    square.info = picture.info
    return square


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    size = (width, height)
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    small.info = picture.info
    return small


def _store(storage: Storage, name: str, picture: Image.Image, written_as: str) -> str:
    """Write it; the name it got. What a killed worker left there is no good."""
    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    options = _OPTIONS[written_as] | ({"icc_profile": profile} if profile else {})
    picture.save(out, written_as, **options)
    storage.delete(name)
    return storage.save(name, ContentFile(out.getvalue()))


def _delete_others(media: Media, kept: set[str]) -> None:
    """Delete what the row knew of and knows no more, now that nobody shows it."""
    storage = media.file.storage
    old = {media.thumbnail_name, *(made["name"] for made in media.renditions)}
    for name in old - kept - {""}:
        storage.delete(name)
