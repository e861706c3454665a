"""Icons made of the picture the keeper chose, after the request.

Which there should be follows from the picture: names hold a mark of its bytes and of
its focal point. The row of settings names those there are; what differs is due.
"""

import logging

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext, ngettext
from PIL import Image

from blog import icon_drawing, renditions
from blog.icon_drawing import SHAPES
from blog.icons import ICO_TYPE
from blog.models import Media, SiteSettings
from blog.tasks import make_icons

logger = logging.getLogger("quillback.icons")

FOLDER = "icons"
# A smaller picture is drawn larger than it is.
SHARP_PIXELS = 512


def wanted(site: SiteSettings) -> None:
    """Have icons made, or taken away, where the picture is another; after it is stored.

    In the transaction that stored it: both are stored, or neither.
    """
    if not _is_in_step(site):
        make_icons.enqueue()


def picture_changed(media: Media) -> None:
    """The same for a picture that was replaced or cut otherwise. One query."""
    if SiteSettings.objects.filter(icon=media).exists():
        make_icons.enqueue()


def sweep() -> bool:
    """Enqueue what lost its task, or came with a fixture. Whether there was anything.

    Not of a picture that could not be decoded for its thumbnail: it can't be now.
    """
    site = SiteSettings.objects.select_related("icon").filter(pk=1).first()
    if site is None or _is_in_step(site):
        return False
    if site.icon and not site.icon.thumbnail_name:
        return False
    make_icons.enqueue()
    return True


def look_at() -> None:
    """Make the icons there should be, have the blog show them, delete all others.

    May be called any number of times, and may die anywhere: icons are due until the
    row names them, and what it does not name is deleted whenever this is done.
    """
    site = SiteSettings.objects.select_related("icon").filter(pk=1).first()
    if site is None:
        return
    if not _is_in_step(site):
        try:
            files = _made(site.icon) if site.icon else []
        except renditions.Unreadable as error:
            logger.warning("No icons of %s: %s", site.icon, error)
            return
        # Whoever chose another picture meanwhile has it looked at again.
        SiteSettings.objects.filter(pk=1, icon=site.icon).update(icon_files=files)
    _delete_others(default_storage)


def remarks(media: Media) -> list[str]:
    """What somebody who makes this picture the icon should know, in sentences."""
    said = []
    width, height = media.width or 0, media.height or 0
    if width != height:
        said.append(
            gettext(
                "The icon is not square: it is cut around its focal point, or kept whole "
                "where its ground is transparent."
            )
        )
    side = min(width, height)
    if side < SHARP_PIXELS:
        said.append(
            ngettext(
                "The icon is %(side)s pixel wide or high. Home screens show up to "
                "%(sharp)s: there it will be blurred.",
                "The icon is %(side)s pixels wide or high. Home screens show up to "
                "%(sharp)s: there it will be blurred.",
                side,
            )
            % {"side": side, "sharp": SHARP_PIXELS}
        )
    if media.mime_type == "image/gif":
        said.append(
            gettext("Icons don’t move: of an animation its first picture is shown.")
        )
    return said


def _is_in_step(site: SiteSettings) -> bool:
    """Whether the row names what it should. A query where the picture is not loaded."""
    named = {made["name"] for made in site.icon_files}
    return named == _names(site.icon)


def _names(media: Media | None) -> set[str]:
    if media is None or not media.is_image:
        return set()
    return {_ico_name(media), *(_name(media, shape.mark, "png") for shape in SHAPES)}


def _ico_name(media: Media) -> str:
    return _name(media, "favicon", "ico")


def _name(media: Media, mark: str, extension: str) -> str:
    """`icons/1a2b3c4d-50x50-192.png`"""
    focus = f"{round(media.focal_x * 100)}x{round(media.focal_y * 100)}"
    return f"{FOLDER}/{media.content_hash[:8]}-{focus}-{mark}.{extension}"


def _made(media: Media) -> list[dict]:
    """Draw and store them all; as the row has them. Raises Unreadable."""
    if not media.is_image:
        return []
    square = _square(media)
    files = []
    for shape in SHAPES:
        name = _name(media, shape.mark, "png")
        _store(name, icon_drawing.png(square, shape))
        described = {"mime_type": "image/png", "width": shape.width}
        files.append({"name": name, "purpose": shape.purpose, **described})
    _store(_ico_name(media), icon_drawing.ico(square))
    widest = max(icon_drawing.FAVICON_SIZES)
    described = {"mime_type": ICO_TYPE, "width": widest, "purpose": "ico"}
    return [*files, {"name": _ico_name(media), **described}]


def _square(media: Media) -> Image.Image:
    picture, _ = renditions.opened(media)
    return icon_drawing.square(picture, (media.focal_x, media.focal_y))


def _store(name: str, data: bytes) -> None:
    """What a killed worker left there is no good."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


def _delete_others(storage: Storage) -> None:
    """Delete what the row does not name, nor is being made for it just now."""
    site = SiteSettings.objects.select_related("icon").get(pk=1)
    kept = {made["name"] for made in site.icon_files} | _names(site.icon)
    try:
        _, there = storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for name in there:
        if f"{FOLDER}/{name}" not in kept:
            storage.delete(f"{FOLDER}/{name}")
