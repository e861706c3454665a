"""Quotes, dashes and ellipses as they are set in a language, from what a keyboard has."""

import re
from collections.abc import Callable

# Opening and closing double quote, opening single quote; what closes a single one
# is the apostrophe. Languages that are not here keep their quotes as typed.
_QUOTES = {
    "en": ("“", "”", "‘"),
    "de": ("„", "“", "’"),
    "ar": ("«", "»", "‘"),
}
_STRAIGHT_QUOTE = re.compile("[\"']")
# Three hyphens and no fourth; two between blanks. What is looked for comes first: so
# most of a text is passed over at once.
_LONG = re.compile(r"---(?<!----)(?!-)")
_ALONE = re.compile(r"--(?<=\s--)(?=\s)")
_YEAR = re.compile(r"'\d\ds?\b")


def is_set(text: str) -> bool:
    """Whether it stands as it would be set, in whatever language."""
    return not ("'" in text or '"' in text or "--" in text or "..." in text)


def typesetter(language: str) -> Callable[[str], str]:
    """A function for `html_text.map_text` that sets quotes, dashes and ellipses.

    It remembers the last character of the run before, because `<em>"x"</em>`
    closes what it cannot see opened.
    """
    quotes = _QUOTES.get(language.split("-")[0].lower())
    last = " "

    def typeset(run: str) -> str:
        nonlocal last
        before, last = last, run[-1:] or last
        run = run.replace("...", "…")
        if "--" in run:
            run = _ALONE.sub("–", _LONG.sub("—", run))
        if quotes and ('"' in run or "'" in run):
            run = _curled(before + run, quotes)[1:]
        return run

    return typeset


def _curled(text: str, quotes: tuple[str, str, str]) -> str:
    """`text` with its quotes set; the first character only stands before the rest."""
    opening, closing, single_opening = quotes

    def curl(match: re.Match[str]) -> str:
        position = match.start()
        if position == 0:
            return match[0]
        before = text[position - 1]
        opens = before.isspace() or before in "([{—–-/“„‘\"'"
        if match[0] == '"':
            return opening if opens else closing
        # '06 and mid-word are apostrophes
        is_year = _YEAR.match(text, position)
        return single_opening if opens and not is_year else "’"

    return _STRAIGHT_QUOTE.sub(curl, text)
