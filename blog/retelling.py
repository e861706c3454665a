"""Sentences stored in English, told in the language of whoever reads them.

What is stored outlives the language it was written in: it is looked for by its words,
compared with others, and read by several people. So it stays as the code has it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from django.utils.translation import gettext

_GAP = re.compile(r"%\((\w+)\)s")


class Retelling:
    """The sentences of one sort, by the templates they are made of.

    A template is an English sentence with gaps, `posted by %(name)s`, that the
    catalogues know. Where several fit, the one with most words of its own tells.
    """

    def __init__(
        self,
        templates: Iterable[str],
        otherwise: Callable[[str], str] | None = None,
    ) -> None:
        self._templates = tuple(templates)
        self._otherwise = otherwise or str

    def __call__(self, sentence: str) -> str:
        """`sentence` in the language of the moment; as it is where nobody knows it."""
        for template, pattern in self._patterns:
            if match := pattern.fullmatch(sentence):
                return gettext(template) % match.groupdict()
        return self._otherwise(sentence)

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        by_length = sorted(
            self._templates, key=lambda text: len(_GAP.sub("", text)), reverse=True
        )
        return [(template, _pattern(template)) for template in by_length]


def _pattern(template: str) -> re.Pattern[str]:
    """Every second piece is the name of a gap."""
    pieces = _GAP.split(template)
    pieces[::2] = [re.escape(text.replace("%%", "%")) for text in pieces[::2]]
    pieces[1::2] = [f"(?P<{name}>.+)" for name in pieces[1::2]]
    return re.compile("".join(pieces), re.DOTALL)
