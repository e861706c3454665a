"""Files on their way in: told by their bytes, pictures decoded, and bared."""

import hashlib
import io
import re
import struct
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from blog.bare_pictures import bared

MAX_UPLOAD_BYTES = 50 * 2**20
MAX_PIXELS = 50_000_000
JPEG_QUALITY = 88

# What a picture is written as, by what Pillow found it to be.
_PICTURES = {
    "JPEG": ("image/jpeg", "jpg"),
    "MPO": ("image/jpeg", "jpg"),  # a phone's JPEG with a second frame
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
    "AVIF": ("image/avif", "avif"),
}
# Files that are kept as they are: where their mark stands, the mark, what it is.
_FILES = [
    (0, b"%PDF-", "application/pdf", "pdf"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
    (0, b"\xff\xf3", "audio/mpeg", "mp3"),
    (0, b"OggS", "audio/ogg", "ogg"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", "webm"),
    (4, b"ftypM4A", "audio/mp4", "m4a"),
    (4, b"ftyp", "video/mp4", "mp4"),
    (0, b"PK\x03\x04", "application/zip", "zip"),
]
_TOO_MANY_PIXELS = format_lazy(
    _("The picture has more than {count} megapixels. Make it smaller."),
    count=MAX_PIXELS // 1_000_000,
)
# What decoders raise where a file is not what it says it is.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    LookupError,
    ArithmeticError,
    struct.error,
)
_ORIENTATION = 0x0112
# Bytes, Pillow's name of the format, width and height.
Written = tuple[bytes, str, tuple[int, int]]
_LOOKS_LIKE_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


class UploadRefused(Exception):
    """A file that is not taken; the message says why, to the one who sent it."""


@dataclass(frozen=True)
class Upload:
    """A file as it will be stored, and what is known of it."""

    file: ContentFile
    mime_type: str
    content_hash: str
    width: int | None = None
    height: int | None = None


def receive(upload: IO[bytes], name: str) -> Upload:
    """Examine an uploaded file. Raises UploadRefused with a sentence.

    A picture comes back upright, without what the camera wrote into it: that is taken
    out, and the rest stays to the byte; only what lies on its side or can't be taken
    apart is written anew. The hash is that of the bytes as they came.
    """
    data = upload.read(MAX_UPLOAD_BYTES + 1)
    if len(data) > MAX_UPLOAD_BYTES:
        limit = MAX_UPLOAD_BYTES // 2**20
        raise UploadRefused(
            gettext("The file is larger than %(limit)s MB.") % {"limit": limit}
        )
    if not data:
        raise UploadRefused(gettext("The file is empty."))
    content_hash = hashlib.sha256(data).hexdigest()
    stem = _safe_stem(name)
    if known := _known_file(data):
        mime_type, extension = known
        file = ContentFile(data, name=f"{stem}.{extension}")
        return Upload(file, mime_type, content_hash)
    written, image_format, (width, height) = _redraw(data)
    mime_type, extension = _PICTURES[image_format]
    file = ContentFile(written, name=f"{stem}.{extension}")
    return Upload(file, mime_type, content_hash, width, height)


def _known_file(data: bytes) -> tuple[str, str] | None:
    is_avif = data[4:12] in (b"ftypavif", b"ftypavis")
    for offset, mark, mime_type, extension in _FILES:
        if data.startswith(mark, offset) and not is_avif:
            return mime_type, extension
    return None


def _redraw(data: bytes) -> Written:
    """The picture decoded, and encoded again if anything may hide in the file."""
    try:
        with warnings.catch_warnings():
            # Of frames that are none, say: the first one is shown then.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_openable()) as picture:
                # Only the header is read so far.
                if picture.width * picture.height > MAX_PIXELS:
                    raise UploadRefused(_TOO_MANY_PIXELS)
                return _kept(picture, data) or _encode(picture)
    except UnidentifiedImageError:
        raise UploadRefused(_why_unknown(data)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UploadRefused(_TOO_MANY_PIXELS) from None
    except DAMAGED:
        raise UploadRefused(
            gettext("The picture is damaged: it could not be decoded.")
        ) from None


def _kept(picture: Image.Image, data: bytes) -> Written | None:
    """As it was drawn, without what else was in the file: each new drawing loses.

    None where only a new one will do: to turn it, or to be sure of what is in it.
    """
    image_format = str(picture.format)
    bare = bared(data, image_format)
    if bare is None or picture.getexif().get(_ORIENTATION, 1) != 1:
        return None
    for frame in range(_frame_count(picture)):
        picture.seek(frame)
        picture.load()  # what is damaged is refused
    return bare, "JPEG" if image_format == "MPO" else image_format, picture.size


def _frame_count(picture: Image.Image) -> int:
    """Raises UploadRefused where it moves for too long."""
    if picture.format == "MPO":
        return 1
    count = getattr(picture, "n_frames", 1)
    if count > 1 and count * picture.width * picture.height > 4 * MAX_PIXELS:
        raise UploadRefused(
            gettext("The animation has more frames than this blog decodes.")
        )
    return count


def _encode(picture: Image.Image) -> Written:
    image_format = "JPEG" if picture.format == "MPO" else str(picture.format)
    if getattr(picture, "is_animated", False) and picture.format != "MPO":
        return _encode_animation(picture, image_format)
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    if image_format == "JPEG" and upright.mode not in ("RGB", "L", "CMYK"):
        upright = upright.convert("RGB")
    # A copy of the pixels alone: no EXIF, no text chunks, no comments.
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P":
        bare.putpalette(upright.getpalette("RGB") or [], "RGB")
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    if "transparency" in upright.info and image_format in ("PNG", "GIF"):
        options["transparency"] = upright.info["transparency"]
    if image_format == "JPEG":
        options |= {"quality": JPEG_QUALITY, "optimize": True, "progressive": True}
    out = io.BytesIO()
    bare.save(out, format=image_format, **options)
    return out.getvalue(), image_format, bare.size


def _encode_animation(
    picture: Image.Image, image_format: str
) -> tuple[bytes, str, tuple[int, int]]:
    _frame_count(picture)
    out = io.BytesIO()
    picture.save(
        out, format=image_format, save_all=True, exif=b"", xmp=b"", comment=b""
    )
    return out.getvalue(), image_format, picture.size


def _openable() -> list[str]:
    Image.init()
    return [name for name in _PICTURES if name in Image.OPEN]


def _why_unknown(data: bytes) -> str:
    if _LOOKS_LIKE_SVG.search(data[:65_536]):
        return gettext(
            "SVG drawings are not taken: they are programs that would run in your "
            "readers' browsers. Export the drawing as PNG or WebP."
        )
    return gettext(
        "This is no file the blog takes. It takes pictures (JPEG, PNG, GIF, WebP, "
        "AVIF), PDF, MP3, M4A, Ogg, MP4, WebM and ZIP, told by what is in the file "
        "and not by its name."
    )


def _safe_stem(name: str) -> str:
    """The file's name without folders, ending and signs: readable in an address."""
    stem = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).stem)
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:100] or "file"
