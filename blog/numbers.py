"""Numbers as they come in addresses, and as people read long ones."""

from django.utils.formats import number_format

# What a key of any database here can be.
MAX_DIGITS = 18


def number_or_none(text: str) -> int | None:
    """A key in plain digits; None for anything else, however long."""
    if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS:
        return int(text)
    return None


def grouped(number: int) -> str:
    """A long number as people read it, in the language that is on: 65,536."""
    return number_format(number, force_grouping=True)
