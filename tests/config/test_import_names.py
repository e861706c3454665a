"""What names nobody could store or tell apart become: said, and nothing of them lost."""

from html import escape
from io import StringIO

import pytest
from django.core.management import call_command

from blog.models import Post, User
from blog.transfer import wxr_write
from blog.transfer.records import BlogRecord, PostRecord, UserRecord
from tests.builders import at
from tests.config.tables import every_row
from tests.old_blog import OldBlog

pytestmark = pytest.mark.django_db
LONG = "A title & its <end> " + "that goes on " * 90


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def long_title(tmp_path):
    """An export with one post, whose title no column holds."""
    blog = BlogRecord(title="Harbour", url="https://harbour.example")
    body, day = "<p>Text.</p>", at("2009-04-03 12:00")
    blog.posts = [PostRecord("urn:1", LONG, body, day, slug="long", number=1)]
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)))
    return path


def test_the_whole_of_a_title_that_is_cut_stands_above_the_text(long_title):
    said = run("import_blog", long_title)
    post = Post.objects.get()
    assert post.title == f"{LONG[:999].rstrip()}…"
    assert post.body == f"<p>{escape(LONG, quote=False)}</p>\n<p>Text.</p>"
    assert f"a title of {len(LONG):,} characters is cut" in said
    rows = every_row()
    run("import_blog", long_title)
    assert every_row() == rows


def test_a_fixture_of_it_says_the_same(long_title, tmp_path):
    run("import_blog", long_title, "--fixture", tmp_path / "blog.json")
    run("loaddata", tmp_path / "blog.json")
    post = Post.objects.get()
    assert len(post.title) <= 1000
    assert escape(LONG, quote=False) in post.body


def written(tmp_path, *logins: str, by: str):
    blog = BlogRecord(title="Harbour", url="https://harbour.example")
    blog.users = [UserRecord(login, n) for n, login in enumerate(logins, start=1)]
    post = PostRecord("urn:1", "One", "", at("2009-04-03 12:00"), slug="one", author=by)
    blog.posts = [post]
    path = tmp_path / "blog.xml"
    path.write_text("".join(wxr_write.written(blog)))
    return path


def test_an_author_spelt_in_another_case_than_in_the_list_is_the_same_one(tmp_path):
    old = OldBlog()
    old.post(41, "Text")
    path = old.write(tmp_path / "old.xml")
    path.write_text(path.read_text().replace("<dc:creator>mara", "<dc:creator>Mara"))
    run("import_blog", path, "--media-later")
    assert Post.objects.get().author == User.objects.get()
    assert User.objects.get().username == "mara"


def test_who_is_here_in_another_case_is_the_same_one_and_that_is_said(alice, tmp_path):
    said = run("import_blog", written(tmp_path, "ALICE", by="ALICE"))
    assert Post.objects.get().author == alice
    assert "“ALICE” is “alice” here: only the case differs" in said
    assert User.objects.count() == 1


def test_two_the_source_tells_apart_stay_two_and_that_is_said(tmp_path):
    said = run("import_blog", written(tmp_path, "ruth", "Ruth", by="Ruth"))
    assert Post.objects.get().author.username == "Ruth"
    assert User.objects.count() == 2
    assert "“Ruth” has a twin whose login differs by its case alone" in said
