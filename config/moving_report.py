"""What whoever moves a blog is told: what came in, what is doubtful."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from blog import html_text
from blog.transfer.records import BlogRecord, Census, PostRecord, Report

# Of a blog that is gone all are missing.
MAX_FILES_NAMED = 20


def sentences(blog: BlogRecord, report: Report) -> Iterator[str]:
    yield f"In the source: {_held(blog, report.census)}"
    yield _counted("post", report.posts)
    for kind in sorted(report.responses):
        yield _counted(kind, report.responses[kind])
    if report.made.total():
        made = ", ".join(
            f"{count} {_plural(noun, count)}"
            for noun, count in sorted(report.made.items())
            if count
        )
        yield f"Made for them: {made}"
    if report.renumbered:
        yield renumbered(report.renumbered)
    if report.files:
        yield _counted("file", report.files)
    for address, reason in report.missing_files[:MAX_FILES_NAMED]:
        yield f"Missing: {address} ({reason})"
    if (more := len(report.missing_files) - MAX_FILES_NAMED) > 0:
        yield f"… and {more} more; all are in the report with --report"
    yield from report.doubts
    yield from map(str, [*blog.warnings, *report.warnings])


def renumbered(count: int) -> str:
    """Of comments whose number is another one's here."""
    if count == 1:
        return (
            "1 comment could not keep its number, which another one has here: a link "
            "to it (`#comment-12`) leads to the top of its page"
        )
    return (
        f"{count} comments could not keep their numbers, which others have here: links "
        "to them (`#comment-12`) lead to the top of their pages"
    )


def _held(blog: BlogRecord, census: Census) -> str:
    """`2 posts (1 draft, 1 published), 3 comments (3 approved), 1 tag`"""
    parts = [*_by_kind(census.posts), *_by_kind(census.responses)]
    parts += [
        f"{count} {_plural(noun, count)}"
        for noun, count in _others(blog).items()
        if count
    ]
    if census.levels > 1:
        parts.append(f"threads {census.levels} deep")
    return ", ".join(parts) or "nothing"


def _others(blog: BlogRecord) -> dict[str, int]:
    return {
        "category": len(blog.categories),
        "tag": len(blog.tags),
        "file": len(blog.media),
        "writer": len(blog.users),
    }


def _by_kind(counted: Counter[tuple[str, str]]) -> Iterator[str]:
    for kind, of_state in _nested(counted).items():
        count = sum(of_state.values())
        states = ", ".join(f"{number} {state}" for state, number in of_state.items())
        yield f"{count} {_plural(kind, count)} ({states})"


def _nested(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    # Posts before pages, comments before pings.
    order = ["post", "page", "comment"]
    for kind, state in sorted(
        counted, key=lambda one: (order.index(one[0]) if one[0] in order else 9, one)
    ):
        found.setdefault(kind, {})[state] = counted[kind, state]
    return found


def told(blog: BlogRecord, report: Report) -> dict[str, Any]:
    """The same for JSON."""
    notes = [*blog.warnings, *report.warnings]
    return {
        "source": {
            "posts": _nested(report.census.posts),
            "responses": _nested(report.census.responses),
            "deepest_thread": report.census.levels,
            **{_plural(noun, 2): count for noun, count in _others(blog).items()},
        },
        "posts": report.posts,
        "responses": report.responses,
        "made": report.made,
        "renumbered": report.renumbered,
        "files": report.files,
        "missing_files": [
            {"address": address, "reason": reason}
            for address, reason in report.missing_files
        ],
        "estimated": report.doubts,
        "notes": [asdict(note) for note in notes],
        "seconds": report.seconds,
    }


def doubts(posts: Iterable[PostRecord]) -> Iterator[str]:
    """What had to be estimated of these."""
    for post in posts:
        if post.date_is_estimated and post.published_at:
            local = timezone.localtime(post.published_at)
            day = f"{local.day} {local:%B %Y, %H:%M}"
            yield f"{post.origin}: “{_headline(post)}” had no date: estimated {day}"
        guessed = sum(response.date_is_estimated for response in post.responses)
        if guessed:
            noun = "response" if guessed == 1 else "responses"
            yield (
                f"{post.origin}: {guessed} {noun} to “{_headline(post)}” had no date: "
                "estimated, in their order"
            )


def _headline(post: PostRecord) -> str:
    return post.title or html_text.first_words(post.body, 8, "…")


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def _counted(noun: str, fates: dict) -> str:
    counts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    return f"{noun.capitalize()}s: {counts or 'none'}"
