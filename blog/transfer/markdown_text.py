"""Markdown as it is written for generators of blogs, made the HTML of a body.

CommonMark with GitHub's habits (tables, struck out, boxes to tick, addresses that are
links by themselves), and with footnotes and definitions. HTML in it stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from blog import typed_addresses
from blog.transfer import markdown_attributes

# A level of a list takes two, and a parser's stack is not endless.
MAX_NESTING = 60

_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#\d{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_BOX = re.compile(r"\[([ xX])\](?=\s)")
_BOXES = {" ": "☐", "x": "☑", "X": "☑"}
_HEADING_ID = re.compile(r"\s*(?<!\\)\{:?\s*#([\w-]{1,100})\s*\}\s*$")
_LANGUAGE = re.compile(r"\{?\.?([\w+#.-]{1,30})")
# What a fence holds is HTML, to the letter: as Pandoc writes it.
RAW_HTML = "{=html}"
# Characters that notes may make of one text: a note may be called again and again.
MAX_NOTES = 500_000


@dataclass(frozen=True)
class Layout:
    """How the HTML of a body is laid out, beyond what Markdown can tell.

    `gaps` stand between blocks: the first where one blank line parts them, the second
    where two do. `is_compact`: no line ends between the tags of a block.
    """

    gaps: tuple[str, ...] = ("\n",)
    is_compact: bool = False
    begins: str = ""
    ends: str = ""


def body(source: str, layout: Layout) -> str:
    """The HTML of a text this blog has written as Markdown, to the letter."""
    env: dict[str, Any] = {"is_compact": layout.is_compact}
    lines = source.split("\n")
    out = [layout.begins]
    last_line = 0
    for block in _blocks(_own.parse(source, env)):
        first, end = block[0].map or (0, 0)
        if last_line:
            blank_count = first - last_line
            gap = min(max(blank_count, 1), len(layout.gaps)) - 1
            out.append(layout.gaps[gap])
        html = _own.renderer.render(block, _own.options, env)
        out.append(html.removesuffix("\n"))
        while end > first + 1 and not lines[end - 1].strip():
            end -= 1
        last_line = end
    return "".join([*out, layout.ends])


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block at the top."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if not depth:
            yield block
            block = []


def fenced(code: str, info: str = "") -> str:
    """Code between lines of backticks, more of them than stand anywhere in it."""
    runs = re.findall(r"`{3,}", code)
    mark = "`" * max([3, *(len(run) + 1 for run in runs)])
    return f"{mark}{info}\n{code}\n{mark}"


def to_html(source: str) -> str:
    """Never raises but for RecursionError. Without a newline at its end."""
    return _foreign.render(markdown_attributes.prepared(source)).rstrip("\n")


def inline_html(source: str) -> str:
    """A caption: Markdown within a line."""
    return _foreign.renderInline(" ".join(source.split()))


class Renderer(RendererHTML):
    """Writes text as the editor does: quotes stay quotes, entities entities."""

    def renderToken(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        tag = super().renderToken(tokens, idx, options, env)
        return tag.strip("\n") if env.get("is_compact") else tag

    def text(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        return escape(tokens[idx].content, quote=False)

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        return f"<code>{escape(tokens[idx].content, quote=False)}</code>"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        code = escape(tokens[idx].content.removesuffix("\n"), quote=False)
        return f"<pre><code>{code}</code></pre>\n"

    def fence(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        token = tokens[idx]
        content = token.content.removesuffix("\n")
        info = unescape(token.info).strip()
        if info == RAW_HTML:
            return f"{content}\n"
        language = _LANGUAGE.match(info)
        named = f' class="language-{language[1]}"' if language else ""
        return f"<pre><code{named}>{escape(content, quote=False)}</code></pre>\n"

    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        token = tokens[idx]
        token.attrs["alt"] = _plain(token.children or [])
        return super().renderToken(tokens, idx, options, env)

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """The note itself, where it is called: so a body holds it."""
        label = tokens[idx].meta.get("label", "")
        inside = env.get("notes", {}).get(tokens[idx].meta["id"], [])
        if env.get("in_note") or env.get("left", MAX_NOTES) <= 0:
            return escape(f"[^{label}]", quote=False)
        env["in_note"] = True
        words = " ".join(
            filter(None, (self._words(one, options, env) for one in inside))
        )
        env["in_note"] = False
        env["left"] = env.get("left", MAX_NOTES) - len(words)
        return f'<span class="footnote">{words}</span>'

    def _words(self, token: Token, options: OptionsDict, env: Any) -> str:
        """A block as a part of a sentence."""
        if token.type in ("fence", "code_block"):
            return f"<code>{escape(token.content.strip(), quote=False)}</code>"
        return self.renderInline(token.children or [], options, env)


def _plain(tokens: Sequence[Token]) -> str:
    """What an image says instead of itself."""
    out = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            out.append("\n")
        elif token.type == "html_inline":
            out.append(unescape(token.content) if token.content[0] == "&" else "")
        elif token.children:
            out.append(_plain(token.children))
        else:
            out.append(token.content)
    return "".join(out)


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        """As it was written: what an address may be, the sanitiser says."""
        return url.replace(" ", "%20")

    def normalizeLinkText(self, link: str) -> str:
        return link


def _entity(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (the parser's)
    found = _ENTITY.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _boxes(state: StateCore) -> None:
    """`[ ]` at the begin of an item is a box, `[x]` a ticked one."""
    for before, token in zip(state.tokens, state.tokens[2:], strict=False):
        if before.type == "list_item_open" and token.type == "inline":
            token.content = (
                _BOX.sub(lambda box: _BOXES[box[1]], token.content[:4], count=1)
                + token.content[4:]
            )


def _heading_ids(state: StateCore) -> None:
    """`## Words {#id}`, as several generators write a heading's own name."""
    for opening, token in zip(state.tokens, state.tokens[1:], strict=False):
        is_words = opening.type == "heading_open" and token.type == "inline"
        if is_words and (found := _HEADING_ID.search(token.content)):
            token.content = token.content[: found.start()]
            opening.attrs["id"] = found[1]


