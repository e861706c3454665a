"""Why a comment stands as it does: stored in English, read in any language.

A moderator reads in their own language what a rule or a colleague wrote down, perhaps
in another one. So it is stored in the words of the source, as it always was: searches
look for it there, rows of years ago hold it, and so do exports. To be read, a stored
sentence is taken apart by the pattern of the one it was made from, and its parts are
put into the translation of that one. What fits none of them is shown as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_noop as _

# What a verdict begins with, as it is stored.
OUTCOMES: dict[str, Any] = {
    "held": pgettext_lazy("before a reason", "held"),
    "approved": pgettext_lazy("before a reason", "approved"),
    "trashed": pgettext_lazy("before a reason", "trashed"),
    "spam": pgettext_lazy("before a reason", "spam"),
}
# Parts that are sentences themselves, or lists of them.
_NESTED, _LISTED = "cause", "words"


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence that is stored, with `%(named)s` places for its parts.

    Its words are as the source has them, not translated yet; where a part is called
    `count`, they are a lazy pair that follows its number.
    """

    words: Any
    outcome: str = ""

    def said(self, **parts: object) -> str:
        """As it is stored: in English, whatever language is on."""
        with translation.override(None):
            told = self.words % parts if parts else self.words
        return f"{self.outcome}: {told}" if self.outcome else told

    def read(self, parts: Mapping[str, str]) -> str:
        """Without its outcome, in the language that is on."""
        given: dict[str, object] = {
            name: _part(name, value) for name, value in parts.items()
        }
        if "count" in given:
            given["count"] = int(parts["count"])
        words = gettext(self.words) if isinstance(self.words, str) else self.words
        return str(words % given) if given else words


# --- What the rules of moderation say

OWN = Sentence(_("written by the blog"), "approved")
NOTHING_HELD_IT = Sentence(_("no rule held it"), "approved")
# By the state it has there.
IMPORTED = {
    "approved": Sentence(_("imported from %(origin)s"), "approved"),
    "pending": Sentence(_("imported from %(origin)s"), "held"),
    "spam": Sentence(_("imported from %(origin)s"), "spam"),
    "trash": Sentence(_("imported from %(origin)s"), "trashed"),
}
# Said by the documents this project begins with.
CAPTURED = Sentence(_("kept from the captured page"), "approved")
TRUSTED = Sentence(_("the e-mail address “%(value)s” is always trusted"), "approved")
# By the trait of the rule.
BLOCKED = {
    "email": Sentence(_("the e-mail address “%(value)s” is blocked"), "trashed"),
    "name": Sentence(_("the name “%(value)s” is blocked"), "trashed"),
    "address": Sentence(_("the IP address “%(value)s” is blocked"), "trashed"),
    "domain": Sentence(_("the domain “%(value)s” is blocked"), "trashed"),
    "words": Sentence(_("the wording “%(value)s” is blocked"), "trashed"),
}
DISALLOWED = Sentence(_("“%(word)s” is on the list of disallowed words"), "trashed")
TRAPPED = Sentence(_("a field was filled in that people don’t see"), "spam")
ALL_HELD = Sentence(_("the settings hold every comment"), "held")
PINGS_HELD = Sentence(_("the settings hold every ping"), "held")
LINKS = Sentence(
    ngettext_lazy(
        "%(count)s link, the limit is %(limit)s",
        "%(count)s links, the limit is %(limit)s",
        "count",
    ),
    "held",
)
HELD_WORD = Sentence(_("“%(word)s” is on the list of held words"), "held")
HASTE = Sentence(_("sent %(seconds)s seconds after the form was opened"), "held")
NO_FORM = Sentence(
    _("it has links, and no browser said when its form was opened"), "held"
)
SAME_TEXT = Sentence(
    ngettext_lazy(
        "the same text was sent below %(count)s other post",
        "the same text was sent below %(count)s other posts",
        "count",
    ),
    "held",
)
SPAM = Sentence(_("reads like spam (%(percent)s): %(words)s"), "held")
DOUBTFUL = Sentence(_("doubtful (%(percent)s spam-like: %(words)s)"), "held")
DOUBTFUL_SOMEHOW = Sentence(_("doubtful (%(percent)s spam-like)"), "held")
DOUBTFUL_UNPROVEN = Sentence(
    _(
        "doubtful (%(percent)s spam-like: %(words)s), and sent without the proof of work"
    ),
    "held",
)
DOUBTFUL_SOMEHOW_UNPROVEN = Sentence(
    _("doubtful (%(percent)s spam-like), and sent without the proof of work"), "held"
)
UNPROVEN = Sentence(_("sent without the proof of work; %(cause)s"), "held")
NEW_HOST = Sentence(_("nothing from %(host)s was approved before"), "held")
NEW_WRITER = Sentence(_("no earlier comment of this writer was approved"), "held")
AKISMET = Sentence(_("Akismet says it is spam"), "held")

# --- Why a proof of work is asked for

ALL_PROVE = Sentence(_("this blog asks every visitor for a proof of work"))
UNDER_ATTACK = Sentence(_("many doubtful comments are arriving just now"))
SPAM_LIKE = Sentence(_("something in it reads like spam to this blog’s filter"))

