"""A file of the old blog comes: it is stored once, and the texts that waited show it.

Whoever does this may be ended anywhere. Where the bytes will lie is written down before
they are, so that what was left behind is known by the next who comes.
"""

import io
import re
from datetime import datetime, timedelta
from itertools import count
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from blog import (
    images,
    page_paths,
    renditions,
    revision_notes,
    revisions,
    uploading,
)
from blog.images import Upload
from blog.models import Media, OldFile, OldFileUse, Post
from blog.models.old_file import MAX_REASON_LENGTH
from blog.old_names import OldBlog
from blog.transfer import numbers, rewriting
from blog.transfer.known_files import KnownFiles

_DATED = re.compile(r"(?:\A|/)([0-9]{4}/[0-9]{2})/[^/]+\Z")
# Nobody takes as long to store a file.
LEFT_BEHIND = timedelta(hours=1)
_OF_TEXT = ("body", "body_html", "rendering", "reading_minutes", "lead")


def take(row: OldFile, data: bytes) -> Media:
    """Store the bytes of `row` and show them wherever they are waited for.

    Raises UploadRefused, by the same rules as for what people send.
    """
    return keep(row, examined(row, data))


def keep(row: OldFile, upload: Upload) -> Media:
    """The same, of what was examined. What is here already is not stored again."""
    media = uploading.twin_of(upload) or _stored(row, upload)
    came(row, media)
    return media


def examined(row: OldFile, data: bytes) -> Upload:
    """What would be stored. Raises UploadRefused."""
    return images.receive(io.BytesIO(data), PurePosixPath(row.name).name)


def came(row: OldFile, media: Media) -> None:
    """Note that `media` is what `row` was, and put it into the texts.

    It is here when the last of them shows it: whoever is ended before is followed by
    the worker.
    """
    rows = OldFile.objects.filter(pk=row.pk)
    rows.update(
        media=media,
        state=OldFile.State.WAITING,
        taken_name="",
        next_try_at=timezone.now() + LEFT_BEHIND,
    )
    uses = OldFileUse.objects.filter(file=row.pk).order_by("post_id")
    for use in uses.select_related("post").only("file", "is_lead", "post__kind"):
        _show(use, row, media)
    rows.update(state=OldFile.State.HERE, reason="", next_try_at=None)


def set_aside(row: OldFile, reason: str, next_try_at: datetime | None = None) -> None:
    """Note why it did not come; None: nobody tries it again by himself."""
    is_over = next_try_at is None
    OldFile.objects.filter(pk=row.pk).update(
        state=OldFile.State.MISSING if is_over else OldFile.State.WAITING,
        reason=reason[:MAX_REASON_LENGTH],
        next_try_at=next_try_at,
    )


# --- Into the storage


def _stored(row: OldFile, upload: Upload) -> Media:
    name = _bytes_stored(row, upload)
    with transaction.atomic():
        free = numbers.reserve(Media, [row.number])
        media = Media(pk=numbers.take(free, row.number), uploaded_by=row.uploaded_by)
        uploading.describe(media, upload)
        media.file.name = name
        media.title, media.alt, media.caption = row.title, row.alt, row.caption
        media.source_url = row.shown_url or row.url
        media.save(force_insert=True)
        if row.created_at:
            Media.objects.filter(pk=media.pk).update(created_at=row.created_at)
        OldFile.objects.filter(pk=row.pk).update(media=media, taken_name="")
        renditions.wanted(media)
    return media


def _bytes_stored(row: OldFile, upload: Upload) -> str:
    """The name the bytes got, which `row` holds since before."""
    forget_bytes(row)
    while True:
        wanted = _free_name(row, str(upload.file.name))
        OldFile.objects.filter(pk=row.pk).update(taken_name=wanted)
        upload.file.seek(0)
        name = default_storage.save(wanted, upload.file)
        if name == wanted:
            return name
        # Somebody was faster: what nobody knows of does not stay.
        default_storage.delete(name)


def forget_bytes(row: OldFile) -> None:
    """Delete what was stored for `row` by somebody who was ended before its row was."""
    taken = OldFile.objects.filter(pk=row.pk).values_list("taken_name", flat=True)
    name = taken.first()
    if name:
        if not Media.objects.filter(file=name).exists():
            default_storage.delete(name)
        OldFile.objects.filter(pk=row.pk).update(taken_name="")


def tidy() -> int:
    """Forget what was begun long ago and never finished; how many."""
    begun = OldFile.objects.exclude(taken_name="")
    long_ago = timezone.now() - LEFT_BEHIND
    count = 0
    for row in begun:
        try:
            is_old = default_storage.get_modified_time(row.taken_name) < long_ago
        except FileNotFoundError:
            is_old = True  # ended before a byte was stored; or about to store it
        if is_old:
            forget_bytes(row)
            count += 1
    return count


def _free_name(row: OldFile, wanted: str) -> str:
    """`2006/11/boat.jpg` where it lay there; `boat-2.jpg` where that is another's."""
    found = _DATED.search(row.name)
    moment = timezone.localtime(row.created_at) if row.created_at else None
    folder = found[1] if found else f"{moment or timezone.localdate():%Y/%m}"
    stem, dot, ending = wanted.rpartition(".")
    names = (f"{folder}/{stem}-{number}{dot}{ending}" for number in count(2))
    name = f"{folder}/{wanted}"
    while Media.objects.filter(file=name).exists() or default_storage.exists(name):
        name = next(names)
    return name


# --- Into the texts


def _show(use: OldFileUse, row: OldFile, media: Media) -> None:
    """Rewrite a text; when it was last edited does not change: nobody did.

    What was edited here keeps what it was in its history.
    """
    with transaction.atomic():
        if use.post.is_page:
            page_paths.lock()  # before any row, as everybody who writes pages does
        posts = Post.objects.select_for_update(of=("self",))
        post = posts.filter(pk=use.post_id).first()
        use.delete()
        if post is None:
            return
        body = rewritten(post.body, row)
        is_lead = use.is_lead and post.featured_image_id is None and media.is_image
        if body == post.body and not is_lead:
            return
        post.body = body
        fields = list(_OF_TEXT)
        if is_lead:
            post.featured_image = media
            fields.append("featured_image")
        post.save(update_fields=fields)
        if revisions.of(post.pk).exists():
            revisions.keep(post.pk, None, revision_notes.FILE_CAME)


def rewritten(body: str, row: OldFile) -> str:
    """`body` with the addresses here of all files of that blog that are here."""
    known = KnownFiles(OldBlog.of_home(row.home, [row.url]))
    known.look_up(rewriting.addresses_in(body))
    return known.shown(body)
