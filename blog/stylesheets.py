"""The style sheet of the public side: one file, made of one for each component.

Its address holds a digest of what is in it, so that browsers keep it for ever and a
keeper's new colour is seen at once.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import rcssmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from blog import colours, compression, themes
from blog.models import SiteSettings

COMMON = tuple(
    f"blog/css/{name}.css"
    for name in (
        "tokens",
        "base",
        "reading",
        "pictures",
        "footnotes",
        "figures",
        "embeds",
        "code",
        "post",
        "conversation",
        "respond",
    )
)
DIGEST_LENGTH = 12
# rcssmin takes the space before a colon for one it can do without: `.prose :is(ul)`
# would be `.prose:is(ul)`. An asterisk says the same and stays.
_DESCENDANT = re.compile(r"(?<=[^\s{};,>+~(]) +:(?=[a-z])")


class Sheet(NamedTuple):
    digest: str
    css: str


def of(site: SiteSettings) -> Sheet:
    """What a blog with these settings is read in."""
    names = (*COMMON, *themes.of(site).styles)
    if settings.DEBUG:
        return _made.__wrapped__(names, site.accent)
    return _made(names, site.accent)


def address(site: SiteSettings) -> str:
    return reverse("blog:style", args=[of(site).digest])


@lru_cache(maxsize=16)
def smallest(sheet: Sheet) -> bytes:
    """It as brotli. Takes a twentieth of a second, once."""
    return compression.as_brotli(sheet.css.encode(), compression.SMALLEST)


@lru_cache(maxsize=16)
def _made(names: tuple[str, ...], accent: str) -> Sheet:
    css = rcssmin.cssmin(_DESCENDANT.sub(" *:", "\n".join(map(_source, names))))
    if accent:
        css += colours.accent_rule(accent, css)
    digest = hashlib.sha256(css.encode()).hexdigest()[:DIGEST_LENGTH]
    return Sheet(digest, css)


def _source(name: str) -> str:
    return Path(str(finders.find(name))).read_text()
