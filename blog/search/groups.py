"""Words that may stand for each other in an answer."""

from dataclasses import dataclass

from blog.search.entries import TAG_SIGN, TITLE_SIGN

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Words of which one is to be there; the first is what was typed.

    More than one word in a phrase: one after the other.
    """

    phrases: tuple[Phrase, ...]

    def in_title(self, *, tags: bool = True) -> "Group":
        """The same, to be found in a title, or in a tag."""
        signs = (TITLE_SIGN, TAG_SIGN) if tags else (TITLE_SIGN,)
        signed = [
            (sign + word,)
            for phrase in self.phrases
            for word in phrase[:1]
            for sign in signs
        ]
        return Group(tuple(signed))
