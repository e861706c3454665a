"""From the bytes of a capture to its lines and the dates in them."""

import re
import textwrap
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from blog.transfer.records import Note, SourceRefused

MONTHS = (
    "january february march april may june july august september october november "
    "december"
).split()

_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20|21)[0-9]{2})"
_DATES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"{_MONTH} {_DAY},? {_YEAR}", rf"{_DAY} {_MONTH},? {_YEAR}")
]
_TIME = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?: ?(?P<half>[ap])\.?m\.?)?",
    re.IGNORECASE,
)
# Each of them ends a line, on a printer if not on a screen.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MARKUP = re.compile(r"\s*<(\?xml|!doctype|html|head|body|rss|feed)\b", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a capture and its number in the file, from 1."""

    number: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        text = self.text.expandtabs()
        return len(text) - len(text.lstrip())


def files(source: Path) -> list[Path]:
    """The captures at `source`: itself, or what a folder holds.

    Raises SourceRefused where there is nothing.
    """
    if source.is_file():
        return [source]
    if not source.exists():
        raise SourceRefused([Note("there is no such file or folder", str(source))])
    found = sorted(path for path in source.glob("*.txt") if path.is_file())
    if not found:
        raise SourceRefused([Note("no *.txt file is in this folder", str(source))])
    return found


def read(path: Path) -> str:
    """The text of a capture with `\\n` as its only line end.

    Raises SourceRefused for what is not plain text in UTF-8.
    """
    try:
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        sentence = f"it cannot be read: {error.strerror}"
        raise SourceRefused([Note(sentence, path.name)]) from error


def decode(content: bytes, name: str) -> str:
    """What `read` does, for bytes that are at hand."""
    if b"\0" in content:
        raise SourceRefused([Note("it holds NUL bytes, so it is not text", name)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceRefused([Note("it is not UTF-8", name, line)]) from error
    text = _LINE_ENDS.sub("\n", text)
    if not text.strip():
        raise SourceRefused([Note("it is empty", name)])
    if _MARKUP.match(text):
        sentence = "it is XML or HTML, and no WordPress export; a capture is plain text"
        raise SourceRefused([Note(sentence, name)])
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        sentence = f"it holds a control character, U+{ord(control[0]):04X}"
        raise SourceRefused([Note(sentence, name, line)])
    return text


def lines_of(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]


def joined(lines: Iterable[Line]) -> str:
    """Lines as one text without the margin they share; blank ones part paragraphs."""
    text = "\n".join("" if line.is_blank else line.text for line in lines)
    return textwrap.dedent(text).strip()


def day_of(line: Line) -> date | None:
    """The date a line consists of: `November 30, 2006`, `30 November 2006`."""
    words = " ".join(line.text.split())
    return next(filter(None, (_date(each.fullmatch(words)) for each in _DATES)), None)


def moment_of(text: str) -> datetime | None:
    """The date and time a text consists of: `December 1, 2006 at 3:04 pm`."""
    day, _, hour = " ".join(text.split()).rpartition(" at ")
    match = _TIME.fullmatch(hour)
    on = day_of(Line(0, day))
    if on is None or match is None:
        return None
    hours, minutes = int(match["hour"]), int(match["minute"])
    if match["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match["half"].lower() == "p" else 0)
    if hours > 23 or minutes > 59:
        return None
    zone = timezone.get_default_timezone()
    return datetime(on.year, on.month, on.day, hours, minutes, tzinfo=zone)


def _date(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    month = MONTHS.index(match["month"].lower()) + 1
    try:
        return date(int(match["year"]), month, int(match["day"]))
    except ValueError:  # the 31st of February
        return None
