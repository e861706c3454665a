"""What was read in another process is stored here, in whichever database there is.

That process begins as a twin of this one, with the connection this one has: who asks by
it there, or ends it, takes it from here.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Post, User
from comments.models import Comment
from tests import many_posts
from tests.many_posts import POSTS, RESPONSES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return many_posts.export(tmp_path)


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
