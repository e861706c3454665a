"""Code, formulas and comments of a text put aside while the rest of it is changed."""

import re
from collections import Counter
from html import escape, unescape

from blog.transfer import spans
from blog.transfer.tags import attributes

# The names under which WordPress's own plugin shows code, and those of languages.
_NAMES = (
    "sourcecode|source|code|highlight|bash|cpp|csharp|css|diff|html|java|javascript|js|"
    "perl|php|plain|python|ruby|sql|vb|xml"
)
_CODE = re.compile(rf"\[(?P<name>{_NAMES})(?P<said>\s[^\]\[]*)?\]", re.IGNORECASE)
_CODE_END = re.compile(rf"\[/(?P<name>{_NAMES})\]", re.IGNORECASE)
_LETTERS = re.compile(
    r"<(?P<name>pre|code|script|style|textarea)\b[^<>]*>", re.IGNORECASE
)
_LETTERS_END = re.compile(
    r"</(?P<name>pre|code|script|style|textarea)\s*>", re.IGNORECASE
)
# Those that mean something stay where they are.
_COMMENT = re.compile(r"<!--(?!\s*(?:/?wp:|more\b|nextpage\s*-->))")
_FORMULA = re.compile(r"\$latex[ =](?P<inside>[^$]{1,4000}?)(?<!\\)\$")
_LATEX = re.compile(r"\[(?P<name>latex)\]", re.IGNORECASE)
_LATEX_END = re.compile(r"\[/(?P<name>latex)\]", re.IGNORECASE)
_LOOKS = re.compile(r"(?:(?:&amp;|&#038;|&)(?:bg|fg|s)=[\w-]*)+\s*\Z")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_OF_NO_LANGUAGE = frozenset(["sourcecode", "source", "code", "highlight", "plain"])
# What a text has of these by itself is no character.
_NONE = re.compile("[\ufdd0-\ufdef]")
# Where something is put back: within a line, and as a block of its own.
_PLACE = "\ufdd0{}\ufdd1"
BLOCK_PLACE = "<\ufdd2"
_BLOCK = f"{BLOCK_PLACE}{{}}>"
_UNSEEN_PLACE = "\ufdd3{}\ufdd1"
_PLACED = re.compile("[\ufdd0\ufdd3](\\d+)\ufdd1|<\ufdd2(\\d+)>")
# Places of which nobody sees anything.
UNSEEN = re.compile("(?:\\s*\ufdd3\\d+\ufdd1)*\\s*")
_BLOCKS = frozenset(["pre", "script", "style"])
MAX_DEPTH = 4


class Aside:
    """Takes pieces of a text away, which nothing then touches, and puts them back."""

    def __init__(self, noted: Counter[str]) -> None:
        self._kept: list[str] = []
        self._noted = noted

    def taken(self, source: str) -> str:
        source = _NONE.sub("", source)
        source = spans.replaced(source, _CODE, _CODE_END, self._code)
        source = spans.replaced(source, _LETTERS, _LETTERS_END, self._letters)
        source = self._without_comments(source)
        source = _FORMULA.sub(
            lambda found: self._formula(found, found["inside"]), source
        )
        return spans.replaced(source, _LATEX, _LATEX_END, self._formula)

    def put_back(self, html: str) -> str:
        # What was put aside last may hold what was before.
        for _ in range(MAX_DEPTH if self._kept else 0):
            html = _PLACED.sub(
                lambda found: self._kept[int(found[1] or found[2])], html
            )
        return html

    def _keep(self, piece: str, place: str = _PLACE) -> str:
        self._kept.append(piece)
        return place.format(len(self._kept) - 1)

    def _code(self, found: re.Match[str], inside: str) -> str:
        said = attributes(f"<code{found['said'] or ''}>")
        name = found["name"].lower()
        language = said.get("language") or said.get("lang") or ""
        if not language and name not in _OF_NO_LANGUAGE:
            language = name
        is_named = _LANGUAGE.fullmatch(language)
        of_class = f' class="language-{language}"' if is_named else ""
        # WordPress keeps code escaped or not, by how it was typed.
        plain = escape(unescape(inside).strip("\n"), quote=False)
        return self._keep(f"<pre><code{of_class}>{plain}</code></pre>", _BLOCK)

    def _letters(self, found: re.Match[str], inside: str) -> str:
        name = found["name"].lower()
        place = _BLOCK if name in _BLOCKS else _PLACE
        return self._keep(f"{found[0]}{inside}</{name}>", place)

    def _without_comments(self, source: str) -> str:
        out: list[str] = []
        place = 0
        while found := _COMMENT.search(source, place):
            end = source.find("-->", found.end()) + len("-->")
            if end < len("-->"):
                break
            kept = self._keep(source[found.start() : end], _UNSEEN_PLACE)
            out += [source[place : found.start()], kept]
            place = end
        return "".join(out) + source[place:]

    def _formula(self, found: re.Match[str], inside: str) -> str:
        """Of LaTeX the letters, which a reader of mathematics reads."""
        self._noted["a formula of LaTeX stands as it was typed"] += 1
        plain = escape(unescape(_LOOKS.sub("", inside)).strip(), quote=False)
        return self._keep(f'<code class="language-latex">{plain}</code>')
