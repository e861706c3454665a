"""All tags of the blog, by letter, each with how many public posts it has."""

import math
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from blog import addresses, stretches, tallies
from blog.models import Post, Tag, TaggedPost

DIGITS = "0-9"
OTHERS = "*"
# Of the most used: so many shades, so that one sees what a blog is about.
WEIGHTS = 5


@dataclass(frozen=True)
class Entry:
    name: str
    slug: str
    count: int
    letter: str

    def get_absolute_url(self) -> str:
        return addresses.of_tag(self.slug)


@dataclass(frozen=True)
class Letter:
    sign: str
    entries: list[Entry]

    @property
    def title(self) -> str:
        if self.sign == OTHERS:
            return gettext("Other signs")
        return self.sign.replace("-", "–")


def public() -> QuerySet[Tag]:
    """The tags that some public post has: the others are nobody's business."""
    seen = Post.objects.published().filter(pk=OuterRef("content_object"))
    used = TaggedPost.objects.filter(Exists(seen), tag=OuterRef("pk"))
    return Tag.objects.filter(Exists(used))


def letters(request: HttpRequest) -> list[Letter]:
    """Every tag that some public post has, by its first letter. One query, if nothing
    has to be counted.

    In the order of the alphabet without regard to case and accents; digits stand
    first, and what begins with neither last.
    """
    counts = stretches.of(request).of(tallies.TAGS)
    rows = Tag.objects.order_by().values_list("pk", "name", "slug")
    found = [
        (_order(folded := fold(name)), Entry(name, slug, counts[pk], _letter(folded)))
        for pk, name, slug in rows
        if pk in counts
    ]
    entries = [entry for _, entry in sorted(found, key=lambda pair: pair[0])]
    return [
        Letter(sign, list(group))
        for sign, group in groupby(entries, lambda entry: entry.letter)
    ]


def most_used(shown: list[Letter], limit: int) -> list[tuple[Entry, int]]:
    """The `limit` most used, by name, each with a weight from 1 to WEIGHTS."""
    entries = [entry for letter in shown for entry in letter.entries]
    top = sorted(entries, key=lambda entry: -entry.count)[:limit]
    if not top:
        return []
    most, least, chosen = top[0].count, top[-1].count, set(top)
    return [
        (entry, _weight(entry.count, least, most))
        for entry in entries
        if entry in chosen
    ]


def fold(text: str) -> str:
    """Without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _letter(folded: str) -> str:
    first = folded[:1]
    if first.isdecimal():
        return DIGITS
    return first.upper() if first.isalpha() else OTHERS


def _order(folded: str) -> tuple[int, str]:
    place = [DIGITS, "", OTHERS]
    letter = _letter(folded)
    return place.index(letter if letter in place else ""), folded


def _weight(count: int, least: int, most: int) -> int:
    """By the logarithm: few tags have most of the posts."""
    if most == least:
        return 2
    share = math.log(count / least) / math.log(most / least)
    return 1 + round((WEIGHTS - 1) * share)
