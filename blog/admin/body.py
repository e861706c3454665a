"""What a body is edited with: the editor, where it keeps every word of it.

The editor knows a certain kind of HTML and drops what it does not know as soon as
it opens it. A body that has more than that is edited as HTML.
"""

import re
from html.parser import HTMLParser

from django import forms
from django.utils.html import format_html
from django_prose_editor.widgets import AdminProseEditorWidget

from blog import markup

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": {"enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": True,
    "NoSpellCheck": False,
}

# Marks lie over each other, but nothing lies over or in inline code.
_MARKS = frozenset("a b em i s strong sub sup u".split())
_INLINE = _MARKS | {"br", "code"}
_BLOCKS = frozenset("blockquote h2 h3 h4 hr ol p pre table ul".split())
# What each element may hold for the editor to hold the same.
_MAY_HOLD = {
    "": _BLOCKS | _INLINE,
    "blockquote": _BLOCKS | _INLINE,
    "li": _INLINE | {"p", "ol", "ul"},
    "td": (_BLOCKS | _INLINE) - {"table"},
    "th": (_BLOCKS | _INLINE) - {"table"},
    "p": _INLINE,
    "h2": _INLINE,
    "h3": _INLINE,
    "h4": _INLINE,
    **dict.fromkeys(_MARKS, _MARKS | {"br"}),
    "ol": {"li"},
    "ul": {"li"},
    "pre": {"code"},
    "table": {"tbody", "colgroup"},
    "colgroup": {"col"},
    "tbody": {"tr"},
    "tr": {"td", "th"},
}
_NO_TEXT = frozenset("ol ul table colgroup tbody tr".split())
_ATTRIBUTES = {
    "a": {"href", "title", "rel", "target"},
    "ol": {"start", "type", "data-type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# A link with another scheme would be taken off its words.
_LINK = re.compile(r"\s*(?:https?:|mailto:|[^:]*(?:[/?#]|$))", re.IGNORECASE)
_EMPTY = frozenset(["br", "col", "hr"])
_MORE_MARK = re.compile(r"(<!--\s*more\b.*?-->)", re.DOTALL)

# In a link that was typed without its scheme, a host and not a file's name.
_HOST_TLDS = "com org net edu gov int info biz eu uk us de fr ch at nl be it es jp cn"
_BARE_LINK = re.compile(
    r"""(<a\b[^<>]*?\shref\s*=\s*["'])"""
    r"((?:www\.[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|(?:[a-z0-9-]+\.)+(?:{'|'.join(_HOST_TLDS.split())}))"
    r"""(?=[/?#:"']))""",
    re.IGNORECASE,
)

HTML_HELP = (
    "A blank line begins a new paragraph. Pictures (<img>) and the more mark "
    "(<!--more-->) have their place here."
)
TOO_RICH_HELP = (
    "This text has markup the editor would drop, so you are looking at its HTML. "
)


class _Fit(HTMLParser):
    """Walks a body and notes whether the editor can hold all of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [""]
        self.is_good = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_known = tag in _MAY_HOLD.get(self.open[-1], ())
        if not is_known or values.keys() - _ATTRIBUTES.get(tag, set()):
            self.is_good = False
        if tag == "a" and not _LINK.match(values.get("href") or ":"):
            self.is_good = False
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1] in _NO_TEXT and data.strip():
            self.is_good = False

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if self.open[-1] == tag:
            self.open.pop()
        else:
            self.is_good = False

    def handle_comment(self, data: str) -> None:
        self.is_good = False

    def handle_decl(self, decl: str) -> None:
        self.is_good = False

    unknown_decl = handle_pi = handle_decl


def fits_editor(source: str) -> bool:
    """Whether the editor, opening and saving `source`, would keep all of it."""
    fit = _Fit()
    fit.feed(source)
    fit.close()
    return fit.is_good and fit.open == [""]


def widget_for(source: str, *, as_html: bool = False) -> forms.Widget:
    if fits_editor(source) and not as_html:
        return AdminProseEditorWidget(
            config={"extensions": EXTENSIONS}, preset="configurable"
        )
    return forms.Textarea(
        attrs={"rows": 24, "class": "body-html", "spellcheck": "true"}
    )


def help_for(source: str, *, as_html: bool = False) -> str:
    """What stands below the text, as HTML: the way to the other way of writing."""
    if not fits_editor(source):
        return format_html("{}{}", TOO_RICH_HELP, HTML_HELP)
    if as_html:
        return format_html('{} <a href="?">Back to the editor</a>', HTML_HELP)
    return format_html(
        '<a href="?html=1">{}</a>, for pictures and the more mark', "Write as HTML"
    )


def with_schemes(source: str) -> str:
    """`source` with links to `example.org/…` leading there, not below this blog."""
    return _BARE_LINK.sub(r"\1https://\2", source)


def with_paragraphs(source: str) -> str:
    """`source` with its blank lines as paragraphs; the more mark stays outside them."""
    pieces = _MORE_MARK.split(source.replace("\r\n", "\n"))
    pieces[::2] = [markup.paragraphs(piece) for piece in pieces[::2]]
    return "\n".join(piece for piece in pieces if piece)
