"""From what somebody wrote to what is served: the only place where HTML is trusted.

Everything passes the sanitiser (nh3) before anything else looks at it as markup.
What nh3 writes is canonical: every `<` opens a real tag, attribute values stand
in double quotes. That is what lets the later steps work on tags and text runs
by a regular expression, in linear time.
"""

import html
import re
from collections.abc import Iterable, Mapping

import nh3
from django.utils.safestring import SafeString, mark_safe

from blog import embed_markup, footnote_markup, heading_markup, picture_markup
from blog.code_markup import Colours
from blog.embed_markup import Card
from blog.footnote_markup import Footnotes
from blog.html_text import ANY_TAG, map_text, paragraphs, tag_name
from blog.pictures import Picture
from blog.typed_addresses import ADDRESS, address_at
from blog.typesetting import is_set, typesetter

# The number of these rules. Whoever changes what `render_post` makes of a text adds
# one: what was rendered by other rules is rendered anew, bit by bit.
RENDERING = 1

# Where a list cuts a post. Two pieces are rendered apart, so each is whole.
MORE_ANCHOR = '<span id="more"></span>'
# It ends before another comment begins: a thousand that never end cost linear time.
MORE_MARK = re.compile(r"(<!--\s*more\b(?:[^<]|<(?!!--))*?-->)")

URL_SCHEMES = {"http", "https", "mailto"}
COMMENT_REL = "ugc nofollow noopener"
COMMENT_TAGS = set(
    "a abbr b blockquote br cite code del em i li ol p pre q s strike strong ul".split()
)
COMMENT_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "del": {"datetime"},
    "li": {"value"},
    "ol": {"start"},
    "q": {"cite"},
}
POST_TAGS = COMMENT_TAGS | set(
    """
    acronym address audio bdi bdo big caption center col colgroup dd details dfn div
    dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd mark picture rp rt ruby
    samp section small source span sub summary sup table tbody td tfoot th thead time
    tr tt u var video wbr
    """.split()
)
POST_ATTRIBUTES = COMMENT_ATTRIBUTES | {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "title", "name", "rel", "download", "hreflang"},
    "audio": {"src", "controls", "loop", "preload"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "ins": {"datetime", "cite"},
    "ol": {"start", "reversed", "type"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "loop", "poster", "preload", "width", "height"},
}

_STRAY_BRACKET = re.compile(
    rf"<(?!/?(?:{'|'.join(sorted(COMMENT_TAGS))})\b[^<>]*>)", re.IGNORECASE
)
# Only what ends in a semicolon is a character's name: `?a=1&copy=2` is an address.
_STRAY_AMPERSAND = re.compile(r"&(?!#?\w{1,40};)")
# What a parser of HTML, or who writes it anew, gives as something else than it is.
_NOT_PLAIN = re.compile("[<>&\\0\xa0\ud800-\udfff]")
# Half a character: no UTF-8 can hold it.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# Nobody nests deeper, and a parser's time grows with depth times length.
MAX_DEPTH = 20
MAX_POST_DEPTH = 200
# These may be left open: another of their kind, or the end, closes them.
_CLOSED_BY_THE_NEXT = frozenset(["br", "li", "p"])
_OPEN_IN_POSTS = _CLOSED_BY_THE_NEXT | frozenset(
    """
    area col colgroup dd dt embed hr img input link meta param rp rt source tbody td
    tfoot th thead tr track wbr
    """.split()
)


def trusted(markup: str) -> SafeString:
    """Mark HTML that this module rendered earlier as safe to show."""
    return mark_safe(markup)  # noqa: S308


def data_block(text: str) -> SafeString:
    """A block of JSON-LD; `text` has its angle brackets escaped. It is never run."""
    if "<" in text:
        raise ValueError("What is data here could end its element.")
    return mark_safe(  # noqa: S308
        f'<script type="application/ld+json">{text}</script>'
    )


def marked(text: str, places: Iterable[tuple[int, int]]) -> SafeString:
    """Plain text with some places in `<mark>`: in order, none over another."""
    out, end = [], 0
    for start, stop in places:
        out.append(html.escape(text[end:start]))
        out.append(f"<mark>{html.escape(text[start:stop])}</mark>")
        end = stop
    out.append(html.escape(text[end:]))
    return mark_safe("".join(out))  # noqa: S308


def render_post(
    source: str,
    language: str = "en",
    known: Mapping[str, Picture] | None = None,
    *,
    is_below_picture: bool = False,
    key: str = "",
    cards: Mapping[str, Card] | None = None,
) -> str:
    """A post's HTML as served: sanitised, headings below the title, typeset.

    A `<!--more-->` becomes MORE_ANCHOR. Pictures that are `known`, by the names of
    their files, are offered in every size there is; the first is loaded at once,
    unless there is one above the text. Footnotes become numbers, and a list at the
    end; their ids hold `key`, which is the post's own. Embeds become cards, with what
    is known of their addresses. Headings get ids, and code its colours. Never raises
    on broken markup.
    """
    shown = picture_markup.Pictures(known or {}, is_below=is_below_picture)
    notes = Footnotes(key, language)
    colours = Colours()

    def render(piece: str) -> str:
        clean = embed_markup.offer(shown.offer(_clean_post(piece)), cards or {})
        coloured = colours.put(notes.take(clean))
        return _scrollable(map_text(coloured, typesetter(language)))

    lead, more, rest = _partition_more(embed_markup.from_iframes(source))
    pieces = [render(lead), *([MORE_ANCHOR, render(rest)] if more else [])]
    pieces.append(notes.listed(lambda note: map_text(note, typesetter(language))))
    return heading_markup.with_ids("".join(pieces))


