"""What services of that time put into texts, and nobody wrote: taken out."""

import re
from collections import Counter

from blog.transfer.tags import TAG, classes, name_of, with_classes

# “Possibly related posts: (automatically generated)” and the list that follows.
_RELATED = re.compile(
    r"(?:<div\b(?=[^<>]{0,400}?\bpossibly-related\b)[^<>]*>\s*)?(?:<hr\b[^<>]*>\s*)?"
    r"(?:<(?:p|h\d|strong|b|em|span)\b[^<>]*>\s*){0,4}"
    r"Possibly\s+related\s+posts:?\s*(?:<[^<>]*>\s*)?(?:\(automatically\s+generated\))?:?\s*"
    r"(?:</(?:p|h\d|strong|b|em|span)>\s*){0,4}(?:<br\s*/?>\s*)*"
    r"<ul\b[^<>]*>(?:[^<]|<(?!/?ul\b))*</ul>(?:\s*</div>)?",
    re.IGNORECASE,
)
# A line of links to Technorati, in whatever it stands.
_LINK = r"<a\b(?=[^<>]{0,400}?technorati\.com/tags?/)[^<>]*>[^<]*</a>"
_TECHNORATI = re.compile(
    r"(?:<!--\s*technorati tags start\s*-->\s*)?"
    r"(?:<(?:p|div|small|span|strong|b|em)\b[^<>]*>\s*){0,4}"
    r"Technorati(?:\s+tags?)?\s*:?\s*(?:</(?:small|span|strong|b|em)>\s*)?:?\s*"
    rf"{_LINK}(?:[\s,;|]*{_LINK})*[\s,;|.]*"
    r"(?:</(?:p|div|small|span|strong|b|em)>\s*){0,4}"
    r"(?:<!--\s*technorati tags end\s*-->)?",
    re.IGNORECASE,
)
_SNAP_PICTURE = re.compile(r"ixnp\.com/|\bsnap_preview_icon\b")


def taken_out(html: str, noted: Counter[str]) -> str:
    """HTML without them; each kind is noted. Linear in its length."""
    for words, pattern, sentence in (
        ("related", _RELATED, "a list of “Possibly related posts” was left out"),
        ("technorati", _TECHNORATI, "a line of Technorati tags was left out"),
    ):
        if words in html.lower():
            html, count = pattern.subn("", html)
            noted.update({sentence: count} if count else {})
    return _without_snap(html) if "snap_" in html or "ixnp.com" in html else html


def _without_snap(html: str) -> str:
    """Its wrappers gone, their content kept; its pictures of bubbles gone."""
    out: list[str] = []
    ends: list[bool] = []  # of each `<div>` that is open, whether it was a wrapper
    for token in TAG.split(html):
        name = name_of(token)
        if name == "div" and not token.endswith("/>"):
            if token.startswith("</"):
                is_wrapper = ends.pop() if ends else False
            else:
                is_wrapper = _is_wrapper(token)
                ends.append(is_wrapper)
            out.append("" if is_wrapper else token)
        elif name == "img" and _SNAP_PICTURE.search(token):
            continue
        else:
            out.append(_without_class(token) if "snap_" in token else token)
    return "".join(out)


def _is_wrapper(token: str) -> bool:
    names = classes(token)
    return bool(names) and all(name.startswith("snap_") for name in names)


def _without_class(token: str) -> str:
    names = classes(token)
    kept = [name for name in names if not name.startswith("snap_")]
    return with_classes(token, kept) if kept != names else token
