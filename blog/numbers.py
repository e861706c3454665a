"""Numbers as they come in addresses."""

# What a key of any database here can be.
MAX_DIGITS = 18


def number_or_none(text: str) -> int | None:
    """A key in plain digits; None for anything else, however long."""
    if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS:
        return int(text)
    return None
