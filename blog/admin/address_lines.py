"""Web addresses, one a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

from blog.web_address import MAX_ADDRESS_LENGTH

MAX_ADDRESSES = 20
_check = URLValidator(schemes=["http", "https"])


class AddressLinesField(forms.CharField):
    """Gives the addresses as they are stored: one a line, each once."""

    widget = forms.Textarea(attrs={"rows": 2, "class": "lines", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        lines = [line.strip() for line in super().to_python(value).splitlines()]
        errors = [
            sentence
            for number, line in enumerate(lines, start=1)
            if (sentence := _fault(number, line))
        ]
        addresses = list(dict.fromkeys(filter(None, lines)))
        if len(addresses) > MAX_ADDRESSES:
            errors.append(
                gettext("These are %(count)s addresses; at most %(limit)s are told.")
                % {"count": len(addresses), "limit": MAX_ADDRESSES}
            )
        if errors:
            raise ValidationError(errors)
        return "\n".join(addresses)

    def has_changed(self, initial: Any, data: Any) -> bool:
        # Browsers send line breaks of their own.
        return (initial or "").split() != (data or "").split()


def _fault(number: int, line: str) -> str:
    if not line:
        return ""
    if len(line) > MAX_ADDRESS_LENGTH:
        return gettext("Line %(number)s is too long for an address: “%(line)s…”.") % {
            "number": number,
            "line": line[:40],
        }
    try:
        _check(line)
    except ValidationError:
        shown = line if len(line) <= 60 else f"{line[:60]}…"
        return gettext(
            "Line %(number)s: “%(shown)s” is no web address: "
            "begin it with https:// or http://."
        ) % {"number": number, "shown": shown}
    return ""
