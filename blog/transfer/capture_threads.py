"""Reads the conversation below a captured post, down to the form that ends it."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from blog.transfer import capture_text
from blog.transfer.capture_text import Line
from blog.transfer.records import Note, PostRecord, ResponseRecord

_QUOTED = "[“”„«»‘’\"'].*[“”„«»‘’\"']"
_HEADER = re.compile(
    rf"(?P<count>[0-9]{{1,5}}|one|no) (?:responses?|comments?) (?:to|on) {_QUOTED}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>[0-9]{1,5})\.\s+(?P<rest>\S.*)")
_NAME = re.compile(r"(?P<name>\S.{0,244}?)\s+says:", re.IGNORECASE)
_CUT = r"\[(?:…|\.\.\.)\]"
_PINGBACK = re.compile(rf"{_CUT}\s.*\s{_CUT}", re.DOTALL)
_FILED = re.compile(
    r"\bPosted by (?P<name>\S.{0,244}?)\s+Filed (?:in|under) (?P<categories>.+?)\s*"
    rf"(?:{_CUT}|$)",
    re.DOTALL,
)
_BLOG_ARCHIVE = re.compile(r"\s*Blog Archive\s*»")
_FORM = re.compile(r"leave a (?:reply|comment)(?: to .*)?(?: cancel reply)?", re.I)
# What WordPress puts below a conversation. No word of it is anybody's.
_BOILERPLATE = re.compile(
    r"""
    fill\ in\ your\ details\ below .*
    | you\ are\ commenting\ using\ your .* account .*
    | \(? \s* log\ out \s* / \s* change \s* \)?
    | (?: [\w.+]+ \s+ )? (?: photo | picture | logo )
    | connecting\ to\ %s
    | %d\ bloggers?\ like\ this:? | (?: \d+ | one )\ bloggers?\ likes?\ this:?
    | notify\ me\ of .*
    | (?: name | e-?mail | mail | website | url | comment ) \*? \s*
      (?: \( .* \) | \* )? : ? \*?
    | enter\ your\ comment\ here .*
    | your\ e-?mail\ address\ will\ not\ be\ published .*
    | required\ fields\ are\ marked .*
    | save\ my\ name,\ e-?mail .*
    | (?: post\ comment | submit\ comment | cancel | cancel\ reply | reply ) \.?
    | \(? address\ never\ made\ public \)?
    | like\ this: | like\ loading.* | loading\.* | like
    """,
    re.IGNORECASE | re.VERBOSE,
)


def announced(line: Line) -> int | None:
    """How many responses a line like `4 Responses to “Title”` promises."""
    match = _HEADER.fullmatch(" ".join(line.text.split()))
    if match is None:
        return None
    count = match["count"].lower()
    return int({"no": "0", "one": "1"}.get(count, count))


def opens_form(line: Line) -> bool:
    return bool(_FORM.fullmatch(" ".join(line.text.split())))


def margin_of(lines: list[Line]) -> int | None:
    """How far the numbers of a thread's comments are indented; None without any."""
    first = next((line for line in lines if _numbered(line)), None)
    return first.indent if first else None


def margins_behind(lines: list[Line]) -> list[int | None]:
    """Of each line what `margin_of` says of those below it. One walk."""
    found: int | None = None
    margins = []
    for line in reversed(lines):
        margins.append(found)
        if _numbered(line):
            found = line.indent
    return margins[::-1]


def without_form(lines: list[Line], name: str, warnings: list[Note]) -> list[Line]:
    """`lines` down to the reply form; what the form does not explain is reported."""
    start = next((at for at, line in enumerate(lines) if opens_form(line)), None)
    if start is None:
        return lines
    for line in lines[start + 1 :]:
        words = " ".join(line.text.split())
        if words and not _BOILERPLATE.fullmatch(words) and not opens_form(line):
            warnings.append(Note(_left_out("the reply form", words), name, line.number))
    return lines[:start]


