"""Records into a blog, directly and by way of a fixture: the same blog."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from blog.models import Category, Post, Tag
from blog.transfer import fixture
from blog.transfer.load import Loader
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    Fate,
    PostRecord,
    Report,
    ResponseRecord,
    TagRecord,
)
from blog.transfer.terms import Terms
from comments.incoming import fixture_rows, said_below
from comments.models import Comment
from comments.transfer import load_responses
from tests.builders import at
from tests.config.tables import blog_without_keys, every_row

pytestmark = pytest.mark.django_db

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "captures"


def run(source: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_blog", str(source), *options, stdout=out)
    return out.getvalue()


# --- As a fixture -------------------------------------------------------------


def test_a_fixture_gives_the_same_blog_as_the_import(tmp_path, alice):
    path = tmp_path / "blog.json"
    said = run(SAMPLES, "--author", "alice", "--fixture", str(path))
    assert "nothing was imported" in said
    assert not Post.objects.exists()

    call_command("loaddata", str(path), verbosity=0)
    loaded = blog_without_keys()
    again = every_row()
    call_command("loaddata", str(path), verbosity=0)
    assert every_row() == again

    Post.objects.all().delete()
    run(SAMPLES, "--author", "alice")
    assert blog_without_keys() == loaded


def test_a_fixture_names_no_key_and_no_number_of_a_tree(tmp_path):
    path = tmp_path / "blog.json"
    run(SAMPLES, "--fixture", str(path))
    text = path.read_text()
    assert not any(f'"{name}"' in text for name in ("pk", "lft", "tree_id", "path"))
    assert "—" in text


# --- Records that other readers will make -------------------------------------


def rich_blog() -> BlogRecord:
    """What a capture cannot tell and an export can."""

    def said(number: int, parent: str | None = None) -> ResponseRecord:
        moment = at(f"2006-05-0{number} 12:00")
        guid = f"tea#{number}"
        return ResponseRecord(guid, f"Number {number}", moment, parent=parent)

    tea = PostRecord(
        guid="tea",
        title="Tea",
        slug="feed",  # taken by the post's own feed
        body="<p>Text.</p>",
        excerpt="In short.",
        published_at=at("2006-05-01 08:30"),
        updated_at=at("2006-05-02 08:30"),
        author="alice",
        categories=["asia", "asia-2"],
        tags=["c-plus-plus", "c-plus-plus-2", "tea"],
        responses=[said(1), said(2, "tea#1"), said(3, "tea#2"), said(4, "nowhere")],
    )
    return BlogRecord(
        posts=[tea],
        categories=[
            CategoryRecord("asia-2", "Asia", parent="travel"),  # before its parent
            CategoryRecord("news", "News"),
            CategoryRecord("asia", "Asia", parent="news"),
            CategoryRecord("travel", "Travel"),
        ],
        tags=[
            TagRecord("c-plus-plus", "C++"),
            TagRecord("c-plus-plus-2", "c++"),
            TagRecord("tea", "Tea"),
        ],
    )


def load(blog: BlogRecord) -> Report:
    report = Report()
    loader = Loader(Terms(blog, report), report)
    stored = loader.load(blog.posts)
    said = [
        (stored[one.guid].pk, each) for one in blog.posts for each in said_below(one)
    ]
    load_responses(said, report)
    return report


def test_an_export_brings_filing_tags_and_who_answers_whom(alice):
    load(rich_blog())
    post = Post.objects.get()
    assert (post.author, post.excerpt, post.slug) == (alice, "In short.", "feed-2")
    assert post.updated_at == at("2006-05-02 08:30")
    paths = Category.objects.in_tree_order().values_list("path", flat=True)
    assert list(paths) == ["news", "news/asia", "travel", "travel/asia-2"]
    assert sorted(post.tags.names()) == ["C++", "Tea"]
    levels = Comment.objects.order_by("guid").values_list("level", flat=True)
    assert list(levels) == [0, 1, 2, 0]
    assert [*Comment.objects.faults(), *Category.objects.faults()] == []


def test_loading_an_export_again_changes_nothing(alice):
    load(rich_blog())
    before = every_row()
    report = load(rich_blog())
    assert every_row() == before
    assert report.posts == {Fate.SAME: 1}
    assert report.responses == {"comment": {Fate.SAME: 4}}


def test_an_export_gives_the_same_blog_by_way_of_a_fixture(alice, tmp_path):
    path = tmp_path / "rich.json"
    blog = rich_blog()
    rows = [*fixture.rows(blog, blog.posts), *fixture_rows(blog.posts)]
    for row in rows:
        if row["fields"].get("parent") == ["nowhere"]:
            row["fields"]["parent"] = None  # loaddata does not guess
    path.write_text(fixture.as_json(rows))
    call_command("loaddata", str(path), verbosity=0)
    loaded = blog_without_keys()

    for model in (Post, Category, Tag):
        model.objects.all().delete()
    load(rich_blog())
    assert blog_without_keys() == loaded


def test_a_login_nobody_has_leaves_the_byline_empty_and_says_so():
    report = load(rich_blog())
    assert Post.objects.get().author is None
    assert "“alice”" in str(report.warnings[0])
