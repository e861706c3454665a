"""What an address asks for that was made by WordPress, in any of its ways to spell one.

Nothing is looked up here. A blog may have changed its ways over the years, and its
feeds and lists are asked for long after; so an address may mean several things.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto
from urllib.parse import parse_qsl

from blog.numbers import number_or_none
from blog.slugs import RESERVED_PAGE_SLUGS

MAX_NAMES = 12  # of a path; what has more names nothing
MAX_QUERY = 4000
MAX_LISTED = 10  # categories or tags that one query names
FEEDS = {
    "": "feed/",
    "feed": "feed/",
    "rss": "feed/",
    "rss2": "feed/",
    "rdf": "feed/",
    "atom": "feed/atom/",
    "json": "feed/json/",
}
# Where WordPress had its desk and its doors.
DESK, LOGIN = "/admin/", "/accounts/login/"
_DOORS = {
    "wp-admin": DESK,
    "wp-login.php": LOGIN,
    "wp-register.php": LOGIN,
    "wp-signup.php": LOGIN,
    "wp-rss.php": "/feed/",
    "wp-rss2.php": "/feed/",
    "wp-rdf.php": "/feed/",
    "wp-feed.php": "/feed/",
    "wp-atom.php": "/feed/atom/",
    "wp-commentsrss2.php": "/comments/feed/",
    "wp-sitemap.xml": "/sitemap.xml",
    "sitemap_index.xml": "/sitemap.xml",
}
# What of a query says what is to be read.
_ASKING = (
    "p page_id attachment_id comments_popup name pagename cat category_name tag tag_id"
    " author author_name feed"
).split()
_POST_DOORS = frozenset(["wp-trackback.php", "wp-comments-popup.php"])
# What blogs have before their posts, or had: /blog/archives/tea/
FRONTS = frozenset(["index.php", "blog", "archives"])
_FEED = re.compile(
    r"(?P<list>/|/.+?/)(?:feed/(?:feed|rss2?|rdf)|(?<!^/tag/)(?<!^/author/)(?<!^/category/)(?:rss2?|rdf))/?"
)
_FIRST_PAGE = re.compile(r"(?P<list>/|/.+/)page/0*1/?")
_ENDING = re.compile(r"\.(?:x?html?|php|aspx?)$", re.IGNORECASE)
_PAGE = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TWO = re.compile(r"[0-9]{1,2}")
_MOMENT = re.compile(r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})[0-9]*)?)?")


class Kind(IntEnum):
    """What there can be at an address, the surest first."""

    PLACE = auto()  # `name` is the address, and always there
    SEARCH = auto()  # for `name`
    POST = auto()  # of this number, or a page
    NUMBERED = auto()  # something else that had a number: /?cat=3
    DATED = auto()  # a post, by its slug and (`when`) year, month, day
    PAGE = auto()  # by its path
    CATEGORY = auto()  # by its slug
    TAG = auto()
    AUTHOR = auto()
    SLUG = auto()  # a post, by its slug alone
    BASED = auto()  # a category or tag below a word the blog chose: /topics/news/
    PERIOD = auto()  # all of a year, a month, a day


@dataclass(frozen=True)
class Wanted:
    """One thing that may be meant, and (`below`) the page or the feed of it."""

    kind: Kind
    name: str
    below: str = ""
    when: tuple[int, ...] = ()
    above: tuple[str, ...] = ()  # the names before it in the path


def plain(path: str) -> str:
    """The path as this blog spells it: feeds in one way, a list without `page/1/`."""
    if found := _FEED.fullmatch(path) or _FIRST_PAGE.fullmatch(path):
        is_feed = found.re is _FEED
        return found["list"] + ("feed/" if is_feed else "")
    return path


def number_in(query: str) -> str:
    """What `/?p=12` or `/?page_id=12` says the number of the post is; else empty."""
    fields = _fields(query)
    return fields.get("p") or fields.get("page_id") or ""


def asks_for_something(query: str) -> bool:
    """Whether the query names something to read, whether that is here or not."""
    fields = _fields(query)
    # `/?cat=-1` is all that is not in one category: the home page will do.
    is_none = fields.get("cat", "").startswith(("-", "0"))
    names = [name for name in _ASKING if name != "cat" or not is_none]
    is_list = bool(_page(fields.get("paged", ""))) or bool(_moment(fields))
    return is_list or "s" in fields or any(map(fields.get, names))


def wanted(path: str, query: str = "") -> list[Wanted]:
    """All it may mean. A path without percent-encoding, a query as it is written."""
    names = [name for name in path.split("/") if name]
    if len(names) > MAX_NAMES:
        return []
    fields = _fields(query)
    is_home = names == ["index.php"]
    if names and names[0] == "index.php":
        del names[0]
    if names and (names[0] in _DOORS or names[0] in _POST_DOORS):
        return list(_by_door(names, fields))
    names, below = split(names)
    below = below or _below(fields)
    found = list(_by_query(fields, below))
    if names or not found:
        found += _by_path(names, below)
    if is_home and not found:
        found = [Wanted(Kind.PLACE, "/")]
    return list(dict.fromkeys(found))


def _fields(query: str) -> dict[str, str]:
    """As PHP reads them: of two with one name the last counts."""
    return {
        name: value.replace("\0", "").strip()
        for name, value in parse_qsl(query[:MAX_QUERY], keep_blank_values=True)
    }


def _by_door(names: list[str], fields: dict[str, str]) -> Iterator[Wanted]:
    """`/wp-rss2.php`, `/wp-trackback.php/12`, `/wp-admin/post.php`."""
    door, rest = names[0], names[1:]
    number = fields.get("p") or fields.get("comments_popup") or "".join(rest[:1])
    if door in _POST_DOORS:
        yield Wanted(Kind.POST, number)
    elif door == "wp-commentsrss2.php" and number:
        yield Wanted(Kind.POST, number, "feed/")
    elif door == "wp-admin" or not rest:
        yield Wanted(Kind.PLACE, _DOORS[door])


def split(names: list[str]) -> tuple[list[str], str]:
    """The names of the thing, and what of it is asked for."""
    if len(names) >= 2 and names[-2] == "page" and _PAGE.fullmatch(names[-1]):
        return names[:-2], _page(names[-1])
    if len(names) >= 2 and names[-2] == "feed" and names[-1] in FEEDS:
        return names[:-2], FEEDS[names[-1]]
    last = names[-1] if names else ""
    if last and last in FEEDS and last != "json":
        return names[:-1], FEEDS[last]
    if last == "embed" or re.fullmatch(r"comment-page-[0-9]+", last):
        return names[:-1], f"{last}/"
    if last in ("trackback", "amp"):
        return names[:-1], ""
    return names, ""


def _page(number: str) -> str:
    page = number_or_none(number) or 0
    return f"page/{page}/" if page > 1 else ""


def _below(fields: dict[str, str]) -> str:
    if feed := fields.get("feed", ""):
        return FEEDS.get(feed.removeprefix("comments-"), "")
    if page := number_or_none(fields.get("cpage", "")):
        return f"comment-page-{page}/"
    return _page(fields.get("paged", ""))


def _by_query(fields: dict[str, str], below: str) -> Iterator[Wanted]:
    """What `/?…` asks for, as WordPress has it without permalinks."""
    number = fields.get("p") or fields.get("page_id") or fields.get("comments_popup")
    if number:
        yield Wanted(Kind.POST, number, below)
    if file := number_or_none(fields.get("attachment_id", "")):
        yield Wanted(Kind.NUMBERED, f"/?attachment_id={file}")
    if path := fields.get("pagename", "").strip("/"):
        yield Wanted(Kind.PAGE, path, below)
    when = _moment(fields)
    if name := fields.get("name", "").strip("/"):
        kind = Kind.DATED if when else Kind.SLUG
        yield Wanted(kind, name, below, when)
        return
    if "s" in fields:
        yield Wanted(Kind.SEARCH, fields["s"])
    elif not number:
        yield from _lists(fields, below)
        if when:
            yield Wanted(Kind.PERIOD, "", below, when)
        if fields.get("feed", "").startswith("comments-") and below:
            yield Wanted(Kind.PLACE, f"/comments/{below}")


def _lists(fields: dict[str, str], below: str) -> Iterator[Wanted]:
    for field, kind in (("cat", Kind.NUMBERED), ("category_name", Kind.CATEGORY)):
        for name in _several(fields.get(field, "")):
            if kind == Kind.CATEGORY:
                yield Wanted(kind, name.strip("/").rpartition("/")[2], below)
            elif number_or_none(name):
                yield Wanted(kind, f"/?cat={int(name)}", below)
    for name in _several(fields.get("tag", "")):
        yield Wanted(Kind.TAG, name.strip("/"), below)
    for field in ("tag_id", "author"):
        if number := number_or_none(fields.get(field, "")):
            yield Wanted(Kind.NUMBERED, f"/?{field}={number}", below)
    if name := fields.get("author_name", "").strip("/"):
        yield Wanted(Kind.AUTHOR, name, below)


def _several(value: str) -> list[str]:
    """`3,5` and `tea+coffee`; a plus is a blank in a query."""
    return [name for name in re.split(r"[,+ ]", value) if name][:MAX_LISTED]


def _moment(fields: dict[str, str]) -> tuple[int, ...]:
    """Year, month and day, as far as `m=200611` or `year=2006&monthnum=11` say them."""
    if digits := _MOMENT.fullmatch(fields.get("m", "")):
        return tuple(int(part) for part in digits.groups() if part)
    when: list[int] = []
    for field in ("year", "monthnum", "day"):
        number = number_or_none(fields.get(field, ""))
        if not number or number > 9999:
            break
        when.append(number)
    return tuple(when)


def _by_path(names: list[str], below: str) -> Iterator[Wanted]:
    if not names:
        if below and not below.startswith(("comment-page-", "embed")):
            yield Wanted(Kind.PLACE, f"/{below}")
        return
    if names[0] == "archives" and len(names) == 2 and _YEAR.fullmatch(names[1]):
        return  # there this blog has a list of its own
    # Whatever stood before them: /weblog/index.php/archives/category/news/
    for start in range(len(names)):
        yield from _surely(names[start:], names[:start], below)
        if _YEAR.fullmatch(names[start]):
            break  # below a post stands nothing else
    if names[0] not in RESERVED_PAGE_SLUGS or names[0] in FRONTS:
        yield from _perhaps(names, below)


def _surely(names: list[str], before: list[str], below: str) -> Iterator[Wanted]:
    """What its own first name says what it is."""
    head, rest = names[0], names[1:]
    if _YEAR.fullmatch(head):
        yield from _dated(names, below)
    elif head == "category" and rest:
        yield Wanted(Kind.CATEGORY, rest[-1], below)
    elif head == "tag" and len(rest) == 1:
        yield Wanted(Kind.TAG, rest[0], below)
    elif head == "author" and len(rest) == 1:
        yield Wanted(Kind.AUTHOR, rest[0], below)
    elif head == "search" and rest and not before:
        yield Wanted(Kind.SEARCH, rest[0].replace("+", " "))
    elif head == "comments" and not rest and below.startswith("feed/"):
        yield Wanted(Kind.PLACE, f"/comments/{below}")
    elif not rest and FRONTS.issuperset(before) and number_or_none(head):
        yield Wanted(Kind.POST, head, below)


def _dated(names: list[str], below: str) -> Iterator[Wanted]:
    """`2006/11/`, `2006/11/30/tea/`, `2006/11/tea.html`, `2006/11/30/12/`."""
    when = [int(names[0])]
    while len(when) < min(3, len(names)) and _TWO.fullmatch(names[len(when)]):
        when.append(int(names[len(when)]))
    rest = names[len(when) :]
    if not rest:
        yield Wanted(Kind.PERIOD, "", below, tuple(when))
        return
    # Below it a page of it, at most: `old_file_places` knows what files were shown there.
    if len(rest) == 1 or (len(rest) == 2 and _TWO.fullmatch(rest[1])):
        if number_or_none(rest[0]):
            yield Wanted(Kind.POST, rest[0], below)
        yield Wanted(Kind.DATED, _ENDING.sub("", rest[0]), below, tuple(when))


def _perhaps(names: list[str], below: str) -> Iterator[Wanted]:
    """Posts by their slug alone, and what stands below words the blog chose."""
    if len(names) > 1 and _TWO.fullmatch(names[-1]):  # a page of it
        names = names[:-1]
    slug = _ENDING.sub("", names[-1])
    if "." in slug:  # a file
        return
    above = [name for name in names[:-1] if name not in FRONTS]
    for start in range(len(names)):
        yield Wanted(Kind.PAGE, "/".join([*names[start:-1], slug]), below)
        if not FRONTS.issuperset(names[: start + 1]):
            break
    yield Wanted(Kind.SLUG, slug, below, above=tuple(above))
    if above and slug == names[-1]:
        yield Wanted(Kind.BASED, slug, below, above=tuple(above[1:]))
