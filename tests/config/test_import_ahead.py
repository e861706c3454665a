"""What was read in another process is stored here, in whichever database there is.

That process begins as a twin of this one, with the connection this one has: who asks by
it there, or ends it, takes it from here.
"""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Post, User
from blog.transfer import ahead, wxr_write
from blog.transfer.records import BlogRecord, PostRecord, ResponseRecord, UserRecord
from comments.models import Comment

pytestmark = pytest.mark.django_db(transaction=True)

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


@pytest.fixture
def export(tmp_path: Path) -> Path:
    blog = BlogRecord(title="A log", url="https://log.example")
    blog.users = [UserRecord("mara", 1, display_name="Mara Quay")]
    blog.posts = map(a_post, range(1, POSTS + 1))
    path = tmp_path / "export.xml"
    path.write_text("".join(wxr_write.written(blog)))
    return path


def run(source: Path) -> str:
    out = StringIO()
    call_command("import_blog", source, media_later=True, stdout=out)
    return out.getvalue()


def who_answers() -> object:
    """Of PostgreSQL the process at the other end of our connection; else it itself."""
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        return connection.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()


def test_a_large_blog_moves_in_by_the_connection_there_was(export: Path):
    before = who_answers()
    run(export)
    assert who_answers() == before
    assert Post.objects.count() == POSTS
    assert Comment.objects.count() == POSTS * RESPONSES
    assert set(Post.objects.values_list("comment_count", flat=True)) == {RESPONSES}
    mara = User.objects.get(username="mara")
    answers = Comment.objects.filter(author=mara, parent__author_name="Ole", level=1)
    assert answers.count() == POSTS
    assert not list(Comment.objects.faults())
    post = Post.objects.get(slug="entry-1")
    assert Post.objects.get(slug="entry-41").get_absolute_url() in post.body_html
    assert [tag.name for tag in post.tags.all()] == ["tag-1"]


def test_the_same_once_more_finds_all_of_it_here(export: Path):
    run(export)
    texts = dict(Post.objects.values_list("guid", "body_html"))
    with CaptureQueriesContext(connection) as asked:
        told = run(export)
    assert f"{POSTS} already here" in told
    assert f"{POSTS * RESPONSES} already here" in told
    assert not [one for one in asked if 'INSERT INTO "comments_comment"' in one["sql"]]
    assert dict(Post.objects.values_list("guid", "body_html")) == texts