def picture(shown: Picture, classes: str, *, sizes: str, is_lazy: bool) -> SafeString:
    """A picture of the library by itself, in every size there is; safe to show."""
    attributes = {"class": classes} if classes else {}
    element = picture_markup.element(shown, attributes, sizes=sizes, is_lazy=is_lazy)
    return trusted(element)


def all_lazy(rendered: str) -> str:
    """What `render_post` gave, with no picture loaded before it is near."""
    return rendered.replace(f'" {picture_markup.AT_ONCE}>', f'" {picture_markup.LAZY}>')


def render_comment(source: str, language: str = "en") -> str:
    """A comment's HTML as served: paragraphs, WordPress's few tags, URLs linked.

    Linear in the length of `source`, whatever stands in it. Never raises.
    """
    if not _NOT_PLAIN.search(source):
        # As nearly all are: no parser would change these paragraphs.
        clean = paragraphs(source)
        if "://" not in clean:
            return dress(clean, language)
    else:
        clean = clean_comment(_without_depth(paragraphs(_unknown_as_text(source))))
    # Cleaned again, because what looked like an address may be none.
    linked = clean_comment(_keep_newlines(map_text(clean, link_urls, skip={"a"})))
    return dress(linked, language)


def clean_comment(source: str) -> str:
    """What of `source` may stand in a comment, as canonical HTML; `rel` on links."""
    return nh3.clean(
        _LONE_SURROGATE.sub("\ufffd", source),
        tags=COMMENT_TAGS,
        attributes=COMMENT_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=COMMENT_REL,
    )


def dress(clean: str, language: str) -> str:
    """A cleaned comment as it is shown: typeset, what is wide can be scrolled."""
    typeset = clean if is_set(clean) else map_text(clean, typesetter(language))
    return _scrollable(_keep_newlines(typeset))


def _keep_newlines(markup: str) -> str:
    """A parser drops the first newline in `<pre>`: one that is meant needs another."""
    return markup.replace("<pre>\n", "<pre>\n\n")


def _unknown_as_text(source: str) -> str:
    """What begins no tag of a comment, or names no character, is text."""
    return _STRAY_AMPERSAND.sub("&amp;", _STRAY_BRACKET.sub("&lt;", source))


def _without_depth(
    source: str,
    limit: int = MAX_DEPTH,
    may_be_open: frozenset[str] = _CLOSED_BY_THE_NEXT,
) -> str:
    """Tags that would stand deeper than `limit` left out; their text stays."""
    depth = 0
    out = []
    for token in ANY_TAG.split(source):
        name = tag_name(token)
        if name is None or name in may_be_open:
            out.append(token)
        elif token.startswith("</"):
            if depth <= limit:
                out.append(token)
            depth = max(0, depth - 1)
        else:
            depth += 1
            if depth <= limit:
                out.append(token)
    return "".join(out)


def before_more(rendered: str) -> str:
    """What stands before the more mark in what `render_post` gave, with its notes."""
    return footnote_markup.up_to(rendered, MORE_ANCHOR)


def running_text(rendered: str) -> str:
    """What `render_post` gave, without what stands beside the author's sentences."""
    return embed_markup.without(footnote_markup.without(rendered))


def link_urls(run: str) -> str:
    """Plain web addresses in a run of escaped text made links."""

    def link(match: re.Match[str]) -> str:
        # Told apart as text: `&amp;` ends in no semicolon of the sentence's.
        text = html.unescape(match[0])
        address = address_at(text)
        shown, tail = (
            html.escape(address),
            html.escape(text[len(address) :], quote=False),
        )
        return f'<a href="{shown}" rel="{COMMENT_REL}">{shown}</a>{tail}'

    return ADDRESS.sub(link, run)


def _partition_more(source: str) -> tuple[str, str, str]:
    mark = MORE_MARK.search(source)
    if mark is None:
        return source, "", ""
    return source[: mark.start()], mark[0], source[mark.end() :]


def _clean_post(source: str) -> str:
    """What of `source` may stand in a post, as canonical HTML."""
    if source.count("<") > MAX_POST_DEPTH:
        source = _without_depth(source, MAX_POST_DEPTH, _OPEN_IN_POSTS)
    clean = nh3.clean(
        source,
        tags=POST_TAGS,
        attributes=POST_ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=None,
    )
    # The page's one h1 is the post's title.
    return re.sub(r"<(/?)h1\b", r"<\1h2", clean)


def _scrollable(markup: str) -> str:
    """What may be wider than the screen scrolls by itself, and by keyboard too."""
    markup = markup.replace("<pre", '<pre tabindex="0"')
    markup = markup.replace("<table", '<div class="scroll" tabindex="0"><table')
    return markup.replace("</table>", "</table></div>")
