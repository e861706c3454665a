"""Files into the library, in the place of others, and out of it."""

import os

from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from blog import icon_making, images, renditions
from blog.images import Upload, UploadRefused
from blog.models import Media, User

# What follows from the bytes. The rest of a row is somebody else's: the words are
# their writer's, the renditions the task's, which may be at work just now.
_OF_THE_BYTES = ["mime_type", "content_hash", "width", "height", "byte_count"]
_LIMIT_MB = images.MAX_UPLOAD_BYTES // 2**20


def examine(file: UploadedFile) -> Upload:
    """What will be stored of a file somebody sent. Raises UploadRefused."""
    if (file.size or 0) > images.MAX_UPLOAD_BYTES:
        raise UploadRefused(
            gettext("The file is larger than %(limit)s MB.") % {"limit": _LIMIT_MB}
        )
    return images.receive(file, file.name or "")


def twin_of(upload: Upload) -> Media | None:
    """The file that is here already with the same bytes. One query."""
    twins = Media.objects.filter(content_hash=upload.content_hash)
    return twins.order_by("pk").first()


def add(upload: Upload, user: User) -> Media:
    """Store a new file; of a picture renditions follow."""
    media = Media(uploaded_by=user)
    describe(media, upload)
    media.file = upload.file
    with transaction.atomic():
        media.save()
        renditions.wanted(media)
    return media


def describe(media: Media, upload: Upload) -> None:
    """Fill what is known of the bytes; nothing is stored."""
    media.mime_type = upload.mime_type
    media.content_hash = upload.content_hash
    media.width, media.height = upload.width, upload.height
    media.byte_count = upload.file.size


def refuse_replacement(media: Media, upload: Upload) -> None:
    """Raise UploadRefused where a file can't take this one's place and address."""
    if upload.content_hash == media.content_hash:
        raise UploadRefused(gettext("This is the file that is here already."))
    if upload.mime_type != media.mime_type:
        ending = media.name.rpartition(".")[2]
        raise UploadRefused(
            gettext(
                "The address ends in .%(ending)s, so only a file of that kind can take "
                "its place. Upload this one as a new file."
            )
            % {"ending": ending}
        )


def replace(media: Media, upload: Upload) -> None:
    """Put other bytes at the same address. Raises UploadRefused.

    Its words stay; renditions follow, with new addresses.
    """
    refuse_replacement(media, upload)
    describe(media, upload)
    with transaction.atomic():
        media.save(update_fields=_OF_THE_BYTES)
        renditions.wanted(media)
        icon_making.picture_changed(media)
        # Last: if anything above fails, the old file is still there.
        _overwrite(media.file.storage, media.name, upload)


def delete(media: Media) -> None:
    """Delete a file, its row and all that was made of it, once that is certain."""
    storage, name = media.file.storage, media.name
    made = Media(
        file=name, renditions=media.renditions, thumbnail_name=media.thumbnail_name
    )
    with transaction.atomic():
        icon_making.picture_changed(media)
        media.delete()
        transaction.on_commit(lambda: storage.delete(name))
        transaction.on_commit(lambda: renditions.delete_files(made))


def _overwrite(storage: Storage, name: str, upload: Upload) -> None:
    """Nobody who reads meanwhile gets half a file, where the storage has folders."""
    upload.file.seek(0)
    try:
        path = storage.path(name)
    except NotImplementedError:  # it has none: the old one goes before the new comes
        storage.delete(name)
        storage.save(name, upload.file)
        return
    beside = storage.save(f"{name}.new", upload.file)
    os.replace(storage.path(beside), path)
