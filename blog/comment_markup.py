"""Comments as visitors type them: a small Markdown, and all else text to the letter.

Whoever never heard of Markdown writes it by accident: `1986. A great year`,
`- Bob`, `2*3*4`, `C:\\*.*`. So the rules are narrower here than CommonMark's, and
what is not surely meant as a construct stays as it was typed.
"""

import html
import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.rules_block import StateBlock, blockquote, fence, list_block
from markdown_it.rules_inline import StateInline, escape
from markdown_it.token import Token

from blog import html_text, markup, typed_addresses
from blog.comment_lists import settle_lists

CONSTRUCTS = """
    fence blockquote list newline escape backticks strikethrough emphasis link
    autolink html_inline entity
""".split()
# Levels of the parser: a quote is one, a list with its item two. What is deeper is
# text; beyond `maxNesting` the parser would drop it.
MAX_LEVEL = 16

# `>:(` is a face.
_FACE = re.compile(r">[:;=._<-]")
_DIVIDER = re.compile(r"([*-])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r"```+[ \t]*(?:[\w+#.-]{1,30}[ \t]*)?$")

# What a link may lead to: `a[i](x)` is none, and its x must stay to be seen.
_TARGET = re.compile(r"https?://[^/\s]|mailto:[^\s@]+@|[#/]\w", re.IGNORECASE)
# A path of Windows, in which a backslash is a backslash.
_PATH = re.compile(r"\W?(?:[a-z]:\\|\\\\\w)", re.IGNORECASE)
_MAX_PATH = 260
_TAG_START = re.compile(r"<(/?)([a-z]+)(?=[\s/>])", re.IGNORECASE)
_CODE_END = re.compile(r"</code\s*>", re.IGNORECASE)
_ESCAPED_ENTITY = re.compile(r"&amp;(?=#?\w{1,40};)")


# A comment is rendered to be judged and once more to be stored, in the same breath.
@lru_cache(maxsize=16)
def render(source: str, body_format: str, language: str = "en") -> str:
    """A comment's HTML as served, from "markdown" or from "html".

    Linear in the length of `source`, whatever stands in it. Never raises. Markdown
    in which HTML of blocks stands (a pasted `<blockquote>`) is read as HTML alone,
    as WordPress would.
    """
    if body_format != "markdown":
        return markup.render_comment(source, language)
    tokens = _parser.parse(source)
    inlines = [token.children for token in tokens if token.children]
    if any(_is_block_tag(child) for children in inlines for child in children):
        return markup.render_comment(source, language)
    for children in inlines:
        _unpaired_as_text(children)
    written = _parser.renderer.render(tokens, _parser.options, {})
    return markup.dress(markup.clean_comment(written.rstrip("\n")), language)


def _is_block_tag(token: Token) -> bool:
    if token.type != "html_inline":
        return False
    start = _TAG_START.match(token.content)
    return start is not None and start[2].lower() in html_text.BLOCK_TAGS


def _unpaired_as_text(tokens: list[Token]) -> None:
    """Tags of HTML that open or close nothing in their paragraph become text."""
    opened: dict[str, list[Token]] = {}
    depth = 0
    for token in tokens:
        start = token.type == "html_inline" and _TAG_START.match(token.content)
        if not start or start[2].lower() == "br":
            continue
        same = opened.setdefault(start[2].lower(), [])
        token.type = "text"
        if not start[1] and depth < markup.MAX_DEPTH:
            same.append(token)
            depth += 1
        elif start[1] and same:
            token.type = same.pop().type = "html_inline"
            depth -= 1


# --- Blocks -------------------------------------------------------------------


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level >= MAX_LEVEL or _FACE.match(_line(state, start)):
        return False
    return blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.level >= MAX_LEVEL or _DIVIDER.match(_line(state, start)):
        return False
    return list_block(state, start, end, silent)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Code between lines of backticks; a language's name may follow the first.

    Where the last is missing, who knows whether that was a name: it is shown.
    """
    line = _line(state, start)
    if not _FENCE.match(line) or not fence(state, start, end, silent):
        return False
    if not silent:
        token, last = state.tokens[-1], _line(state, state.line - 1)
        is_closed = last.startswith(token.markup) and not last.strip("` \t")
        if token.info.strip() and not is_closed:
            token.content = f"{line}\n{token.content}"
    return True


def _end_of_quote(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A line without its mark ends a quote, one without its indent a list's item.

    CommonMark takes the line in, and an answer right below a quote is quoted.
    """
    return silent and (
        state.parentType == "blockquote" or state.sCount[start] < state.blkIndent
    )


def _line(state: StateBlock, number: int) -> str:
    start = state.bMarks[number] + state.tShift[number]
    return state.src[start : state.eMarks[number]]


# --- Inlines ------------------------------------------------------------------


def _sign(state: StateInline, silent: bool) -> bool:
    """`2*3*4` multiplies: a `*` between two letters or digits is a sign."""
    before = state.src[state.pos - 1 : state.pos]
    if state.src[state.pos] != "*" or not (before.isascii() and before.isalnum()):
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    after = state.src[end : end + 1]
    if not (after.isascii() and after.isalnum()):
        return False
    return _as_text(state, end, silent)


def _escape(state: StateInline, silent: bool) -> bool:
    """A backslash before a mark makes it text, but not in a path of Windows."""
    pos = state.pos
    if state.src[pos] != "\\" or state.src[pos + 1 : pos + 2] in ("", "\n"):
        return False
    before = state.src[max(0, pos - _MAX_PATH) : pos]
    word = re.split(r"\s", before)[-1] + state.src[pos : pos + 3]
    if _PATH.match(word):
        return _as_text(state, pos + 2, silent)
    return escape(state, silent)


def _as_text(state: StateInline, end: int, silent: bool) -> bool:
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    """HTML that may stand in a comment; every other angle bracket is text."""
    start = _TAG_START.match(state.src, state.pos)
    name = start[2].lower() if start else ""
    tag = name in markup.COMMENT_TAGS and HTML_TAG_RE.match(state.src, state.pos)
    if not start or not tag:
        return False
    is_block, is_end = name in html_text.BLOCK_TAGS, bool(start[1])
    if is_end if is_block else not (is_end or name == "br" or _is_closed(state, name)):
        return False
    if name == "code" and not is_end:
        return _code(state, tag.end(), silent)
    if not silent:
        state.push("html_inline", "", 0).content = tag[0]
        if name == "a":
            state.linkLevel = 0 if is_end else 1
    state.pos = tag.end()
    return True


def _is_closed(state: StateInline, name: str) -> bool:
    ends = (f"</{name}>", f"</{name.upper()}>")
    return max(map(state.html_terminator_last, ends)) > state.pos


def _code(state: StateInline, start: int, silent: bool) -> bool:
    """No mark counts between `<code>` and `</code>`; entities do, as in all HTML."""
    end = _CODE_END.search(state.src, start)
    if end is None:
        return False
    if not silent:
        code = html.escape(state.src[start : end.start()], quote=False)
        code = _ESCAPED_ENTITY.sub("&", code).replace("\n", "<br>\n")
        for content in ("<code>", code, "</code>"):
            state.push("html_inline", "", 0).content = content
    state.pos = end.end()
    return True


# --- The parser ---------------------------------------------------------------


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return bool(_TARGET.match(url))

    def normalizeLinkText(self, link: str) -> str:
        return link


def _make_parser() -> MarkdownIt:
    parser = _Markdown("zero", {"breaks": True}).enable(CONSTRUCTS)
    blocks, inlines = parser.block.ruler, parser.inline.ruler
    blocks.at("fence", _fence, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("blockquote", _quote, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    blocks.push("end_of_quote", _end_of_quote, {"alt": ["paragraph", "blockquote"]})
    inlines.before("newline", "address", typed_addresses.as_link)
    inlines.before("emphasis", "sign", _sign)
    inlines.at("escape", _escape)
    inlines.at("html_inline", _tag)
    parser.core.ruler.after("block", "lists", settle_lists)
    # The rulers gather their rules at the first use, and two threads that come at
    # once would see half of them.
    parser.render("x")
    return parser


_parser = _make_parser()
