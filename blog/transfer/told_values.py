"""Values from a file: each as the kind a record holds, or None where it is another."""

from datetime import datetime
from typing import Any

from blog import xml_text
from blog.transfer.wxr_fields import on_all_clocks


def text(value: Any) -> str | None:
    return xml_text.allowed(value) if isinstance(value, str) else None


def texts(value: Any) -> list[str] | None:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return list(map(xml_text.allowed, value)) if is_list else None


def moment(value: Any) -> datetime | None:
    """A time with its zone, as `isoformat` writes it."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return on_all_clocks(found) if found.tzinfo else None
