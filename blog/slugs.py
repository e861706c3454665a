"""Slugs: readable, Unicode, unique among their neighbours."""

import re
from collections.abc import Callable, Container

from django.db.models import QuerySet
from django.utils.text import slugify

MAX_SLUG_LENGTH = 200
MAX_TAG_LENGTH = 100  # of its name as of its slug: taggit's columns

# The first segment of a page's path must not be one the URL map already uses.
RESERVED_PAGE_SLUGS = frozenset(
    "accounts admin archives author avatar categories category comments favicon.ico feed "
    "healthz manifest.webmanifest media oembed page preview readyz robots.txt rsd.xml search sitemap.xml static tag tags "
    "unlock webmention opensearch.xml xmlrpc.php wp-content wp-admin wp-login.php".split()
)
_YEAR = re.compile(r"\d{4}")
# Below a post these lead to its own feed, trackback and pages of comments.
RESERVED_SLUGS = frozenset(["feed", "page", "trackback", "embed"])
_COMMENT_PAGE = re.compile(r"comment-page-\d+")

# What would vanish from a tag and make `C`, `C++` and `C#` one and the same.
_SPOKEN_SIGNS = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at "}


def slug_from(text: str, fallback: str = "") -> str:
    """`text` as a slug of at most 200 characters; `fallback` if nothing is left."""
    slug = slugify(text, allow_unicode=True)[:MAX_SLUG_LENGTH].strip("-_")
    return slug or fallback


def tag_slug_from(name: str, suffix: str = "") -> str:
    """A slug that tells `C++`, `C#` and `C` apart: c-plus-plus, c-sharp, c.

    At most 100 characters, `suffix` included.
    """
    spoken = re.sub(r"[+#&@]", lambda sign: _SPOKEN_SIGNS[sign[0]], name)
    slug = slug_from(spoken, fallback="tag")
    return slug[: MAX_TAG_LENGTH - len(suffix)].rstrip("-_") + suffix


def is_reserved_slug(slug: str) -> bool:
    return slug in RESERVED_SLUGS or bool(_COMMENT_PAGE.fullmatch(slug))


def is_reserved_page_slug(slug: str) -> bool:
    """Whether a page at the top of the blog can't have this address."""
    is_taken = slug in RESERVED_PAGE_SLUGS or bool(_YEAR.fullmatch(slug))
    return is_taken or is_reserved_slug(slug)


def free_slug(
    wanted: str,
    among: QuerySet,
    own_pk: object = None,
    is_reserved: Callable[[str], bool] = is_reserved_slug,
) -> str:
    """`wanted`, or `wanted-2`, `wanted-3`, … where another row of `among` has it."""
    taken = set(
        among.exclude(pk=own_pk)
        .filter(slug__startswith=wanted[: MAX_SLUG_LENGTH - 6])
        .values_list("slug", flat=True)
    )
    return next_free(wanted, taken, is_reserved)


def next_free(
    wanted: str,
    taken: Container[str],
    is_reserved: Callable[[str], bool] = is_reserved_slug,
) -> str:
    """`wanted`, or `wanted-2`, `wanted-3`, … where that is among the taken ones."""
    candidate, number = wanted, 1
    while candidate in taken or is_reserved(candidate):
        number += 1
        suffix = f"-{number}"
        candidate = wanted[: MAX_SLUG_LENGTH - len(suffix)] + suffix
    return candidate
