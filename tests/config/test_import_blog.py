"""`import_blog`: a blog moves in, once, and can go on from there."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from blog import html_text
from blog.models import Post
from blog.publishing import save_post
from comments.models import Comment
from comments.posting import decide
from tests.builders import at, make_comment, make_post
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "captures"
DOCUMENTS = Path(settings.BASE_DIR).parent / "shared" / "documents"
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the originals are not on this machine"
)

TEA = """Tea

May 1, 2006

First words.

2 Responses to “Tea”

  1. Kim Says:

    Is 1 < 2, or <b>not</b>?

  2. Lee Says:

    See http://example.org/ for that.
"""


def run(source: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_blog", str(source), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def tea(tmp_path) -> Path:
    path = tmp_path / "tea.txt"
    path.write_text(TEA)
    return path


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


# --- What comes in ------------------------------------------------------------


def test_a_post_comes_in_public_at_its_old_address(tea, client):
    run(tea)
    post = Post.objects.get()
    assert post.is_public
    assert post.get_absolute_url() == "/2006/05/01/tea/"
    assert post.published_at == post.updated_at == at("2006-05-01 12:00")
    assert post.author is None
    assert post.comment_count == 2


def test_responses_come_in_approved_and_say_where_from(tea):
    run(tea)
    assert list(Comment.objects.values_list("author_name", "state", "reasons")) == [
        ("Kim", "approved", ["approved: imported from tea.txt"]),
        ("Lee", "approved", ["approved: imported from tea.txt"]),
    ]
    assert [*Comment.objects.faults()] == []


def test_what_looks_like_markup_in_a_comment_is_shown_as_it_stood(tea):
    run(tea)
    kim, lee = Comment.objects.all()
    assert kim.body_html == "<p>Is 1 &lt; 2, or &lt;b&gt;not&lt;/b&gt;?</p>"
    assert 'href="http://example.org/"' in lee.body_html


def test_somebody_can_be_named_as_the_author(tea, alice):
    run(tea, "--author", "alice")
    assert Post.objects.get().author == alice


def test_two_titles_that_make_one_slug_get_two_addresses(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("Tea!\n\nMay 1, 2006\n\nA.\n")
    make_post("Tea", published_at=at("2006-05-01 08:00"))
    run(path)
    assert Post.objects.get(title="Tea!").slug == "tea-2"


def test_importing_sends_nothing(tea, alice):
    run(tea, "--author", "alice")
    assert mail.outbox == []


def test_the_report_says_what_came_in_and_what_is_doubtful():
    said = run(SAMPLES)
    assert "Posts: 5 new" in said
    assert "Comments: 3 new" in said
    assert "Pingbacks: 1 new" in said
    assert "had no date: estimated 8 March 2007, 12:01" in said
    assert "no-bridge-for-the-island.txt:10: 5 responses are announced" in said


def test_a_dry_run_says_the_same_and_writes_nothing(tea, tmp_path):
    before = every_row()
    path = tmp_path / "dry.json"
    said = run(tea, "--dry-run", "--fixture", str(path))
    assert every_row() == before
    assert not path.exists()
    assert said == run(tea) + "Dry run: nothing was written.\n"


# --- Again --------------------------------------------------------------------


def test_importing_again_changes_nothing_at_all():
    run(SAMPLES)
    before = every_row()
    said = run(SAMPLES)
    assert every_row() == before
    assert "Posts: 5 already here" in said
    assert "Comments: 3 already here" in said


def test_two_posts_of_one_title_and_day_both_come_in_once(tmp_path):
    links = "Links\n\nMay 1, 2006\n\n"
    path = tmp_path / "page.txt"
    path.write_text(f"{links}Of the evening.\n\n{links}Of a morning.")
    assert "Posts: 2 new" in run(path)
    assert {post.slug for post in Post.objects.all()} == {"links", "links-2"}
    before = every_row()
    assert "Posts: 2 already here" in run(path)
    assert every_row() == before


def test_a_page_alone_and_then_its_folder_change_nothing(tmp_path, tea):
    archive = tmp_path / "archive.txt"
    archive.write_text("New\n\nMay 1, 2006\n\nX.\n\nTea\n\nMay 1, 2006\n\nFirst words.")
    run(tmp_path)
    before = every_row()
    run(tea)
    run(archive)
    run(tmp_path)
    assert every_row() == before


def test_a_source_that_was_corrected_is_followed(tea):
    run(tea)
    rewrite(tea, "First words.", "Better words.")
    rewrite(tea, "See http", "Look at http")
    said = run(tea)
    assert "Posts: 1 updated" in said
    assert "Comments: 1 already here, 1 updated" in said
    post = Post.objects.get()
    assert post.body_html == "<p>Better words.</p>"
    assert post.comments.last().body.startswith("Look at")


def test_a_post_that_was_edited_here_is_left_alone(tea):
    run(tea)
    post = Post.objects.get()
    post.body = "<p>My own words.</p>"
    save_post(post)
    rewrite(tea, "First words.", "Better words.")
    assert "Posts: 1 left as it is: edited here" in run(tea)
    post.refresh_from_db()
    assert post.body == "<p>My own words.</p>"


def test_a_comment_that_was_edited_here_is_left_alone(tea):
    run(tea)
    kim = Comment.objects.get(author_name="Kim")
    kim.body, kim.edited_at = "Edited.", timezone.now()
    kim.save()
    assert "1 left as it is: edited here" in run(tea)
    kim.refresh_from_db()
    assert kim.body == "Edited."


def test_moderation_and_replies_outlive_an_import(tea):
    run(tea)
    kim, lee = Comment.objects.order_by("pk")
    make_comment(kim.post, parent=kim, body="A visitor's reply.")
    decide([lee], Comment.State.TRASH, "trash: not wanted")
    rewrite(tea, "See http", "Look at http")
    run(tea)
    lee.refresh_from_db()
    assert (lee.state, lee.reasons) == ("trash", ["trash: not wanted"])
    assert Post.objects.get().comment_count == 2
    assert kim.replies.count() == 1
    assert [*Comment.objects.faults()] == []


def test_stars_put_in_later_part_what_ran_on(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("Tea\n\nMay 1, 2006\n\nOne.\n\nAnother post.")
    run(path)
    rewrite(path, "Another", "* * *\n\nAnother")
    assert "Posts: 1 new, 1 updated" in run(path)
    bodies = Post.objects.newest_first().values_list("body", flat=True)
    assert list(bodies) == ["<p>One.</p>", "<p>Another post.</p>"]


def test_what_a_source_lost_takes_nothing_away(tea):
    rewrite(tea, "Kim Says:", "Hello,")
    run(tea)
    Comment.objects.filter(author_name="").update(author_name="Kim")
    assert "Comments: 2 already here" in run(tea)
    assert Comment.objects.filter(author_name="Kim").exists()


# --- What is refused ----------------------------------------------------------


def test_one_refused_file_stops_the_whole_folder(tea, tmp_path):
    (tmp_path / "broken.txt").write_bytes(b"\0")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(CommandError) as refused:
        run(tmp_path)
    assert "broken.txt: it holds NUL bytes" in str(refused.value)
    assert "latin.txt:1: it is not UTF-8" in str(refused.value)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--author", "nobody"], "“nobody”"),
        (["--fixture", "no/where.json"], "no/where"),
        (["--report", "no/where.json"], "no/where"),
        (["--check-urls", "no/list"], "no/list"),
    ],
)
def test_options_that_lead_nowhere_are_refused(tea, options, reason):
    with pytest.raises(CommandError, match=reason):
        run(tea, *options)
    assert not Post.objects.exists()


# --- The originals ------------------------------------------------------------


@needs_documents
def test_the_originals_are_shown_word_for_word():
    run(DOCUMENTS)
    shown = []
    for post in Post.objects.all():
        shown += [post.title, html_text.text_of(post.body_html)]
        shown += [html_text.text_of(each.body_html) for each in post.comments.all()]
    words = set(" ".join(shown).split())
    for path in DOCUMENTS.glob("*.txt"):
        page = path.read_text().split("Leave a Reply")[0]
        paragraphs = [line for line in page.splitlines() if len(line) > 60]
        assert paragraphs
        for paragraph in paragraphs:
            assert set(paragraph.replace("3. [", "[").split()) <= words


@needs_documents
def test_the_originals_come_in_over_our_own_telling_of_them():
    call_command("loaddata", "documents", verbosity=0)
    said = run(DOCUMENTS)
    assert "Posts: 1 new, 3 updated" in said
    assert Comment.objects.count() == 3
    assert [*Comment.objects.faults()] == []
    before = every_row()
    run(DOCUMENTS)
    assert every_row() == before
