"""Code in colours, put in when a post is saved: no reader's browser reads programs.

Pygments tells the parts of a program apart; of its hundred kinds nine are left, each
a class of one letter, so that the rules for them are few. The text stays what it was,
to the letter. It works on canonical HTML, as nh3 writes it.
"""

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from time import thread_time

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Name, Operator, Token

# What some languages need grows with the square of the length, so there is an end:
# longer ones stay plain, and so does what takes longer than a post has (CPU seconds).
MAX_SIGNS = 20_000
MAX_SECONDS = 0.5

# By the name the editor gives them, and Pygments as well. No records of a session at a
# prompt: on one long line their lexers need seconds for a single step.
LANGUAGES = frozenset(
    """
    apacheconf awk bash c clojure common-lisp cpp csharp css dart delphi diff
    django docker elixir erb erlang fsharp go graphql groovy haskell html http ini java
    javascript json jsx julia kotlin latex less lua makefile matlab nasm nginx
    objective-c ocaml perl php powershell protobuf python r ruby rust scala scheme
    scss sql swift terraform toml tsx twig typescript vbnet vim vue xml yaml
    """.split()
)
# What else they are called, here and where posts come from.
_ALSO = {
    "apache": "apacheconf", "c#": "csharp", "c++": "cpp", "cs": "csharp",
    "delphi": "delphi", "dockerfile": "docker", "ex": "elixir", "f#": "fsharp",
    "golang": "go", "hcl": "terraform", "hs": "haskell", "htm": "html",
    "html+erb": "erb", "jinja": "django", "jl": "julia", "js": "javascript",
    "kt": "kotlin", "liquid": "django", "lisp": "common-lisp", "make": "makefile",
    "objc": "objective-c", "objectivec": "objective-c", "pascal": "delphi",
    "patch": "diff", "pl": "perl", "pycon": "python", "proto": "protobuf", "ps1": "powershell",
    "py": "python", "python3": "python", "rb": "ruby", "rs": "rust", "sh": "bash",
    "shell": "bash", "console": "bash", "shell-session": "bash", "svg": "xml", "terminal": "bash",
    "tex": "latex", "ts": "typescript", "udiff": "diff", "vb": "vbnet",
    "viml": "vim", "xhtml": "html", "yml": "yaml", "zsh": "bash",
}  # fmt: skip

# Of a kind that is not here the colour is that of the kind above it.
_CLASS_OF = {
    Token: "",
    Comment: "c",
    Comment.Preproc: "k",
    Comment.PreprocFile: "s",
    Keyword: "k",
    Keyword.Constant: "m",
    Keyword.Type: "t",
    Operator.Word: "k",
    Name.Attribute: "a",
    Name.Builtin: "t",
    Name.Class: "f",
    Name.Constant: "m",
    Name.Decorator: "a",
    Name.Entity: "m",
    Name.Exception: "t",
    Name.Function: "f",
    Name.Label: "a",
    Name.Property: "a",
    Name.Tag: "k",
    Name.Variable: "a",
    Literal.Date: "m",
    Literal.Number: "m",
    Literal.String: "s",
    Literal.String.Escape: "m",
    Generic.Deleted: "d",
    Generic.Heading: "f",
    Generic.Inserted: "i",
    Generic.Prompt: "c",
    Generic.Subheading: "f",
    Generic.Traceback: "d",
}