# --- What weighed with the spam filter

NAME = Sentence(_("the name “%(piece)s”"))
LINK_TO = Sentence(_("a link to %(domain)s"))
WEBSITE = Sentence(_("a website"))
MAIL_AT = Sentence(_("e-mail at %(domain)s"))
LINK_COUNT = Sentence(ngettext_lazy("%(count)s link", "%(count)s links", "count"))
CAPITALS = Sentence(_("capital letters"))

# --- What people decided, by the state it was decided for

DECIDED = {
    "approved": Sentence(_("approved by %(name)s")),
    "pending": Sentence(_("held by %(name)s")),
    "spam": Sentence(_("marked as spam by %(name)s")),
    "trash": Sentence(_("moved to the trash by %(name)s")),
}
DECIDED_BY_MAIL = {
    "approved": Sentence(_("approved by %(name)s from a mail")),
    "spam": Sentence(_("marked as spam by %(name)s from a mail")),
    "trash": Sentence(_("moved to the trash by %(name)s from a mail")),
}
# By the trait of a new rule; empty for several rules at once.
RULED = {
    "trust": {
        "": Sentence(_("approved by %(name)s: always trust a new rule")),
        "email": Sentence(
            _("approved by %(name)s: always trust e-mail address %(value)s")
        ),
    },
    "block": {
        "": Sentence(_("trashed by %(name)s: block a new rule")),
        "email": Sentence(_("trashed by %(name)s: block e-mail address %(value)s")),
        "name": Sentence(_("trashed by %(name)s: block name %(value)s")),
        "address": Sentence(_("trashed by %(name)s: block IP address %(value)s")),
        "domain": Sentence(_("trashed by %(name)s: block domain %(value)s")),
        "words": Sentence(_("trashed by %(name)s: block words %(value)s")),
    },
}
POSTED = Sentence(_("posted by %(name)s"))
TAKEN_BACK = Sentence(_("taken back by %(name)s"))
WITHDRAWN = Sentence(_("withdrawn by its writer"))
ERASED = Sentence(_("erased at the writer’s wish"))

# --- What became of a page that links here

LINKED_HERE = Sentence(_("A post of this blog links here."))
LINK_IS_GONE = Sentence(_("The post of this blog does not link here any more."))
PAGE_LINKS_NO_MORE = Sentence(
    _("removed: the page that linked here does not link here any more")
)
PAGE_ANSWERS = Sentence(_("removed: the page that linked here answers %(status)s"))


def shown(stored: str) -> str:
    """A stored sentence in the language that is on."""
    outcome, colon, rest = stored.partition(": ")
    if colon and outcome in OUTCOMES and (told := _found(rest, outcome)) is not None:
        parts = {"outcome": str(OUTCOMES[outcome]), "reason": told}
        return gettext("%(outcome)s: %(reason)s") % parts
    told = _found(stored, "")
    return stored if told is None else told


def shown_below(stored: str, state: str) -> str:
    """The same where `state`, as Comment has it, stands above it: not said twice.

    Empty where it says no more than that.
    """
    outcome = {"pending": "held"}.get(state, state)
    if stored == outcome:
        return ""
    rest = stored.removeprefix(f"{outcome}: ")
    if rest == stored:
        return shown(stored)
    told = _found(rest, outcome)
    return rest if told is None else told


def _found(told: str, outcome: str) -> str | None:
    for sentence, pattern in _patterns():
        if sentence.outcome == outcome and (match := pattern.fullmatch(told)):
            return sentence.read(match.groupdict())
    return None


def _part(name: str, value: str) -> str:
    if name == _NESTED:
        return shown(value)
    if name == _LISTED:
        return gettext(", ").join(shown(word) for word in value.split(", "))
    return value


class _Place(int):
    """Stands where a part will: a number that writes itself as a mark."""

    name: str

    def __str__(self) -> str:
        return f"\0{self.name}\0"


class _Places(dict[str, _Place]):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def __missing__(self, name: str) -> _Place:
        place = _Place(self._number)
        place.name = name
        return place


@cache
def _patterns() -> list[tuple[Sentence, re.Pattern[str]]]:
    """Every sentence with the patterns of what it may be stored as, the longest first:
    of two that fit, the one that says more."""
    forms: dict[str, Sentence] = {}
    with translation.override(None):
        for sentence in _all(globals().values()):
            for number in (1, 2):
                text = sentence.words % _Places(number)
                forms.setdefault(f"{sentence.outcome}\0{text}", sentence)
    ordered = sorted(forms.items(), key=lambda form: -len(form[0]))
    return [(made, _pattern(text.split("\0", 1)[1])) for text, made in ordered]


def _all(values: Any) -> list[Sentence]:
    found = []
    for value in list(values):
        if isinstance(value, Sentence):
            found.append(value)
        elif isinstance(value, dict) and not isinstance(value, Promise):
            found += _all(value.values())
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """Every second piece is the name of a part."""
    written = ""
    for index, piece in enumerate(text.split("\0")):
        kind = r"\d+" if piece == "count" else ".+"
        written += f"(?P<{piece}>{kind})" if index % 2 else re.escape(piece)
    return re.compile(written, re.DOTALL)
