"""Embeds: an address alone, served as a card that asks nobody before the reader does.

In the body one is `<figure class="embed"><a href="…">…</a></figure>`, perhaps with a
caption: a link, whoever reads it. The card works on canonical HTML, as nh3 writes it.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from blog import players
from blog.players import Player
from blog.web_address import MAX_ADDRESS_LENGTH, NoAddress, normal

BEGINS = '<figure class="embed">'

_FIGURE = re.compile(r'(</?figure\b(?:[^>"]|"[^"]*")*>)')
_INNER = re.compile(
    r'\s*<a\b((?:[^>"]|"[^"]*")*)>([^<]*)</a>\s*'
    r"(?:<figcaption>(.*)</figcaption>\s*)?",
    re.DOTALL,
)
_HREF = re.compile(r'\shref="([^"]*)"')
_SOURCE = re.compile(
    r"""<figure\s+class=["']?embed["']?\s*>\s*<a\b[^<>]*?\shref\s*=\s*"""
    r"""(?:"([^"<>]*)"|'([^'<>]*)')""",
    re.IGNORECASE,
)
_IFRAME = re.compile(
    r"(<p>\s*)?<iframe\b([^<>]*)>\s*(?:</iframe\s*>)?(\s*</p>)?", re.IGNORECASE
)
_SRC = re.compile(r"""\ssrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_STAGE = re.compile(r'<div class="embed-stage".*?</div>', re.DOTALL)
_CARD = re.compile(
    r' ?((?<=>)<span class="embed-words">(?<=decoding="async"><span class="embed-words">)'
    r'|<span class="embed-(?:about|source)">)'
)
_CARD = re.compile(r'<a class="embed-card".*?</a>', re.DOTALL)


@dataclass(frozen=True)
class Card:
    """What is known of an address; each may be empty. Plain text, and our own picture."""

    title: str = ""
    author: str = ""
    site: str = ""
    about: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0


def key_of(address: str) -> str:
    """The one spelling under which an address is known; empty where it is none."""
    try:
        key = normal(address.strip())
    except NoAddress:
        return ""
    return key if len(key) <= MAX_ADDRESS_LENGTH else ""


def keys_in(source: str) -> list[str]:
    """The addresses that a body embeds, as they are known, each once."""
    if "embed" not in source and "iframe" not in source.lower():
        return []
    found = _SOURCE.findall(from_iframes(source))
    keys = [key_of(html.unescape(double or single)) for double, single in found]
    return list(dict.fromkeys(key for key in keys if key))


def from_iframes(source: str) -> str:
    """HTML with each frame of a known player as an embed; others stay what they are.

    For bodies that come from elsewhere, before they are sanitised. Linear.
    """
    if "<iframe" not in source.lower():
        return source

    def embed(match: re.Match[str]) -> str:
        src = _SRC.search(match[2])
        address = html.unescape((src[1] or src[2] or src[3] or "") if src else "")
        page = players.page_of_frame(address.strip())
        if not page:
            return match[0]
        before, after = match[1] or "", match[3] or ""
        if before and after:  # a paragraph of its own
            before = after = ""
        shown = html.escape(page)
        return f'{before}{BEGINS}<a href="{shown}">{shown}</a></figure>{after}'

    return _IFRAME.sub(embed, source)


def offer(markup: str, known: Mapping[str, Card]) -> str:
    """Embeds in canonical HTML as cards, with what is `known` of their addresses."""
    if BEGINS not in markup:
        return markup
    out: list[str] = []
    inner: list[str] | None = None
    depth = 0
    for token in _FIGURE.split(markup):
        if inner is None:
            if token == BEGINS:
                inner, depth = [], 1
            else:
                out.append(token)
            continue
        if token.startswith("<figure"):
            depth += 1
        elif token.startswith("</figure"):
            depth -= 1
        if depth:
            inner.append(token)
        else:
            out.append(_figure("".join(inner), known))
            inner = None
    return "".join(out) + ("" if inner is None else BEGINS + "".join(inner))


def without(rendered: str) -> str:
    """A rendered text without its cards; what authors say below them stays."""
    if 'class="embed-card"' not in rendered:
        return rendered
    return _CARD.sub(" ", _STAGE.sub(" ", rendered))


def plain(rendered: str) -> str:
    """A rendered text whose cards part their lines themselves, without a style sheet."""
    if 'class="embed-card"' not in rendered:
        return rendered
    return _CARD.sub(lambda card: _in_lines(card[0]), rendered)


def _in_lines(card: str) -> str:
    for begins in (' <span class="embed-about">', ' <span class="embed-source">'):
        card = card.replace(begins, f"<br>{begins.strip()}")
    words = '<span class="embed-words">'
    return card.replace(f'decoding="async">{words}', f'decoding="async"><br>{words}')


def _figure(inner: str, known: Mapping[str, Card]) -> str:
    whole = f"{BEGINS}{inner}</figure>"
    match = _INNER.fullmatch(inner)
    href = _HREF.search(match[1]) if match else None
    if match is None or href is None:
        return whole
    address = html.unescape(href[1]).strip()
    key = key_of(address)
    if not key:
        return whole
    card, player = known.get(key, Card()), players.player_of(address)
    said = " ".join(html.unescape(match[2]).split())
    caption = f"<figcaption>{match[3]}</figcaption>" if match[3] else ""
    shape = f" embed-{player.shape}" if player else ""
    return (
        f'<figure class="embed{shape}">{_stage(card, player, address) if player else ""}'
        f"{_link(card, player, address, said)}{caption}</figure>"
    )


def _stage(card: Card, player: Player, address: str) -> str:
    """Where the picture stands, and after a press of a button the player."""
    named = _escaped(card.title or player.site)
    link = ""
    if card.picture:
        # The link below leads to the same place, and says it in words.
        link = (
            f'<a href="{_escaped(address)}" tabindex="-1" aria-hidden="true">'
            f"{_picture(card)}</a>"
        )
    return (
        f'<div class="embed-stage" data-frame="{_escaped(player.frame)}"'
        f' data-host="{player.host.removeprefix("www.")}" data-title="{named}">'
        f"{link}</div>"
    )


def _link(card: Card, player: Player | None, address: str, said: str) -> str:
    host = (urlsplit(key_of(address)).hostname or "").removeprefix("www.")
    shown = address.partition("://")[2].removeprefix("www.").removesuffix("/")
    is_bare = not said or said == address or "://" in said
    title = card.title or (shown if is_bare else said)
    site = card.site or (player.site if player else "") or host
    source = " · ".join(part for part in (card.author, site) if part and part != title)
    picture = _picture(card) if card.picture and not player else ""
    about = (
        f' <span class="embed-about">{_text(card.about)}</span>' if card.about else ""
    )
    return (
        f'<a class="embed-card" href="{_escaped(address)}">{picture}'
        f'<span class="embed-words"><span class="embed-title">{_text(title)}</span>'
        f'{about} <span class="embed-source">{_text(source)}</span></span></a>'
    )


def _picture(card: Card) -> str:
    return (
        f'<img src="{_escaped(card.picture)}" alt="" width="{card.width}"'
        f' height="{card.height}" loading="lazy" decoding="async">'
    )


def _escaped(text: str) -> str:
    return html.escape(text)


def _text(words: str) -> str:
    """Quotes stay quotes: they are set like those of any text."""
    return html.escape(words, quote=False)
