"""`import_blog --check-urls`: whether every old address leads to what was read there."""

import json
import logging
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from blog import publishing
from blog.models import MissedAddress, Post, Redirect, SiteSettings
from config import address_check, address_lists
from config.address_check import Outcome
from tests.builders import at, make_category, make_comment, make_page, make_post
from tests.old_blog import OldBlog

pytestmark = pytest.mark.django_db

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
EXPORTS = Path(settings.BASE_DIR).parent / "shared" / "wordpress-exports"
needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the sample exports are not on this machine"
)
TEA = "/2006/11/30/tea/"


@pytest.fixture(autouse=True)
def nothing_collected(monkeypatch):
    """Static files have no hashed names here."""
    monkeypatch.setattr("config.static_files.collect_if_changed", lambda **_: None)


@pytest.fixture
def post() -> Post:
    post = make_post("Tea", slug="tea", published_at=at("2006-11-30 12:00"))
    publishing.save_post(post)
    return post


def run(*given: object) -> str:
    out = StringIO()
    call_command("import_blog", *map(str, given), stdout=out)
    return out.getvalue()


def failing(*given: object) -> tuple[str, str]:
    """What it says, and with what sentence it ends."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_blog", *map(str, given), stdout=out)
    return out.getvalue(), str(error.value)


def outcome(address: str) -> tuple[Outcome, str]:
    (found,) = address_check.check([address])
    return found.outcome, found.place


@pytest.mark.parametrize(
    ("address", "expected", "place"),
    [
        (TEA, Outcome.ANSWERS, ""),
        (f"https://old.example{TEA}", Outcome.ANSWERS, ""),
        ("/2006/11/tea/", Outcome.LED, TEA),
        ("/2006/11/tea?utm_source=x", Outcome.LED, TEA),
        ("/caf%c3%a9/", Outcome.LED, TEA),
        ("/café/", Outcome.LED, TEA),
        ("/away/", Outcome.AWAY, "https://elsewhere.example/x"),
        ("/none/", Outcome.NOT_FOUND, ""),
        ("/none", Outcome.NOT_FOUND, ""),
        ("/gone/", Outcome.GONE, ""),
        ("/first/", Outcome.STEPS, "/third/"),
        ("/circle/", Outcome.STEPS, "/ring/"),
        ("/%00/", Outcome.REFUSED, ""),
        ("/trackback-takes-post/trackback/", Outcome.NOT_FOUND, ""),
        ("/wp-admin/", Outcome.LED, "/admin/login/?next=/admin/"),
        ("https://[old/", Outcome.NO_ADDRESS, ""),
        (f"{TEA}#comment-9", Outcome.NO_ANCHOR, ""),
        (f"{TEA}#more-12", Outcome.ANSWERS, ""),
        ("/feed/", Outcome.ANSWERS, ""),
    ],
)
def test_each_address_has_an_outcome(post, address, expected, place):
    for old, new in [
        ("/caf%C3%A9/", TEA),
        ("/away/", "https://elsewhere.example/x"),
        ("/gone/", ""),
        ("/first/", "/second/"),
        ("/second/", "/third/"),
        ("/circle/", "/ring/"),
        ("/ring/", "/circle/"),
    ]:
        Redirect.objects.create(old_path=old, new_path=new)
    make_page("Third")
    assert outcome(address) == (expected, place)


def test_a_comment_is_found_on_its_page_or_on_the_one_the_script_goes_to(post):
    SiteSettings(paginate_comments=True, comments_per_page=1).save()
    first, second = make_comment(post), make_comment(post)
    other = make_comment(make_post("Other", slug="other"))
    shown = {f"{TEA}#comment-{one.pk}": one for one in (first, second)}
    for address in [*shown, f"/?p={post.pk}#comment-{first.pk}"]:
        assert outcome(address)[0].is_good, address
    assert outcome(f"{TEA}#comment-{other.pk}")[0] == Outcome.NO_ANCHOR


def test_asking_leaves_no_trace(post, caplog):
    # Who has logged before remembers that it may.
    logging.getLogger("django.request").warning("before")
    caplog.clear()
    list(address_check.check(["/none/", TEA, "/?s=tea", "/first%0d/"]))
    assert not MissedAddress.objects.exists()
    assert caplog.records == []


# --- Lists


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("/a/\n\n# a word\n https://x.example/b/?c=1 \n/a/\n", ["/a/", "https://x.example/b/?c=1"]),
        ("\ufeff/a/\r\n/b/\r\n", ["/a/", "/b/"]),
        (
            "<?xml version='1.0'?>\n<urlset><url><loc>https://x.example/a/</loc></url>"
            "<url>\n<loc> <![CDATA[https://x.example/?p=1&b=2]]></loc></url>"
            "<url><loc>https://x.example/?p=2&amp;b=2</loc></url></urlset>",
            ["https://x.example/a/", "https://x.example/?p=1&b=2", "https://x.example/?p=2&b=2"],
        ),
        (
            '1.2.3.4 - - [30/Nov/2006:12:00:00 +0000] "GET /a/?b HTTP/1.1" 200 5 "-" "x"\n'
            '1.2.3.4 - - [30/Nov/2006:12:00:00 +0000] "GET /none/ HTTP/1.1" 404 5 "-" "x"\n'
            '1.2.3.4 - - [30/Nov/2006:12:00:00 +0000] "POST /c/ HTTP/1.1" 200 5 "-" "x"\n'
            '1.2.3.4 - - [30/Nov/2006:12:00:00 +0000] "GET /d HTTP/1.1" 301 5 "-" "x"\n',
            ["/a/?b", "/d"],
        ),
        ("\x00\xff", ["\x00\xff"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_list_a_sitemap_and_a_log_are_read(tmp_path, text, addresses):
    path = tmp_path / "list"
    path.write_text(text, encoding="utf-8", newline="")
    assert list(address_lists.of_file(path)) == addresses


def test_what_leads_nowhere_is_named_and_ends_with_1(post, tmp_path):
    path, report = tmp_path / "old.txt", tmp_path / "report.json"
    path.write_text(
        f"{TEA}\n/2006/11/tea/\n" + "".join(f"/no-{n}/\n" for n in range(30))
    )
    said, error = failing("--check-urls", path, "--report", report)
    assert "32 old addresses: 1 answered, 1 led on, 30 not found" in said
    assert "Not found: /no-0/" in said
    assert "… and 10 more" in said
    assert error == "Old addresses that lead nowhere: 30 of 32."
    told = json.loads(report.read_text())["addresses"]
    assert told["counts"] == {"answered": 1, "led on": 1, "not found": 30}
    assert told["led_on"] == {"/2006/11/tea/": TEA}
    assert told["failed"][29] == {
        "address": "/no-29/",
        "outcome": "not found",
        "place": "",
    }


def test_what_this_blog_is_known_by_can_be_checked_at_any_time(post):
    make_category("News")
    post.slug = "coffee"
    publishing.save_post(post)
    assert "6 old addresses: 5 answered, 1 led on" in run("--check-urls")
    Redirect.objects.create(old_path="/old/", new_path="/nowhere/")
    said, _ = failing("--check-urls")
    assert "More than one step" not in said
    assert "Not found: /old/ → /nowhere/" in said


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Say which SOURCE is to be imported."),
        (["--check-urls", "/no/such/list"], "No such file"),
        ([SAMPLE, "--dry-run", "--check-urls"], "Nothing is here after a dry run"),
    ],
)
def test_what_can_t_be_asked_for_is_refused(given, sentence):
    assert sentence in failing(*given)[1]
    assert not Post.objects.exists()


# --- Sources


def check_source(source: Path, folder: Path, *may_fail: str) -> dict:
    """Imported without its files, whose addresses are left out here."""
    report = folder / "report.json"
    try:
        run(source, "--media", folder, "--check-urls", "--report", report)
    except CommandError as error:
        assert "lead nowhere" in str(error)  # noqa: PT017
    told = json.loads(report.read_text())["addresses"]
    failed = [
        one
        for one in told["failed"]
        if "/uploads/" not in one["address"] and "attachment" not in one["address"]
    ]
    assert [one for one in failed if one["address"] not in may_fail] == []
    return told


def test_all_that_our_own_sample_tells_of_answers_or_leads_on(tmp_path):
    told = check_source(SAMPLE, tmp_path)
    for address in (
        "/?p=41", "/2009/04/03/the-night-boat/", "/?page_id=51", "/?cat=3", "/?author=1",
        "/?tag_id=9", "/category/ferries/", "/author/mara/", "/comments/feed/rss2/",
        "/category/boats/ferries/feed/rss2/", "/?attachment_id=44",
    ):  # fmt: skip
        assert address in told["led_on"], address
    assert told["counts"]["answered"] > 10


@needs_exports
@pytest.mark.parametrize(
    "name",
    ["block-editor-2025", "crazy-cdata", "small-export", "threaded-comments",
     "undeclared-prefixes", "zero-dates-missing-parents"],
)  # fmt: skip
def test_all_that_a_sample_tells_of_answers_or_leads_on(tmp_path, name):
    # There “bob” wrote, and the account is called “Bob”: no byline, and no page.
    told = check_source(EXPORTS / f"{name}.xml", tmp_path, "/author/bob/")
    assert told["checked"] > 3


@needs_exports
@pytest.mark.slow
def test_all_that_a_large_sample_tells_of_answers_or_leads_on(tmp_path):
    told = check_source(EXPORTS / "wordpress-7.xml", tmp_path)
    assert told["checked"] > 500


def test_a_file_an_export_tells_of_twice_is_asked_for_once(tmp_path):
    old = OldBlog()
    old.file(44, "2009/04/boat.jpg")
    old.file(44, "2009/04/boat.jpg")
    said, _ = failing(old.write(tmp_path / "blog.xml"), "--media-later", "--check-urls")
    assert said.count("/?attachment_id=44") == 1
    assert said.count("Not found: /wp-content/uploads/2009/04/boat.jpg") == 1
