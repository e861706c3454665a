"""`import_blog` once more, after both blogs went on: here, and where it comes from."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from blog import publishing, revisions
from blog.models import Post
from blog.publishing import save_post
from comments.models import Comment
from tests.builders import make_comment
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
DRAFT = "https://harbour.example/?p=60"
ISLAND = "https://island.example/ferries/"


@pytest.fixture
def export(tmp_path) -> Path:
    path = tmp_path / "export.xml"
    path.write_bytes(SAMPLE.read_bytes())
    return path


def run(source: Path) -> str:
    out = StringIO()
    call_command("import_blog", str(source), "--media-later", stdout=out)
    return out.getvalue()


def rewrite(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def edit(guid: str) -> None:
    post = Post.objects.get(guid=guid)
    post.body = "<p>My own words.</p>"
    save_post(post)


def test_a_draft_without_any_date_that_was_edited_here_is_left_alone(export):
    run(export)
    edit(DRAFT)
    assert "1 left as it is: edited here" in run(export)
    assert Post.objects.get(guid=DRAFT).body == "<p>My own words.</p>"


def test_a_draft_without_any_date_follows_its_source_until_then(export):
    run(export)
    rewrite(export, ("Half a", "Three quarters of a"))
    assert "1 updated" in run(export)
    assert "Three quarters" in Post.objects.get(guid=DRAFT).body


def test_what_is_scheduled_and_was_edited_here_is_left_alone(export):
    rewrite(
        export,
        ("2010-01-02 10:00", "2930-01-02 10:00"),
        ("2010-01-02 09", "2930-01-02 09"),
    )
    run(export)
    before = every_row()
    run(export)
    assert every_row() == before
    piers = "https://harbour.example/?page_id=51"
    edit(piers)
    assert "1 left as it is: edited here" in run(export)
    assert Post.objects.get(guid=piers).body == "<p>My own words.</p>"


def test_what_was_withdrawn_or_published_there_meanwhile_is_so_here(export):
    run(export)
    about = "https://harbour.example/?page_id=50"
    text = export.read_text()
    begin = text.index("<title>About</title>")
    page = text[begin:].replace("<wp:status>publish<", "<wp:status>private<", 1)
    text = text[:begin] + page
    begin = text.index("<title>Not ready")
    draft = text[begin:].replace("<wp:status>draft<", "<wp:status>publish<", 1)
    draft = draft.replace("0000-00-00 00:00:00", "2010-02-03 10:00:00", 2)
    export.write_text(text[:begin] + draft)
    assert "2 updated" in run(export)
    assert Post.objects.get(guid=about).status == "private"
    published = Post.objects.get(guid=DRAFT)
    assert published.is_public
    assert published.public_path.startswith("/2010/02/03/")
    before = every_row()
    run(export)
    assert every_row() == before


def test_what_was_thrown_away_here_stays_thrown_away(export):
    run(export)
    about = Post.objects.get(guid="https://harbour.example/?page_id=50")
    publishing.trash([about])
    assert "1 left as it is: edited here" in run(export)
    about.refresh_from_db()
    assert about.status == "trash"


def test_what_was_to_be_published_nobody_knows_when_is_a_draft(export):
    rewrite(export, ("<wp:status>draft<", "<wp:status>future<"))
    run(export)
    assert Post.objects.get(guid=DRAFT).status == "draft"


def test_a_ping_that_came_here_too_is_no_obstacle(export):
    rewrite(export, (ISLAND, ""))
    run(export)
    boat = Comment.objects.get(kind="pingback").post
    make_comment(boat, kind="pingback", source_url=ISLAND)
    export.write_bytes(SAMPLE.read_bytes())
    assert "Pingbacks: 1 already here" in run(export)
    assert Comment.objects.get(source_url=ISLAND).guid != f"{boat.guid}#comment-10"
    assert Comment.objects.filter(kind="pingback").count() == 2


def test_a_text_at_the_path_of_another_one_loses_no_word_of_it(tmp_path):
    for name, day in (("one", "2006-11-30"), ("two", "2007-11-30")):
        folder = tmp_path / name
        folder.mkdir()
        head = f"---\ntitle: Hello {name}\ndate: {day}\n---\n"
        (folder / "hello.md").write_text(f"{head}\nWords of {name}.\n")
    run(tmp_path / "one")
    said = run(tmp_path / "two")
    assert "“Hello two” took the place of “Hello one”" in said
    post = Post.objects.get()
    assert post.title == "Hello two"
    (kept,) = revisions.of(post.pk)
    assert "Words of one." in kept.field_dict["body"]
    assert "took the place" not in run(tmp_path / "two")
