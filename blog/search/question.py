"""What somebody typed, understood: words, "phrases" and -without."""

import re
from dataclasses import dataclass, field

from blog.search.words import words_of

# More is looked at by nobody who searches.
MAX_SIGNS = 500
MAX_TERMS = 12

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″＂「」『』"), '"')
_PIECE = re.compile(r'(-?)"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class Term:
    """Words that are to stand one after the other; mostly it is one.

    `is_quoted`: as they are, in no other form.
    """

    words: tuple[str, ...]
    is_quoted: bool = False


@dataclass
class Question:
    """What is to be there, and what is not."""

    terms: list[Term] = field(default_factory=list)
    without: list[Term] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for: what is not wanted alone finds nothing."""
        return not self.terms


def understood(text: str) -> Question:
    """Any text at all as a question. Never raises.

    At most MAX_TERMS terms, of the first MAX_SIGNS signs. A quote that is never closed
    reaches to the end.
    """
    question = Question()
    for match in _PIECE.finditer(text[:MAX_SIGNS].translate(_QUOTES)):
        minus, quoted, bare = match.groups()
        is_quoted = bare is None
        is_without = bool(minus) or (not is_quoted and bare.startswith(("-", "−")))
        term = Term(tuple(words_of(quoted if is_quoted else bare)), is_quoted)
        terms = question.without if is_without else question.terms
        if term.words and term not in terms and len(terms) < MAX_TERMS:
            terms.append(term)
    return question