def _notes_in_place(state: StateCore) -> None:
    """Takes the notes from the end of the text to where their calls find them."""
    kept: list[Token] = []
    notes: dict[int, list[Token]] = {}
    note: list[Token] | None = None
    for token in state.tokens:
        if token.type == "footnote_open":
            note = notes.setdefault(token.meta["id"], [])
        elif token.type == "footnote_close":
            note = None
        elif note is not None:
            note.append(token)
        elif token.type not in ("footnote_block_open", "footnote_block_close"):
            kept.append(token)
    state.tokens = kept
    state.env["notes"] = notes


def _make_parser(*, is_foreign: bool) -> MarkdownIt:
    parser = _Markdown(
        "commonmark",
        {"html": True, "xhtmlOut": False, "maxNesting": MAX_NESTING},
        renderer_cls=Renderer,
    ).enable(["table", "strikethrough"])
    footnote_plugin(parser, inline=is_foreign)
    parser.inline.ruler.at("entity", _entity)
    parser.core.ruler.before("inline", "heading_ids", _heading_ids)
    parser.core.ruler.after("footnote_tail", "notes_in_place", _notes_in_place)
    # The plugin has said how notes are rendered.
    parser.add_render_rule("footnote_ref", Renderer.footnote_ref)
    if is_foreign:
        deflist_plugin(parser)
        parser.core.ruler.before("inline", "attributes", markdown_attributes.of_blocks)
        parser.core.ruler.push("attributes_behind", markdown_attributes.of_inlines)
        parser.inline.ruler.before("newline", "address", typed_addresses.as_link)
        parser.core.ruler.before("inline", "boxes", _boxes)
    # The rulers gather their rules at the first use.
    parser.render("x")
    return parser


_foreign = _make_parser(is_foreign=True)
# What this blog writes: nothing in it is a link, a box or a list by accident.
_own = _make_parser(is_foreign=False)


def first_heading(source: str) -> tuple[str, str] | None:
    """The words of a heading of the first rank that begins the text, and what follows."""
    begin, _, rest = source.lstrip("\n").partition("\n")
    found = re.fullmatch(r"# +(\S.{0,300}?)(?: +#+)?\s*", begin)
    if found is None:
        return None
    words = _plain(_foreign.parseInline(found[1])[0].children or [])
    return " ".join(words.split()), rest
