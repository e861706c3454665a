"""Tags as people type them: words between commas, and nothing else parts them.

taggit splits `North Korea` in two where there is no comma. A name that has a comma
itself stands in double quotes, as in a CSV file.
"""

import csv
import io
from collections.abc import Iterable

from taggit.models import TagBase


def split(typed: str) -> list[str]:
    """`north korea, "talks, six-party"` as two names; empty ones left out."""
    lines = csv.reader(io.StringIO(typed), skipinitialspace=True)
    return [name for line in lines for name in map(str.strip, line) if name]


def join(tags: Iterable[TagBase]) -> str:
    """The names in alphabetical order, so that `split` gives them back."""
    return ", ".join(_quoted(name) for name in sorted(tag.name for tag in tags))


def _quoted(name: str) -> str:
    field = io.StringIO()
    csv.writer(field, lineterminator="").writerow([name])
    return field.getvalue()