def part(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a post and those of its thread, which begin with its header."""
    for at, line in enumerate(lines):
        if announced(line) is not None:
            return lines[:at], lines[at:]
    return lines, []


def read(
    lines: list[Line], post: PostRecord
) -> tuple[list[ResponseRecord], list[Note]]:
    """The responses of a thread, and what in it is doubtful.

    The first line is the header. A response opens with the number after the last
    one's, as far indented as the first; any other numbered list is text.
    """
    header, *rest = lines
    responses, doubts = [], []
    for number, block in _blocks(rest):
        if number is None:
            doubts += [
                Note(_left_out("the responses", line.text), post.origin, line.number)
                for line in block
                if not line.is_blank
            ]
        else:
            responses.append(_response(number, block, post))
    promised = announced(header)
    if promised != len(responses):
        sentence = f"{promised} responses are announced, {len(responses)} are here"
        doubts.append(Note(sentence, post.origin, header.number))
    return responses, doubts


def _blocks(lines: list[Line]) -> Iterator[tuple[int | None, list[Line]]]:
    """The lines of each response with its number, cut off their first line.

    What stands before the first one has no number.
    """
    number: int | None = None
    margin = margin_of(lines)
    block: list[Line] = []
    for line in lines:
        match = _numbered(line) if line.indent == margin else None
        if match and number in (None, int(match["number"]) - 1):
            yield number, block
            number, block = int(match["number"]), [Line(line.number, match["rest"])]
        else:
            block.append(line)
    yield number, block


def _numbered(line: Line) -> re.Match[str] | None:
    return _NUMBERED.fullmatch(line.text.strip())


def _response(number: int, block: list[Line], post: PostRecord) -> ResponseRecord:
    name, said_at, text = _partition(block)
    record = ResponseRecord(
        guid=f"{post.guid}#response-{number}",
        text=html.escape(text, quote=False),
        created_at=said_at or post.written_at + timedelta(minutes=number),
        date_is_estimated=said_at is None,
        author_name=name,
        origin=post.origin,
    )
    if _PINGBACK.fullmatch(text):
        _tell_ping(record, name, text)
    return record


def _partition(block: list[Line]) -> tuple[str, datetime | None, str]:
    """Name, date and text of a response; the name empty and the date None if lost."""
    head, *rest = block
    match = _NAME.fullmatch(head.text.strip())
    if match is None:
        said_at = capture_text.moment_of(head.text)
        first = "" if said_at else head.text.strip() + "\n"
        # The first line lost its margin with its number, the others have theirs.
        return "", said_at, (first + _below(rest)).strip()
    at = next((at for at, line in enumerate(rest) if not line.is_blank), 0)
    said_at = capture_text.moment_of(rest[at].text) if rest else None
    if said_at:
        rest = rest[at + 1 :]
    return match["name"], said_at, capture_text.joined(rest)


def _below(lines: list[Line]) -> str:
    is_apart = bool(lines) and lines[0].is_blank
    return ("\n" if is_apart else "") + capture_text.joined(lines)


def _tell_ping(record: ResponseRecord, name: str, text: str) -> None:
    """What a pingback's excerpt and its name line tell of the page behind it."""
    record.kind = "pingback"
    record.source_site, record.source_title = _site_and_title(name)
    if record.source_site:
        record.author_name = ""
    filed = _FILED.search(text)
    if filed:
        record.source_title = record.source_title or name
        record.author_name = filed["name"]
        names = (each.strip() for each in filed["categories"].split(","))
        record.categories = [each for each in names if each]


def _site_and_title(name: str) -> tuple[str, str]:
    """`Blog » Title` and `Title « Blog`, as WordPress wrote a page's title."""
    if "»" in name:
        site, _, title = name.partition("»")
        return site.strip(), _BLOG_ARCHIVE.sub("", title).strip()
    if "«" in name:
        title, _, site = name.rpartition("«")
        return site.strip(), title.strip()
    return "", ""


def _left_out(where: str, words: str) -> str:
    words = " ".join(words.split())
    shown = words if len(words) <= 60 else words[:59] + "…"
    return f"this is no part of {where} as far as is known, and left out: “{shown}”"
