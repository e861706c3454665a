"""Captures of blog pages, read into records. Nothing here needs a database."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import html_text, markup
from blog.transfer import capture_text, captures
from blog.transfer.records import BlogRecord, SourceRefused

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "captures"
DOCUMENTS = Path(settings.BASE_DIR).parent / "shared" / "documents"
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the originals are not on this machine"
)


def page(text: str) -> BlogRecord:
    return captures.read_page(capture_text.decode(text.encode(), "page.txt"), "page")


def noon(year: int, month: int, day: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, 12, minute, tzinfo=UTC)


def words_of(blog: BlogRecord) -> list[str]:
    """Every word a record kept, titles and conversations included."""
    texts = []
    for post in blog.posts:
        texts += [post.title, html_text.text_of(post.body)]
        texts += [html_text.text_of(response.text) for response in post.responses]
    return " ".join(texts).split()


# --- Posts --------------------------------------------------------------------


def test_a_post_is_a_title_a_date_and_what_follows():
    (post,) = page("Tea\n\nMarch 2, 2007\n\nOne.\n\nTwo\nlines.").posts
    assert post.title == "Tea"
    assert post.published_at == noon(2007, 3, 2)
    assert not post.date_is_estimated
    assert post.body == "<p>One.</p>\n<p>Two<br>\nlines.</p>"


@pytest.mark.parametrize(
    "line",
    [
        "November 30, 2006",
        "30 November 2006",
        "November 30th, 2006",
        "november 30 2006",
        "  November 30, 2006  ",
        "November\u00a030, 2006",
    ],
)
def test_it_knows_ways_to_write_a_day(line):
    (post,) = page(f"Tea\n\n{line}\n\nText.").posts
    assert post.published_at == noon(2006, 11, 30)


@pytest.mark.parametrize(
    "line", ["February 30, 2006", "On November 30, 2006", "11/30/2006", "May 1, 0001"]
)
def test_what_is_no_day_stays_text(line):
    (post,) = page(f"Tea\n\nMay 1, 2006\n\nText\n\n{line}").posts
    assert line in post.body


def test_noon_is_noon_where_the_blog_is(settings):
    settings.TIME_ZONE = "Asia/Seoul"
    (post,) = page("Tea\n\nMay 1, 2006\n\nText").posts
    assert post.published_at == datetime(2006, 5, 1, 3, tzinfo=UTC)


def test_a_no_break_space_in_a_title_is_a_space():
    (post,) = page("Tea at\u00a0Noon\n\nMay 1, 2006\n\nText").posts
    assert post.title == "Tea at Noon"


def test_a_post_ends_where_the_next_title_stands():
    first, second = page("A\n\nMay 2, 2006\n\nOne.\n\nB\n\nMay 1, 2006\n\nTwo.").posts
    assert (first.body, second.body) == ("<p>One.</p>", "<p>Two.</p>")


def test_a_paragraph_above_a_date_is_no_title():
    paragraph = "word " * 50
    blog = page(f"A\n\nMay 2, 2006\n\n{paragraph}\n\nMay 1, 2006\n\nMore.")
    (post,) = blog.posts
    assert "May 1, 2006" in post.body
    assert [(note.line, note.path) for note in blog.warnings] == [(7, "page")]


def test_markup_in_a_capture_is_text():
    (post,) = page("A\n\nMay 1, 2006\n\nUse <b> & <!--more--> well.").posts
    rendered = markup.render_post(post.body)
    assert "Use &lt;b&gt; &amp; &lt;!--more--&gt; well." in rendered
    assert markup.MORE_ANCHOR not in rendered


def test_text_above_the_first_title_is_a_post_that_lost_its_title():
    lead, post = page("Lost.\n\nA\n\nMay 1, 2006\n\nText.").posts
    assert (lead.title, lead.body) == ("", "<p>Lost.</p>")
    assert lead.date_is_estimated
    assert lead.published_at == noon(2006, 5, 1, minute=1) > post.published_at


def test_posts_of_one_day_keep_the_order_of_the_page():
    text = "A\n\nMay 1, 2006\n\nOne.\n\nB\n\nMay 1, 2006\n\nTwo."
    assert [post.published_at for post in page(text).posts] == [
        noon(2006, 5, 1, minute=1),
        noon(2006, 5, 1),
    ]


@pytest.mark.parametrize("parting", ["* * *", "***", "   * * *  "])
def test_three_stars_part_posts_that_run_on(parting):
    text = f"A\n\nMay 3, 2006\n\n1.\n\n{parting}\n\n2.\n\nB\n\nMay 1, 2006\n\n3."
    posts = page(text).posts
    assert [post.title for post in posts] == ["A", "", "B"]
    assert [post.date_is_estimated for post in posts] == [False, True, False]
    assert posts[1].published_at == noon(2006, 5, 2)


def test_posts_that_run_on_stay_together_without_them():
    (post,) = page("A\n\nMay 3, 2006\n\nOne.\n\nAnother post, who knows.").posts
    assert "Another post" in post.body


def test_beyond_the_last_date_posts_stand_a_minute_apart():
    text = "A\n\nMay 3, 2006\n\n1.\n\n* * *\n\n2.\n\n* * *\n\n3."
    assert [post.published_at for post in page(text).posts] == [
        noon(2006, 5, 3),
        datetime(2006, 5, 3, 11, 59, tzinfo=UTC),
        datetime(2006, 5, 3, 11, 58, tzinfo=UTC),
    ]


# --- Who is who ---------------------------------------------------------------

POST = "Tea\n\nMay 1, 2006\n\nText.\n\n"


def test_the_guid_of_a_titled_post_is_its_title_and_its_day():
    (post,) = page(POST).posts
    assert post.guid == "urn:quillback:capture:tea:2006-05-01"


def test_an_untitled_post_is_known_by_its_words():
    below = "\n\nA\n\nMay 1, 2006\n\nText."
    one, other, third = (
        page(text + below).posts[0].guid
        for text in ("Lost  words\n\nhere.", "Lost words here.", "Lost.")
    )
    assert one == other != third
    assert re.fullmatch(r"urn:quillback:capture:[0-9a-f]{16}", one)


def test_a_post_on_two_pages_is_one_post(tmp_path):
    short = "Tea\n\nMay 1, 2006\n\nText […]"
    (tmp_path / "archive.txt").write_text(f"New\n\nMay 1, 2006\n\nX.\n\n{short}")
    own = f"{POST}And more of it.\n\nOne Response to “Tea”\n\n  1. Kim Says:\n\n    A."
    (tmp_path / "own.txt").write_text(own)
    blog = captures.read(tmp_path)
    assert [post.title for post in blog.posts] == ["New", "Tea"]
    assert "And more of it." in blog.posts[1].body
    assert len(blog.posts[1].responses) == 1
    (warning,) = blog.warnings
    assert "“Tea” is in archive.txt too" in warning.sentence


LINKS = "Links\n\nMay 1, 2006\n\n"
TALK = "\n\nOne Response to “Links”\n\n  1. Kim Says:\n\n    A."
FIRST = "urn:quillback:capture:links:2006-05-01"


def guids(blog: BlogRecord) -> dict[str, str]:
    return {html_text.text_of(post.body): post.guid for post in blog.posts}


def test_two_posts_of_one_title_and_day_stay_two(tmp_path):
    page = f"{LINKS}Of the evening.{TALK}\n\n{LINKS}Of a morning."
    (tmp_path / "page.txt").write_text(page)
    blog = captures.read(tmp_path)
    named = {"Of the evening.": f"{FIRST}:2", "Of a morning.": FIRST}
    assert guids(blog) == named
    assert blog.posts[0].responses[0].guid == f"{FIRST}:2#response-1"
    assert blog.warnings == []


def test_another_page_changes_nobodys_name(tmp_path):
    page = f"{LINKS}Of the evening, long.\n\n{LINKS}Of a morning."
    (tmp_path / "page.txt").write_text(page)
    before = guids(captures.read(tmp_path))
    (tmp_path / "another.txt").write_text(f"{LINKS}Of the\nevening, […]{TALK}")
    again = captures.read(tmp_path)
    assert guids(again) == before
    (warning,) = again.warnings
    assert "“Links” is in another.txt too" in warning.sentence


def test_titles_of_signs_alone_are_told_apart():
    posts = page("!!!\n\nMay 1, 2006\n\nA.\n\n???\n\nMay 1, 2006\n\nB.").posts
    assert len({post.guid for post in posts}) == 2
    assert all(re.search(r":[0-9a-f]{16}:2006-05-01$", post.guid) for post in posts)


# --- What is refused ----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", None, "empty"),
        (b" \n\n\t", None, "empty"),
        (b"a\0b", None, "NUL"),
        (b"Tea\nbell \x07", 2, "U\\+0007"),
        (b"Tea\n\ncaf\xe9", 3, "not UTF-8"),
        ("Tea".encode("utf-16"), None, "NUL"),
        (b"<?xml version='1.0'?>", None, "XML or HTML"),
        (b"\n<!DOCTYPE html><p>", None, "XML or HTML"),
        (b"No date anywhere.", None, "no line with a title followed by a date"),
    ],
)
def test_it_refuses_what_is_no_capture_and_says_why(tmp_path, content, line, reason):
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match=reason) as refused:
        captures.read(path)
    (note,) = refused.value.notes
    assert (note.path, note.line) == ("page.txt", line)


def test_it_refuses_a_path_that_is_not_there_and_a_folder_without_captures(tmp_path):
    with pytest.raises(SourceRefused, match="no such file"):
        captures.read(tmp_path / "nowhere")
    with pytest.raises(SourceRefused, match=r"no \*\.txt file"):
        captures.read(tmp_path)


def test_all_refusals_of_a_folder_are_listed(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\0")
    (tmp_path / "b.txt").write_text(POST)
    (tmp_path / "c.txt").write_text("")
    with pytest.raises(SourceRefused) as refused:
        captures.read(tmp_path)
    assert [note.path for note in refused.value.notes] == ["a.txt", "c.txt"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path, end):
    path = tmp_path / "page.txt"
    path.write_bytes(POST.replace("\n", end).encode("utf-8-sig"))
    (post,) = captures.read(path).posts
    assert (post.title, post.body) == ("Tea", "<p>Text.</p>")


# --- Whatever comes -----------------------------------------------------------

SNIPPETS = st.sampled_from(
    """
    \n |\n\n|Tea|May 1, 2006|May 99, 2006|May 1, 2006 at 3:04 pm|* * *|2 Responses to
    “Tea”|No Responses to “Tea”|  1. Kim Says:|  2. So|    text|99999. x|[…] a […]
    |Leave a Reply|Connecting to %s|Posted by A Filed in b|<b>|\x0c|\u2028|\ufeff
    """.split("|")
)


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode)))
@example(b"\xef\xbb\xbf")
def test_no_bytes_make_it_stumble(content):
    with suppress(SourceRefused):
        captures.read_page(capture_text.decode(content, "x"), "x")


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.lists(SNIPPETS, max_size=25).map("\n".join))
def test_no_page_makes_it_stumble(text):
    with suppress(SourceRefused):
        guids = [post.guid for post in page(text).posts]
        assert all(guid.startswith("urn:quillback:capture:") for guid in guids)


WORD = st.text("abcdefghijklmnopqrstuvwxyzäñ—’“”&<>é한\u00a0-", min_size=1).filter(
    str.strip
)
PARAGRAPH = st.lists(WORD, min_size=1, max_size=12).map(" ".join)
PARAGRAPHS = st.lists(PARAGRAPH, min_size=1, max_size=4).map("\n\n".join)
DAY = st.dates(date(1999, 1, 1), date(2030, 12, 31))


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(PARAGRAPH, DAY, PARAGRAPHS), min_size=1, max_size=5),
    st.lists(PARAGRAPHS, max_size=4),
)
def test_it_keeps_every_word_of_a_page(posts, comments):
    text = "\n\n".join(
        f"{title[:100]}\n\n{day:%B} {day.day}, {day.year}\n\n{body}"
        for title, day, body in posts
    )
    kept = [
        word for title, _, body in posts for word in f"{title[:100]} {body}".split()
    ]
    if comments:
        text += f"\n\n{len(comments)} Responses to “x”\n"
    for number, said in enumerate(comments, start=1):
        text += f"\n  {number}. Kim Says:\n\n    " + said.replace("\n", "\n    ")
        kept += said.split()
    assert words_of(page(text)) == kept


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), DAY), min_size=1, max_size=12).filter(any))
def test_estimated_dates_keep_the_order_of_the_page(days):
    known = sorted((day for day in days if day), reverse=True)
    newest_first = iter(known)
    days = [next(newest_first) if day else None for day in days]
    times = captures.spread(days)
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == len(times)
    for day, moment in zip(days, times, strict=True):
        assert day is None or moment.date() == day


# --- Whole pages --------------------------------------------------------------


def test_the_sample_pages_are_read_as_they_are_meant():
    blog = captures.read(SAMPLES)
    assert [post.title for post in blog.posts] == [
        "",
        "A Timetable for Nobody",
        "",
        "Tea on the Breakwater",
        "No Bridge for the Island",
    ]
    talk = blog.posts[-1].responses
    assert [(each.author_name, each.kind) for each in talk] == [
        ("KelpCounter", "comment"),
        ("", "comment"),
        ("Ingrid B.", "comment"),
        ("Tove Lind", "pingback"),
    ]
    assert [each.date_is_estimated for each in talk] == [True, True, False, True]


@needs_documents
def test_the_originals_give_four_posts_and_three_responses():
    blog = captures.read(DOCUMENTS)
    assert [(post.title, post.published_at.date()) for post in blog.posts] == [
        ("", date(2006, 12, 20)),
        ("Negotiations and Resolutions", date(2006, 12, 20)),
        ("One Step Closer to WTO", date(2006, 11, 19)),
        ("No Progress in North Korean Talks", date(2006, 11, 30)),
    ]
    assert [
        (each.author_name, each.kind, len(each.categories))
        for each in blog.posts[-1].responses
    ] == [
        ("PatternRec", "comment", 0),
        ("", "comment", 0),
        ("Dmitri Marine", "pingback", 5),
    ]
    (warning,) = blog.warnings
    assert "4 responses are announced, 3 are here" in warning.sentence


@needs_documents
def test_every_word_of_the_originals_is_kept():
    for path in DOCUMENTS.glob("*.txt"):
        words = words_of(captures.read(path))
        shown = re.split(r"\n *Leave a Reply *\n", path.read_text())[0]
        # What is a record's own field is no longer text.
        shown = re.sub(r"(?m)^\w+ \d+, \d{4}$", "", shown)
        shown = re.sub(r"(?m)^4 Responses to .*$", "", shown)
        shown = re.sub(r"(?m)^ +[123]\. ", "", shown).replace("PatternRec Says:", "")
        assert words == shown.split()


@needs_documents
def test_stars_part_the_two_posts_that_run_on(tmp_path):
    archive = (DOCUMENTS / "archive-december-2006.txt").read_text()
    for opening in ("Christopher Hill, the US", "Iraqi President Talabani"):
        archive = archive.replace(f"\n{opening}", f"\n* * *\n\n{opening}")
    (tmp_path / "archive.txt").write_text(archive)
    posts = captures.read(tmp_path).posts
    assert [bool(post.title) for post in posts] == [False, True, False, False, True]
    times = [post.published_at for post in posts]
    assert times == sorted(times, reverse=True)