_PRE = re.compile(r'(<pre\b(?:[^>"]|"[^"]*")*>)(.*?)</pre>', re.DOTALL)
_CODE = re.compile(r'(<code\b(?:[^>"]|"[^"]*")*>)(.*)</code>(\s*)', re.DOTALL)
# Jekyll names the language on a box around it.
_BOX = re.compile(r'<div class="([^"]*)">\s*(?:<div class="[^"]*">\s*)?$')
_BOX_SIGNS = 300
_CLASSES = re.compile(r'\sclass="([^"]*)"')
# Jekyll, Hugo and the editor; Prettify; Crayon; SyntaxHighlighter.
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?[-:]|brush:\s*)([\w+#-]+)")
# Colours somebody else gave it; the numbers of its lines are not its text.
_COLOURED = re.compile(r'<span(?: class="(?!ln|line-?no|gutter)[^"]*")?>|</span>')


def language_in(classes: str) -> str:
    """The language that classes name, as one of LANGUAGES; else empty."""
    match = _LANGUAGE.search(html.unescape(classes).lower())
    name = match[1] if match else ""
    name = _ALSO.get(name, name)
    return name if name in LANGUAGES else ""


class Colours:
    """Colours the code of one post, for as long as a post may take."""

    def __init__(self) -> None:
        self._left = MAX_SECONDS

    def put(self, markup: str) -> str:
        """`markup` with every program it names the language of in colours."""
        if "<pre" not in markup:
            return markup
        out: list[str] = []
        end = 0
        for match in _PRE.finditer(markup):
            before = markup[max(end, match.start() - _BOX_SIGNS) : match.start()]
            out += [markup[end : match.start()], self._block(match, before)]
            end = match.end()
        return "".join([*out, markup[end:]])

    def _block(self, match: re.Match[str], before: str) -> str:
        pre, inner = match[1], match[2]
        code = _CODE.fullmatch(inner)
        begins, text, ends = (
            (code[1], code[2], f"</code>{code[3]}") if code else ("", inner, "")
        )
        box = _BOX.search(before)
        named = _CLASSES.findall(begins + pre) + ([box[1]] if box else [])
        language = next(filter(None, map(language_in, named)), "")
        text = _COLOURED.sub("", text)
        if not language or "<" in text or len(text) > MAX_SIGNS or self._left <= 0:
            return match[0]
        coloured = self._coloured(html.unescape(text), language)
        return f"{pre}{begins}{coloured}{ends}</pre>" if coloured else match[0]

    def _coloured(self, text: str, language: str) -> str:
        """`text` as HTML; empty where Pygments lost a letter of it, or took too long."""
        begun = thread_time()
        until = begun + self._left
        kept: list[tuple[str, str]] = []
        for kind, value in _tokens(text, language):
            kept.append((_class_of(kind), value))
            if thread_time() > until:
                break
        self._left -= thread_time() - begun
        if "".join(value for _, value in kept) != text:
            return ""
        return "".join(_spans(kept))


def _tokens(text: str, language: str) -> Iterator[tuple[object, str]]:
    """What a program consists of, in order, without the newline that it may lack."""
    # Many rules know the end of a line by its newline alone.
    whole = text if text.endswith("\n") else f"{text}\n"
    position = 0
    lexer = _lexer(language, has_tags="<?" in text)
    for _, kind, found in lexer.get_tokens_unprocessed(whole):
        value = found[: max(len(text) - position, 0)]
        position += len(value)
        if value:
            yield kind, value


@lru_cache(maxsize=64)
def _lexer(language: str, *, has_tags: bool) -> Lexer:
    # A piece of PHP in a text seldom begins with its tag.
    options = {"startinline": not has_tags} if language == "php" else {}
    return get_lexer_by_name(language, **options)


@lru_cache(maxsize=512)
def _class_of(kind: object) -> str:
    token = kind
    while token not in _CLASS_OF:
        token = token.parent  # type: ignore[attr-defined]
    return _CLASS_OF[token]  # type: ignore[index]


def _spans(kept: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Neighbours of one colour in one span, with the blanks between them."""
    colour, run = "", ""
    for name, value in kept:
        if name != colour and not (run and value.isspace()):
            yield _span(colour, run)
            colour, run = name, ""
        run += value
    yield _span(colour, run)


def _span(colour: str, run: str) -> str:
    words = run.strip()
    shown = html.escape(run, quote=False)
    if not colour or not words:
        return shown
    # A newline that begins a block must not hide behind a tag: a parser drops it.
    before, _, after = run.partition(words)
    inner = html.escape(words, quote=False)
    return f'{before}<span class="{colour}">{inner}</span>{after}'
