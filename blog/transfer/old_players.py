"""Players as old posts hold them, `<object>`, `<embed>`, `<iframe>`: as embeds.

Where this blog has a player of its own for it, it plays; the rest is a link. No
reader's browser is sent anywhere before its reader wishes it.
"""

import re
from collections import Counter
from html import escape
from urllib.parse import parse_qs, urlsplit

from blog import players
from blog.transfer import spans, tags
from blog.web_address import MAX_ADDRESS_LENGTH

_OBJECT = re.compile(r"<(?P<name>object)\b[^<>]*>", re.IGNORECASE)
_OBJECT_END = re.compile(r"</(?P<name>object)\s*>", re.IGNORECASE)
_FRAME = re.compile(r"<(?P<name>iframe|embed)\b[^<>]*>", re.IGNORECASE)
_FRAME_END = re.compile(r"</(?P<name>iframe|embed)\s*>", re.IGNORECASE)
_INNER = re.compile(r"<(?:param|embed)\b[^<>]*>", re.IGNORECASE)
_LEFT = re.compile(r"</?(?:object|param|embed|noembed)\b[^<>]*>", re.IGNORECASE)
_WEB = re.compile(r"(?:https?:)?//[^\s\"'<>]+\.[^\s\"'<>]+", re.IGNORECASE)
# Where a film was that a player of Flash played, by the player's address.
_PAGES = [
    (
        re.compile(r"//video\.google\.[a-z.]+/googleplayer\.swf\?.*?doc_?id=(-?\d+)", re.I),
        "https://video.google.com/videoplay?docid={}",
    ),
    (re.compile(r"//(?:www\.)?vimeo\.com/moogaloop\.swf\?.*?clip_id=(\d+)", re.I), "https://vimeo.com/{}"),
    (re.compile(r"//(?:www\.)?dailymotion\.com/swf/(?:video/)?(\w+)", re.I), "https://www.dailymotion.com/video/{}"),
    (re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/p/([\w-]+)", re.I), "https://www.youtube.com/playlist?list=PL{}"),
    (re.compile(r"//(?:www\.)?metacafe\.com/fplayer/(\d+)", re.I), "https://www.metacafe.com/watch/{}/"),
    (re.compile(r"//(?:www\.)?archive\.org/embed/([\w.-]+)", re.I), "https://archive.org/details/{}"),
]  # fmt: skip
# Players that name in their query what they play.
_NAMING = {"player.soundcloud.com": "url"}


def as_embeds(html: str, noted: Counter[str]) -> str:
    """HTML with its players as embeds; those whose address is unknown as they are."""
    if not re.search(r"<(?:object|embed|iframe)\b", html, re.IGNORECASE):
        return html

    def embed(address: str, name: str) -> str | None:
        if len(address) > MAX_ADDRESS_LENGTH or not _WEB.fullmatch(address):
            return None
        page = page_of(address)
        if not players.player_of(page):
            noted[f"an <{name}> became a link to its address"] += 1
        return figure(page)

    def of_object(found: re.Match[str], inside: str) -> str | None:
        if "wp-block-file__embed" in found[0]:
            return ""  # the link beside it says the same
        return embed(_address_of(found[0], inside), "object")

    def of_frame(found: re.Match[str], _: str) -> str | None:
        return embed(_first(tags.attributes(found[0]), "src"), found["name"].lower())

    def of_lone_frame(found: re.Match[str]) -> str:
        return of_frame(found, "") or found[0]

    without = spans.replaced(html, _OBJECT, _OBJECT_END, of_object)
    if without != html:
        without = _LEFT.sub(_if_flash, without)
    framed = spans.replaced(without, _FRAME, _FRAME_END, of_frame)
    return _FRAME.sub(of_lone_frame, framed)


def _if_flash(found: re.Match[str]) -> str:
    """What is left around an `<object>` in an `<object>`; other tags as they are."""
    return found[0] if found[0].lower().startswith("<embed") else ""


def figure(address: str, caption: str = "") -> str:
    """How this blog keeps an address that is shown as a card; a link to who reads it."""
    said = escape(address)
    words = f"<figcaption>{caption.strip()}</figcaption>" if caption.strip() else ""
    return f'\n\n<figure class="embed"><a href="{said}">{said}</a>{words}</figure>\n\n'


def is_played_elsewhere(address: str) -> bool:
    """Whether one of the players the blog knows plays it, and no browser by itself."""
    return players.player_of(address) is not None


def page_of(address: str) -> str:
    """Where a person looks at what this player plays; the address itself if unknown."""
    address = f"https:{address}" if address.startswith("//") else address
    if page := players.page_of_frame(address):
        return page
    for pattern, page in _PAGES:
        if found := pattern.search(address):
            return page.format(found[1])
    return _named_within(address) or address


def _named_within(address: str) -> str:
    try:
        parts = urlsplit(address)
        name = _NAMING.get(parts.hostname or "")
        inner = parse_qs(parts.query).get(name, [""])[0] if name else ""
    except ValueError:
        return ""
    return inner if _WEB.fullmatch(inner) else ""


def _address_of(begin: str, inside: str) -> str:
    """From the tag itself, its parameters, or the `<embed>` in it."""
    told = [_first(tags.attributes(begin), "data")]
    for tag in _INNER.findall(inside):
        said = tags.attributes(tag)
        if said.get("name", "").lower() in ("movie", "src", "filename", "url"):
            told.append(said.get("value", ""))
        told.append(said.get("src", ""))
    return next((one.strip() for one in told if _WEB.fullmatch(one.strip())), "")


def _first(said: dict[str, str], *names: str) -> str:
    return next((said[name].strip() for name in names if said.get(name)), "")
