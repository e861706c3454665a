"""What of a text this blog stores and does not serve: named, so that somebody looks."""

from collections import Counter

from blog import markup
from blog.transfer.tags import TAG, attributes, name_of

# What of these is lost is looks, which are the theme's.
_LOOKS = frozenset(["font", "blink", "marquee", "nobr", "basefont"])
# Of these not even the text is shown.
_WHOLE = frozenset(["script", "style"])
# Nobody misses these.
_SILENT = frozenset(
    ["html", "head", "body", "title", "meta", "link", "o:p", "st1:place"]
)
# Kept elsewhere: their alignment is in a class by now, their frame in a card.
_DRESSING = frozenset(["style", "bgcolor", "color", "face", "background"])


def note(html: str, noted: Counter[str]) -> None:
    """Count what the sanitiser will take from `html`, by what it is. Linear."""
    for token in TAG.findall(html):
        name = name_of(token)
        if name is None or token.startswith("</") or name in _SILENT:
            continue
        if name in _LOOKS:
            noted["colours, sizes and faces of letters are the theme's"] += 1
        elif name in _WHOLE:
            noted[f"<{name}> is not run: it stays in the text, unseen"] += 1
        elif name not in markup.POST_TAGS and ":" not in name:
            noted[f"<{name}> is not shown; words in it are"] += 1
        said = attributes(token)
        if any(one.startswith("on") for one in said):
            noted["a script in an attribute is not run"] += 1
        if said.keys() & _DRESSING:
            noted["colours, sizes and faces of letters are the theme's"] += 1
