"""Reads plain-text captures of blog pages: what a browser shows, saved as text.

A page is a run of posts, newest first: title, date, text, and on a post's own
page the conversation. docs/importing.md says what is recognised and what is not.
"""

import hashlib
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from blog import html_text
from blog.slugs import slug_from
from blog.transfer import capture_text, capture_threads
from blog.transfer.capture_text import Line
from blog.transfer.records import BlogRecord, Note, PostRecord, SourceRefused

# Longer than this and standing above a date it is a paragraph, not a title.
MAX_TITLE_CHARACTERS = 200
GUID_PREFIX = "urn:quillback:capture:"

_NOON = time(12)
_MINUTE = timedelta(minutes=1)
_CUT_END = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?$")
_PARTING = re.compile(r"\*\s?\*\s?\*")


@dataclass
class _Draft:
    """A post as it stands on the page, before its date is sure."""

    title: str = ""
    day: date | None = None
    body: list[Line] = field(default_factory=list)
    thread: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return capture_text.joined(self.body)

    @property
    def guid(self) -> str:
        if self.title and self.day:
            return capture_guid(self.title, self.day)
        words = self.text or capture_text.joined(self.thread)
        lead = " ".join(words.split())[:200]
        return GUID_PREFIX + _digest(lead)


def recognises(source: Path) -> bool:
    """Plain text is what no other reader claims, so any source may be a capture."""
    return source.is_file() or any(source.glob("*.txt"))


def read(source: Path) -> BlogRecord:
    """One capture, or all `*.txt` of a folder in the order of their names.

    Raises SourceRefused, with a note for each file that cannot be read.
    """
    pages, refusals = [], []
    for path in capture_text.files(source):
        try:
            pages.append(read_page(capture_text.read(path), path.name))
        except SourceRefused as refused:
            refusals += refused.notes
    if refusals:
        raise SourceRefused(refusals)
    return _merged(pages)


def read_page(text: str, name: str) -> BlogRecord:
    """The posts of one captured page. Raises SourceRefused where there are none."""
    lines = capture_text.lines_of(text)
    page = BlogRecord()
    drafts = list(_drafts(lines, name, page.warnings))
    if not any(draft.day for draft in drafts):
        sentence = (
            "no line with a title followed by a date such as "
            "“November 30, 2006” was found"
        )
        raise SourceRefused([Note(sentence, name)])
    times = spread([draft.day for draft in drafts])
    page.posts = [
        _record(draft, published_at, name, page.warnings)
        for draft, published_at in zip(drafts, times, strict=True)
    ]
    return page


def capture_guid(title: str, day: date) -> str:
    """The name of a titled post, the same on every page that shows it."""
    # A title of signs alone gives no slug.
    name = slug_from(title) or _digest(title)
    return f"{GUID_PREFIX}{name}:{day.isoformat()}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def spread(days: list[date | None]) -> list[datetime]:
    """A time for each post of a page, newest first, that keeps their order.

    At least one day is known. Known days mean noon in the blog's time zone, a
    minute later for each post of the day below it. What has no day stands evenly
    between its neighbours; above the first and below the last by minutes.
    """
    known = _noons(days)
    places = sorted(known)
    return [
        known[place] if place in known else _between(place, places, known)
        for place in range(len(days))
    ]


def _noons(days: list[date | None]) -> dict[int, datetime]:
    """The time of each post whose day is known, by its place on the page."""
    below: Counter[date] = Counter()
    times = {}
    for place, day in reversed(list(enumerate(days))):
        if day:
            noon = datetime.combine(day, _NOON, timezone.get_default_timezone())
            # In UTC, where every minute is one minute long.
            times[place] = noon.astimezone(UTC) + _MINUTE * below[day]
            below[day] += 1
    return times


def _between(place: int, places: list[int], known: dict[int, datetime]) -> datetime:
    after = bisect(places, place)
    if after == 0:
        return known[places[0]] + _MINUTE * (places[0] - place)
    if after == len(places):
        return known[places[-1]] - _MINUTE * (place - places[-1])
    newer, older = places[after - 1], places[after]
    step = (known[newer] - known[older]) / (older - newer)
    return known[older] + step * (older - place)


def _drafts(lines: list[Line], name: str, warnings: list[Note]) -> Iterator[_Draft]:
    """What stands between two titles: one post, or several parted by `* * *`."""
    headings = list(_headings(lines, name, warnings))
    if not headings or headings[0][0] > 0:
        end = headings[0][0] if headings else len(lines)
        yield from _parts(_Draft(), lines[:end], name, warnings)
    ends = [title for title, _ in headings[1:]] + [len(lines)]
    for (title, day), end in zip(headings, ends, strict=False):
        draft = _Draft(
            " ".join(lines[title].text.split()), capture_text.day_of(lines[day])
        )
        yield from _parts(draft, lines[day + 1 : end], name, warnings)


