"""`import_blog EXPORT`: a WordPress blog moves in and keeps its addresses."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command

from blog.models import Category, Page, Post, Redirect, User
from comments.models import Comment, OutgoingPing
from tests.builders import make_comment, make_post
from tests.config.tables import every_row

pytestmark = pytest.mark.django_db

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
EXPORTS = Path(settings.BASE_DIR).parent / "shared" / "wordpress-exports"
needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the sample exports are not on this machine"
)


def run(source: Path, *options: object) -> str:
    out = StringIO()
    # Nobody is asked for the files meanwhile: test_import_fetching.py does that.
    options = ("--media-later", *map(str, options))
    call_command("import_blog", str(source), *options, stdout=out)
    return out.getvalue()


def test_the_report_says_what_came_in():
    report = run(SAMPLE)
    assert "Posts: 4 new" in report
    assert "Comments: 3 new" in report
    assert "Pingbacks: 1 new" in report
    assert "Made for them: 2 accounts, 3 categories, 11 redirects, 1 tag" in report
    assert "an item was set aside" in report


def test_the_report_can_be_had_as_json(tmp_path):
    path = tmp_path / "report.json"
    run(SAMPLE, "--report", path)
    told = json.loads(path.read_text())
    assert told["posts"] == {"new": 4}
    assert told["responses"] == {"comment": {"new": 3}, "pingback": {"new": 1}}
    assert told["files"] == {"still to come": 1}
    assert any(
        note["line"] and "set aside" in note["sentence"] for note in told["notes"]
    )


def test_posts_pages_and_threads_stand_as_they_did(client):
    run(SAMPLE)
    post = Post.objects.get(slug="night-boat")
    assert post.get_absolute_url() == "/2009/04/03/night-boat/"
    assert list(post.categories.values_list("path", flat=True)) == ["boats/ferries"]
    assert post.comment_count == 3
    assert Page.objects.get(slug="piers").get_absolute_url() == "/about/piers/"
    levels = Comment.objects.order_by("tree_id", "lft").values_list(
        "author_name", "level"
    )
    assert ("Ole", 1) in levels
    assert [*Comment.objects.faults(), *Category.objects.faults()] == []
    page = client.get("/2009/04/03/night-boat/").text
    assert "She came in at dawn" in page
    assert "Was it the <em>old</em> boat?" in page
    assert "Buy oars" not in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/?p=41", "/2009/04/03/night-boat/"),
        ("/?page_id=41", "/2009/04/03/night-boat/"),
        ("/2009/04/03/the-night-boat/", "/2009/04/03/night-boat/"),
        ("/?page_id=51", "/about/piers/"),
        ("/?p=41&utm=x", "/2009/04/03/night-boat/"),
        ("/?cat=3", "/category/boats/ferries/"),
        ("/?cat=2&feed=rss2", "/category/boats/feed/"),
        ("/?tag_id=9", "/tag/night-boat/"),
        ("/?author=1", "/author/mara-quay/"),
        ("/author/mara/feed/rss2/", "/author/mara-quay/feed/"),
    ],
)
def test_old_addresses_answer_with_one_redirect(client, old, new):
    run(SAMPLE)
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_rows_keep_their_numbers_and_what_comes_is_counted_on_behind_them():
    run(SAMPLE)
    assert Post.objects.get(slug="night-boat").pk == 41
    assert Comment.objects.get(author_name="Ruth").pk == 9
    assert make_post().pk > 60
    assert make_comment(make_post()).pk > 11


def test_comments_whose_numbers_are_taken_are_counted():
    make_comment(make_post(), pk=9)
    said = run(SAMPLE)
    assert "1 comment could not keep its number" in said
    assert "its number" not in run(SAMPLE)


def test_a_number_means_what_it_meant_where_the_post_comes_from(client):
    make_post(pk=41)
    run(SAMPLE)
    assert Post.objects.get(slug="night-boat").pk != 41
    assert client.get("/?p=41")["Location"] == "/2009/04/03/night-boat/"


def test_who_wrote_there_has_an_account_nobody_can_log_in_to():
    run(SAMPLE)
    mara = User.objects.get(username="mara")
    assert (mara.public_name, mara.email) == ("Mara Quay", "mara@harbour.example")
    assert not mara.has_usable_password()
    assert not mara.groups.exists()
    assert User.objects.get(username="guest").public_name == "guest"


def test_doing_it_again_changes_nothing():
    run(SAMPLE)
    before = every_row()
    report = run(SAMPLE)
    assert every_row() == before
    assert "Posts: 4 already here" in report


def test_a_reply_written_here_stays_where_it_is():
    run(SAMPLE)
    ruth = Comment.objects.get(author_name="Ruth")
    make_comment(ruth.post, parent=ruth, body="Written here")
    run(SAMPLE)
    reply = Comment.objects.get(body="Written here")
    assert reply.parent == ruth
    assert list(Comment.objects.faults()) == []


def test_trying_it_writes_nothing_and_says_the_same():
    before = every_row()
    tried = run(SAMPLE, "--dry-run")
    assert every_row() == before
    assert tried == run(SAMPLE) + "Dry run: nothing was written.\n"


def test_nobody_is_told(alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run(SAMPLE)
    assert mail.outbox == []
    assert not OutgoingPing.objects.exists()


def test_a_torn_export_writes_nothing(tmp_path):
    torn = tmp_path / "torn.xml"
    torn.write_text(SAMPLE.read_text()[:6000])
    before = every_row()
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(torn)
    assert every_row() == before


def test_a_category_of_the_same_address_is_the_same_one():
    boats = Category.objects.create(name="Ships", slug="boats")
    run(SAMPLE)
    assert Category.objects.get(slug="ferries").parent == boats
    assert Category.objects.count() == 3


def test_a_page_that_stood_at_the_top_takes_no_other_address_along(client, tmp_path):
    text = SAMPLE.read_text()
    front = text.replace(
        "<link>https://harbour.example/about/</link>",
        "<link>https://harbour.example/</link>",
    )
    assert front != text
    export = tmp_path / "export.xml"
    export.write_text(front)
    run(export)
    assert not Redirect.objects.filter(old_path="/").exists()
    assert client.get("/").status_code == 200
    assert client.get("/?p=4711").status_code == 404
    below = front.replace("https://harbour.example", "https://harbour.example/log")
    export.write_text(below)
    run(export)
    assert Redirect.objects.get(old_path="/log/").new_path == "/"
    assert client.get("/log/?p=4711").status_code == 404


def test_no_redirect_leads_to_itself_or_to_another():
    run(SAMPLE)
    new_paths = Redirect.objects.values_list("new_path", flat=True)
    assert not Redirect.objects.filter(old_path__in=new_paths).exists()


@needs_exports
@pytest.mark.parametrize("name", ["wordpress-7", "threaded-comments", "small-export"])
def test_sample_exports_come_in_whole(name):
    run(EXPORTS / f"{name}.xml")
    assert [*Comment.objects.faults(), *Category.objects.faults()] == []
    before = every_row()
    run(EXPORTS / f"{name}.xml")
    assert every_row() == before
