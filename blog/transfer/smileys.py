"""Smileys as the characters they stand for: WordPress shows pictures in their place."""

import re

from blog.transfer.tags import CODE_NAMES, TAG, attributes, name_of

# By how they are typed, and by the name of WordPress's picture.
_BY_NAME = {
    "arrow": "➡", "biggrin": "😀", "confused": "😕", "cool": "😎", "cry": "😥",
    "eek": "😮", "evil": "👿", "exclaim": "❗", "idea": "💡", "lol": "😆", "mad": "😡",
    "mrgreen": "😀", "neutral": "😐", "question": "❓", "razz": "😛", "redface": "😳",
    "rolleyes": "🙄", "sad": "🙁", "smile": "🙂", "surprised": "😮", "twisted": "😈",
    "wink": "😉",
}  # fmt: skip
_TYPED = {
    ":mrgreen:": "mrgreen", ":neutral:": "neutral", ":twisted:": "twisted",
    ":arrow:": "arrow", ":shock:": "eek", ":smile:": "smile", ":???:": "confused",
    ":cool:": "cool", ":evil:": "evil", ":grin:": "biggrin", ":idea:": "idea",
    ":oops:": "redface", ":razz:": "razz", ":roll:": "rolleyes", ":wink:": "wink",
    ":cry:": "cry", ":eek:": "surprised", ":lol:": "lol", ":mad:": "mad",
    ":sad:": "sad", ":!:": "exclaim", ":?:": "question",
    "8-)": "cool", "8-O": "eek", "8)": "cool", "8O": "eek",
    ":-(": "sad", ":-)": "smile", ":-?": "confused", ":-D": "biggrin", ":-P": "razz",
    ":-o": "surprised", ":-x": "mad", ":-|": "neutral", ";-)": "wink",
    ":(": "sad", ":)": "smile", ":?": "confused", ":D": "biggrin", ":P": "razz",
    ":o": "surprised", ":x": "mad", ":|": "neutral", ";)": "wink",
}  # fmt: skip
_CHARACTERS = {typed: _BY_NAME[name] for typed, name in _TYPED.items()}


def _alone(first: str) -> str:
    """Those that begin so, where nothing but blanks stands beside them."""
    rests = (typed[1:] for typed in _CHARACTERS if typed[0] == first)
    return rf"{first}(?<!\S{first})(?:{'|'.join(map(re.escape, rests))})(?!\S)"


# As WordPress does it. How they begin comes first: so most of a text is passed over.
_ALONE = re.compile("|".join(map(_alone, ":8;")))
_FILE = re.compile(r"/smilies/icon_(\w+)\.gif")


def as_characters(html: str) -> str:
    """HTML with its smileys as characters, pictures and typed ones; code is left."""
    if "<" not in html and not _may_be_typed(html):
        return html
    out: list[str] = []
    depth = 0
    for token in TAG.split(html):
        name = name_of(token)
        if name is None:
            is_typed = depth == 0 and _may_be_typed(token)
            out.append(_ALONE.sub(_typed, token) if is_typed else token)
            continue
        if name in CODE_NAMES:
            depth = max(0, depth + (-1 if token.startswith("</") else 1))
        out.append(_picture(token) if name == "img" else token)
    return "".join(out)


def _may_be_typed(text: str) -> bool:
    return ":" in text or "8" in text or ";" in text


def _typed(found: re.Match[str]) -> str:
    return _CHARACTERS[found[0]]


def _picture(image: str) -> str:
    """The character a picture of a smiley stands for; other pictures as they are."""
    file = _FILE.search(image)
    said = attributes(image)
    if not file and not {"wp-smiley", "emoji"} & set(said.get("class", "").split()):
        return image
    alt = said.get("alt", "")
    named = _BY_NAME.get(file[1], "") if file else ""
    return _CHARACTERS.get(alt) or named or alt or image
