"""A small picture for each writer, drawn here: no reader's browser asks anybody else.

The drawing is a quilt block. What stands in one quarter is turned round the middle
three times, so that few shapes give patterns that are told apart at a glance.
"""

import hashlib
import hmac
import re
from functools import cache, lru_cache

from django.conf import settings
from django.urls import reverse

KEY_LENGTH = 24
# Some hundred bytes for each: the writers of a page or two of the longest talks.
MAX_KEPT_KEYS = 2048
_ANY_KEY = "0" * KEY_LENGTH
_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")

# What a patch of 20 by 20 may hold, as a path from its upper left corner.
_PATCHES = [
    "",
    "h20v20z",
    "v20h20z",
    "h20l-20 20z",
    "m20 0v20h-20z",
    "a20 20 0 0 0 20 20v-20z",
    "m0 20a20 20 0 0 1 20-20v20z",
    "m10 0l10 10l-10 10l-10-10z",
]
_CELLS = ["M0 0", "M20 0", "M0 20", "M20 20"]
# Degrees round the colour circle: warm ones first, none that shouts.
_HUES = [14, 28, 42, 60, 90, 140, 165, 190, 212, 235, 270, 320, 345]


def key_of(email: str, name: str) -> str:
    """What stands for a writer in public: 24 hexadecimal characters.

    By the e-mail address; by the name where there is none. Keyed with the blog's
    secret: nobody can find out by trying whose address is behind it, and another
    blog has another key for the same writer.
    """
    return _key_of(settings.SECRET_KEY, email, name)


@lru_cache(maxsize=MAX_KEPT_KEYS)
def _key_of(secret_key: str, email: str, name: str) -> str:
    email = email.strip().lower()
    who = f"email {email}" if email else f"name {name.strip().casefold()}"
    digest = hmac.digest(_secret(secret_key), who.encode(), "sha256")
    return digest.hex()[:KEY_LENGTH]


@cache
def _secret(secret_key: str) -> bytes:
    """As `django.utils.crypto.salted_hmac` makes it, which does so at each call."""
    return hashlib.sha256(b"comments.avatars" + secret_key.encode()).digest()


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def url_of(key: str, *, may_be_photo: bool = False) -> str:
    """Where the avatar is. No query.

    `may_be_photo` is `site.use_gravatar`: then it is at another address, which may
    show something else tomorrow, while a drawing is kept for ever.
    """
    name = "comments:avatar" if may_be_photo else "comments:drawing"
    return _pattern(name).replace(_ANY_KEY, key)


@cache
def _pattern(name: str) -> str:
    """The address of any avatar: a long page asks for hundreds of them."""
    return reverse(name, args=[_ANY_KEY])


def identicon(key: str) -> str:
    """The drawing for a key of `key_of`: an SVG of less than 1 kB.

    Its ground is part of it, so that it looks the same on light and dark pages.
    """
    number = int(key, 16)
    number, place = divmod(number, len(_HUES))
    hue = _HUES[place]
    number, turn = divmod(number, 3)
    other = (hue + (25, 150, 335)[turn]) % 360
    strong, soft = _quarter(number)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80" width="80" '
        f'height="80"><rect width="80" height="80" fill="hsl({hue} 38% 84%)"/>'
        f'<g id="q"><path fill="hsl({other} 36% 66%)" d="{soft}"/>'
        f'<path fill="hsl({hue} 42% 42%)" d="{strong}"/></g>'
        + "".join(
            f'<use href="#q" transform="rotate({degrees} 40 40)"/>'
            for degrees in (90, 180, 270)
        )
        + "</svg>"
    )


def _quarter(number: int) -> tuple[str, str]:
    """The paths of one quarter: in the strong colour, and in the soft one.

    The strong one is never empty: the patch at the middle always holds something.
    """
    strong, soft = "", ""
    for cell in _CELLS:
        number, patch = divmod(number, len(_PATCHES))
        number, is_soft = divmod(number, 2)
        if cell == _CELLS[-1]:
            patch, is_soft = patch or 1, 0
        path = _PATCHES[patch]
        if path and is_soft:
            soft += cell + path
        elif path:
            strong += cell + path
    return strong, soft
