"""Writers' own pictures, fetched once from Gravatar by this server and kept here.

Only where the keeper turned it on. No reader's browser ever asks Gravatar, and
Gravatar learns of a writer (by a hash of the address) but of no reader.
"""

import hashlib
import io
import warnings
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Max
from django.utils import timezone
from PIL import Image, ImageOps

from blog.fetch import FetchFailed, fetch
from blog.models import SiteSettings
from comments.avatars import key_of
from comments.models import Comment, Photo
from comments.models.photo import path_of

URL = "https://www.gravatar.com/avatar"
SIZE = 80
MAX_BYTES = 500_000
MAX_PIXELS = 1_000_000
KEPT_FOR = timedelta(days=7)
# How many writers are asked about in an hour, when all are due at once.
MAX_ASKED = 200
_FORMATS = ["JPEG", "PNG", "GIF", "WEBP"]


def is_wanted(comment: Comment, site: SiteSettings) -> bool:
    """Whether Gravatar is to be asked about its writer. At most one query.

    Nobody asks about the writers of spam: they would fill the table.
    """
    is_kept = comment.state in (Comment.State.APPROVED, Comment.State.PENDING)
    is_on = site.show_avatars and site.use_gravatar
    if not (is_on and is_kept and comment.author_email):
        return False
    fresh = Photo.objects.filter(asked_at__gt=timezone.now() - KEPT_FOR)
    return not fresh.filter(pk=key_of(comment.author_email, "")).exists()


def ask_about(email: str) -> Photo:
    """Fetch the picture for an address and keep it; remember, if there is none.

    Raises blog.fetch.FetchError where Gravatar is not to be had.
    """
    key = key_of(email, "")
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    answer = fetch(f"{URL}/{digest}?s={SIZE}&d=404&r=g", max_bytes=MAX_BYTES)
    if not answer.is_ok and answer.status != 404:
        raise FetchFailed(f"Gravatar answered {answer.status}.")
    picture = _redrawn(answer.body) if answer.is_ok else None
    default_storage.delete(path_of(key))
    if picture:
        default_storage.save(path_of(key), ContentFile(picture))
    values = {"asked_at": timezone.now(), "is_there": picture is not None}
    return Photo.objects.update_or_create(pk=key, defaults=values)[0]


def postpone(email: str) -> None:
    """Gravatar was not to be had: ask again tomorrow, and show what there is."""
    asked_at = timezone.now() - KEPT_FOR + timedelta(days=1)
    Photo.objects.update_or_create(
        pk=key_of(email, ""), defaults={"asked_at": asked_at}
    )


def due_comments() -> list[int]:
    """Of writers about whom nobody asked lately, one comment each. Two queries."""
    fresh = set(
        Photo.objects.filter(asked_at__gt=timezone.now() - KEPT_FOR).values_list(
            "pk", flat=True
        )
    )
    writers = (
        Comment.objects.approved()
        .exclude(author_email="")
        .order_by()
        .values_list("author_email")
        .annotate(newest=Max("pk"))
    )
    due = [pk for email, pk in writers if key_of(email, "") not in fresh]
    return sorted(due, reverse=True)[:MAX_ASKED]


def forget(email: str | None = None) -> None:
    """Delete the picture of this address, or every one."""
    photos = Photo.objects.all()
    if email is not None:
        photos = photos.filter(pk=key_of(email, ""))
    for photo in photos:
        default_storage.delete(photo.path)
    photos.delete()


def _redrawn(data: bytes) -> bytes | None:
    """The picture decoded, cut to a square and written anew; None if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                square = ImageOps.fit(picture.convert("RGBA"), (SIZE, SIZE))
    except (
        OSError,  # it is no picture, or a damaged one
        SyntaxError,
        ValueError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
    out = io.BytesIO()
    square.save(out, format="WEBP", quality=85)
    return out.getvalue()
