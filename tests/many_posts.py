"""An export of so many posts that another process reads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from blog.transfer import ahead, wxr_write
from blog.transfer.records import BlogRecord, PostRecord, ResponseRecord, UserRecord

POSTS = ahead.MIN_POSTS + 5
RESPONSES = 2
BEGINNING = datetime(2009, 1, 1, tzinfo=UTC)


def a_post(number: int) -> PostRecord:
    guid = f"https://log.example/?p={number}"
    moment = BEGINNING + timedelta(hours=number)
    first = ResponseRecord(f"{guid}#1", "Is it so?", moment, author_name="Ole")
    second = ResponseRecord(
        f"{guid}#2", "It is.", moment, author="mara", author_name="Mara Quay"
    )
    second.parent = first.guid
    return PostRecord(
        guid=guid,
        title=f"Entry {number}",
        body=f'<p>As <a href="https://log.example/?p={number + 40}">later</a>.</p>',
        published_at=moment,
        slug=f"entry-{number}",
        author="mara",
        number=number,
        tags=[f"tag-{number}"],
        responses=[first, second],
    )


def export(folder: Path) -> Path:
    """Written there, with RESPONSES below each of POSTS posts."""
    blog = BlogRecord(title="A log", url="https://log.example")
    blog.users = [UserRecord("mara", 1, display_name="Mara Quay")]
    blog.posts = map(a_post, range(1, POSTS + 1))
    path = folder / "export.xml"
    path.write_text("".join(wxr_write.written(blog)))
    return path
