"""Words without their endings, so that one form of a word finds the others.

Light rules for each language, of the kind that only takes off what marks number, case
and person: they join `talk` and `talks`, and leave `news` alone. A language without
rules keeps its words whole. Words come folded (`words.fold`).
"""

import re
from collections.abc import Callable
from functools import lru_cache

# What is shorter loses nothing.
MIN_SIGNS = 4
LONGEST_LANGUAGE = 3
# Of what was imported none may be a language.
_LANGUAGE = re.compile(r"[A-Za-z]*")


@lru_cache(maxsize=30_000)
def stem(word: str, language: str) -> str:
    """`word` without its ending, behind the language's name: "en:talk".

    Equal for forms of one word. A language is told by the part before the hyphen.
    """
    name = primary(language)
    rules = _RULES.get(name)
    if rules is None or len(word) < MIN_SIGNS or not word.isalpha():
        return f"{name}:{word}"
    return f"{name}:{rules(word)}"


def stems(word: str) -> set[str]:
    """What `word` may be the form of, by the rules of every language."""
    return {stem(word, language) for language in _RULES}


@lru_cache(maxsize=1000)
def primary(language: str) -> str:
    """`pt` of `pt-BR`; letters alone, whatever somebody called a language."""
    begins = _LANGUAGE.match(language)
    return begins[0].lower()[:LONGEST_LANGUAGE] if begins else ""


def _english(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is", "news")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 2 and _has_vowel(rest):
            word = rest[:-1] if _is_doubled(rest) else rest
            break
    # Made and making, agree and agreed: the silent e goes from all of them.
    if word.endswith("e") and len(word) > MIN_SIGNS:
        word = word[:-1]
    if word.endswith("y") and len(word) > MIN_SIGNS:
        word = word[:-1] + "i"
    return word


def _has_vowel(text: str) -> bool:
    return any(sign in "aeiouy" for sign in text)


def _is_doubled(text: str) -> bool:
    return text[-1] == text[-2] and text[-1] not in "aeiouylsz"


def _german(word: str) -> str:
    for ending in ("ern", "nen", "em", "er", "en", "es", "e", "s", "n"):
        if word.endswith(ending) and len(word) - len(ending) >= MIN_SIGNS - 1:
            is_plural_s = ending != "s" or word[-2] in "bdfghklmnrt"
            return word[: -len(ending)] if is_plural_s else word
    return word


def _french(word: str) -> str:
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return word[:-2] + "l"
    word = word.removesuffix("x") if word.endswith("eux") else word.removesuffix("s")
    return word.removesuffix("e").removesuffix("e")


def _spanish(word: str) -> str:
    if word.endswith("ces"):
        return word[:-3] + "z"
    if word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    word = word.removesuffix("s")
    return word[:-1] if word[-1] in "aoe" else word


def _portuguese(word: str) -> str:
    for plural, single in (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el")):
        if word.endswith(plural):
            return word[: -len(plural)] + single
    if word.endswith("ns"):
        return word[:-2] + "m"
    if word.endswith(("res", "zes", "ses")):
        return word[:-2]
    word = word.removesuffix("s")
    return word[:-1] if word[-1] in "aoe" and not word.endswith("ao") else word


def _italian(word: str) -> str:
    for plural, single in (("chi", "c"), ("che", "c"), ("ghi", "g"), ("ghe", "g")):
        if word.endswith(plural):
            return word[: -len(plural)] + single
    return word[:-1] if word[-1] in "aeio" else word


def _dutch(word: str) -> str:
    for ending in ("en", "s", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= MIN_SIGNS - 1:
            is_doubled = len(rest) > 3 and rest[-1] == rest[-2]
            return rest[:-1] if is_doubled else rest
    return word


def _arabic(word: str) -> str:
    """Without the article and what stands before it, and the commonest endings."""
    for start in ("وال", "بال", "كال", "فال", "لل", "ال"):
        if word.startswith(start) and len(word) - len(start) >= 3:
            word = word[len(start) :]
            break
    for ending in ("ات", "ون", "ين", "ان", "ها", "ه", "ي"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


_RULES: dict[str, Callable[[str], str]] = {
    "ar": _arabic,
    "de": _german,
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "it": _italian,
    "nl": _dutch,
    "pt": _portuguese,
}