def _headings(
    lines: list[Line], name: str, warnings: list[Note]
) -> Iterator[tuple[int, int]]:
    """Where a title stands with its date: two places in `lines`.

    Inside a thread a heading must stand left of the comments' numbers, or a
    comment that quotes a title and a date would be taken for a post.
    """
    margins = capture_threads.margins_behind(lines)
    margin: int | None = None
    start = 0
    for place, line in enumerate(lines):
        if capture_threads.announced(line) is not None:
            margin = margins[place]
        elif capture_threads.opens_form(line):
            margin = None
        if capture_text.day_of(line) is None:
            continue
        title = _title_above(lines, start, place)
        is_outside = margin is None or line.indent < margin
        if title is None or not is_outside or not _may_be_title(lines[title], margin):
            sentence = "a date stands alone, without a title above: kept as text"
            warnings.append(Note(sentence, name, line.number))
            continue
        margin, start = None, place + 1
        yield title, place


def _title_above(lines: list[Line], start: int, place: int) -> int | None:
    """The nearest line above `place` that is not blank, if it stands alone."""
    above = reversed(range(start, place))
    title = next((at for at in above if not lines[at].is_blank), None)
    if title is None or (title > start and not lines[title - 1].is_blank):
        return None
    return title


def _may_be_title(line: Line, margin: int | None) -> bool:
    text = line.text.strip()
    return (
        len(text) <= MAX_TITLE_CHARACTERS
        and not _PARTING.fullmatch(text)
        and capture_text.day_of(line) is None
        and capture_threads.announced(line) is None
        and not capture_threads.opens_form(line)
        and (margin is None or line.indent < margin)
    )


def _parts(
    draft: _Draft, lines: list[Line], name: str, warnings: list[Note]
) -> Iterator[_Draft]:
    """`draft` with its text and thread, then what follows after each `* * *`.

    The conversation and the form below belong to the last of them.
    """
    lines = capture_threads.without_form(lines, name, warnings)
    body, thread = capture_threads.part(lines)
    parts: list[list[Line]] = [[]]
    for line in body:
        if _PARTING.fullmatch(line.text.strip()):
            parts.append([])
        else:
            parts[-1].append(line)
    drafts = [replace(draft, body=parts[0])]
    drafts += [_Draft(body=part) for part in parts[1:]]
    drafts = [each for each in drafts if each.title or each.text]
    if thread and not drafts:
        drafts = [draft]  # a conversation whose post was lost
    if thread:
        drafts[-1].thread = thread
    yield from drafts


def _record(
    draft: _Draft, published_at: datetime, name: str, warnings: list[Note]
) -> PostRecord:
    record = PostRecord(
        guid=draft.guid,
        title=draft.title,
        body=html_text.plain_to_html(draft.text),
        published_at=published_at,
        date_is_estimated=draft.day is None,
        time_is_known=False,
        origin=name,
    )
    if draft.thread:
        responses, doubts = capture_threads.read(draft.thread, record)
        record.responses = responses
        warnings += doubts
    return record


def _merged(pages: list[BlogRecord]) -> BlogRecord:
    """All pages as one blog; a post that several pages show comes once."""
    whole = BlogRecord()
    by_guid: dict[str, list[PostRecord]] = {}
    for page in pages:
        whole.warnings += page.warnings
        for post in page.posts:
            namesakes = by_guid.setdefault(post.guid, [])
            at = next(
                (at for at, each in enumerate(namesakes) if _is_same(each, post)), None
            )
            if at is None:
                namesakes.append(post)
            else:
                whole.warnings.append(_twin_note(namesakes[at], post))
                namesakes[at] = _merge(namesakes[at], post)
    whole.posts = [post for posts in by_guid.values() for post in _told_apart(posts)]
    return whole


def _is_same(one: PostRecord, other: PostRecord) -> bool:
    """Whether one text holds the other; a page may show only how a post begins."""
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    return shorter in longer


def _words(post: PostRecord) -> str:
    """Its text as far as the page shows it, without what says that it is cut."""
    return _CUT_END.sub("", " ".join(html_text.text_of(post.body).split()))


def _told_apart(posts: list[PostRecord]) -> list[PostRecord]:
    """Different posts of one title and day: all but one get a number in their guid.

    The order of their texts decides which, and not that of the pages: a page more
    or less leaves every post its name.
    """
    ranks = {id(post): at for at, post in enumerate(sorted(posts, key=_words), start=1)}
    return [_numbered(post, ranks[id(post)]) for post in posts]


def _numbered(post: PostRecord, number: int) -> PostRecord:
    if number == 1:
        return post
    guid = f"{post.guid}:{number}"
    responses = [
        replace(response, guid=response.guid.replace(post.guid, guid, 1))
        for response in post.responses
    ]
    return replace(post, guid=guid, responses=responses)


def _merge(one: PostRecord, other: PostRecord) -> PostRecord:
    """The longer text with the longer thread."""
    longer = max(one, other, key=lambda post: len(_words(post)))
    talk = max(one, other, key=lambda post: len(post.responses))
    # On an archive page minutes keep the order of a day.
    published_at = max(one.written_at, other.written_at)
    moved = published_at - talk.written_at
    responses = [
        replace(response, created_at=response.created_at + moved)
        if response.date_is_estimated
        else response
        for response in talk.responses
    ]
    return replace(longer, published_at=published_at, responses=responses)


def _twin_note(one: PostRecord, other: PostRecord) -> Note:
    name = one.title or html_text.first_words(one.body, 8, "…")
    place = "twice in it" if one.origin == other.origin else f"in {one.origin} too"
    sentence = f"“{name}” is {place}: the longer text and the thread are kept"
    return Note(sentence, other.origin)
