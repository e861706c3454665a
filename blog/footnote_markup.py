"""Footnotes: written where they are called, served as numbers with a list at the end.

In the body a note is `<span class="footnote">its text</span>`: whoever takes the body
elsewhere still has every word, at the place it belongs to. What is served works on
canonical HTML, as nh3 writes it, in one walk.
"""

import html
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import blake2b
from itertools import islice

from django.utils.translation import gettext

from blog import languages

_TAG = re.compile(r'(<(?:[^>"]|"[^"]*")*>)')
_ANY_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)")
_NOTE = re.compile(
    r"""<span\b[^<>]*?\sclass\s*=\s*(?:"footnote"|'footnote'|footnote[\s>])"""
)
# What other programs mark so: a number that leads to their own list.
_FOREIGN = re.compile(r'\s*(?:<sup>)?<a [^>]*href="#[^>]*>[^<]*</a>(?:</sup>)?\s*')
# A note is a part of a sentence: paragraphs and lists in it become words in a row.
_MAY_STAND_IN_NOTES = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code del dfn em i img ins kbd mark q rp rt ruby
    s samp small source picture strike strong sub sup time tt u var wbr
    """.split()
)
_VISIBLE = re.compile(r"<img\b|[^\s<>]")
# For texts in languages the blog is not translated into.
_WORDS = {
    "fr": ("Notes", "Retour au texte"),
    "es": ("Notas", "Volver al texto"),
}

# No author can write these: the sanitiser takes every `role` away.
_CALL_MARK = ' role="doc-noteref">'
_LIST_BEGINS = '<section class="footnotes" role="doc-endnotes"'
_CALL = re.compile(r'<sup class="footnote-call note-\d+"><a [^>]*>\d+</a></sup>')
_ITEM = re.compile(r'<li class="note-\d+".*?</li>', re.DOTALL)


def key_of(name: str) -> str:
    """A short key from what names a post for ever: no two posts share ids in a list."""
    return blake2b(name.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _words_in(language: str) -> tuple[str, str]:
    """What the list is called and where each note leads back to, in the text's words."""
    known = _WORDS.get(language.split("-")[0].lower())
    with languages.written_in(language) as is_translated:
        if known and not is_translated:
            return known
        return gettext("Footnotes"), gettext("Back to the text")


class Footnotes:
    """Walks the pieces of one text and numbers the notes it takes out of them."""

    def __init__(self, key: str, language: str) -> None:
        self._ids = f"{key}-" if key else ""
        self._language = language
        self._notes: list[str] = []

    @cached_property
    def _words(self) -> tuple[str, str]:
        return _words_in(self._language)

    def take(self, markup: str) -> str:
        """`markup` with each note's number in its place. Linear in its length."""
        if 'class="footnote"' not in markup:
            return markup
        out: list[str] = []
        waiting: list[str] = []  # a link can't stand in a link: behind it
        link_depth = 0
        tokens = iter(_TAG.split(markup))
        for token in tokens:
            if _NOTE.match(token):
                (waiting if link_depth else out).append(self._call(token, tokens))
                continue
            out.append(token)
            if _name(token) == "a":
                link_depth += -1 if token.startswith("</") else 1
                if not link_depth:
                    out += waiting
                    waiting = []
        return "".join(out + waiting)

    def listed(self, typeset: Callable[[str], str]) -> str:
        """The list of the notes taken so far, each `typeset`; empty without any."""
        if not self._notes:
            return ""
        return _listed(
            (self._item(number, typeset(note)) for number, note in self._numbered()),
            self._words[0],
        )

    def _call(self, begins: str, tokens: Iterator[str]) -> str:
        """Keep the note that begins here, and read to its end; the number for it."""
        raw, words = _read_note(tokens)
        if _FOREIGN.fullmatch(raw):
            return f"{begins}{raw}</span>"
        if not _VISIBLE.search(_without_tags(words)):
            return ""
        self._notes.append(words.strip())
        number = len(self._notes)
        return (
            f'<sup class="footnote-call note-{number}"><a id="fnref-{self._ids}{number}"'
            f' href="#fn-{self._ids}{number}"{_CALL_MARK}{number}</a></sup>'
        )

    def _numbered(self) -> Iterator[tuple[int, str]]:
        return enumerate(self._notes, start=1)

    def _item(self, number: int, note: str) -> str:
        name = f"{self._ids}{number}"
        return (
            f'<li class="note-{number}" id="fn-{name}">{note} <a class="footnote-back"'
            f' href="#fnref-{name}" role="doc-backlink" aria-label="{self._words[1]}">'
            "↩\ufe0e</a></li>"
        )


def up_to(rendered: str, end: str) -> str:
    """What stands before `end`, with the notes that are called there and no others."""
    lead, mark, _ = rendered.partition(end)
    if not mark:
        return rendered
    count = lead.count(_CALL_MARK)
    _, _, notes = rendered.rpartition(_LIST_BEGINS) if count else ("", "", "")
    label = re.match(r' aria-label="([^"]*)"', notes)
    items = (match[0] for match in islice(_ITEM.finditer(notes), count))
    return lead + _listed(items, html.unescape(label[1]) if label else "")


def without(rendered: str) -> str:
    """The sentences alone: no numbers in them, no notes behind them."""
    return _CALL.sub("", rendered.rpartition(_LIST_BEGINS)[0] or rendered)


def parted(rendered: str) -> str:
    """A rendered text with a line above its notes, for who reads without our style."""
    return rendered.replace(_LIST_BEGINS, f"<hr>{_LIST_BEGINS}")


def bracketed(source: str) -> str:
    """A body as it is stored, its notes between brackets: for who reads the words."""
    if "footnote" not in source:
        return source
    ends: list[str] = []
    out = []
    for token in _ANY_TAG.split(source):
        if _name(token) != "span":
            out.append(token)
        elif token.startswith("</"):
            out.append(ends.pop() if ends else token)
        else:
            is_note = bool(_NOTE.match(token))
            out.append(" [" if is_note else token)
            ends.append("]" if is_note else "</span>")
    return "".join(out)


def _read_note(tokens: Iterator[str]) -> tuple[str, str]:
    """A note as it was written, and as it is shown. A note in it stands in brackets."""
    raw: list[str] = []
    words: list[str] = []
    ends: list[str] = []
    for token in tokens:
        name = _name(token)
        if name == "span" and token.startswith("</"):
            if not ends:
                break
            words.append(ends.pop())
        elif name == "span":
            is_note = bool(_NOTE.match(token))
            words.append(" (" if is_note else token)
            ends.append(")" if is_note else "</span>")
        elif name is None or name in _MAY_STAND_IN_NOTES:
            words.append(token)
        else:
            words.append(" ")
        raw.append(token)
    return "".join(raw), "".join(words)


def _listed(items: Iterator[str], label: str) -> str:
    inner = "".join(items)
    if not inner:
        return ""
    name = html.escape(label)
    return f'{_LIST_BEGINS} aria-label="{name}"><ol>{inner}</ol></section>'


def _without_tags(markup: str) -> str:
    return _TAG.sub(lambda tag: tag[0] if tag[0].startswith("<img") else "", markup)


def _name(token: str) -> str | None:
    match = _NAME.match(token) if token.startswith("<") else None
    return match[1].lower() if match else None
