"""WordPress's exports as records: whole ones, odd ones, torn ones."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.transfer import wxr, wxr_write
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    PostRecord,
    ResponseRecord,
    SourceRefused,
    TagRecord,
    UserRecord,
)
from tests.builders import at

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "wordpress" / "harbour-log.xml"
EXPORTS = Path(settings.BASE_DIR).parent / "shared" / "wordpress-exports"
needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the sample exports are not on this machine"
)


def read(path):
    blog = wxr.read(path)
    blog.posts = list(blog.posts)
    return blog


@pytest.fixture(scope="module")
def harbour():
    return read(SAMPLE)


def said(blog, title):
    return next(post for post in blog.posts if post.title.startswith(title))


def test_the_blog_says_who_it_is(harbour):
    assert (harbour.title, harbour.tagline) == (
        "The Harbour Log",
        "Boats & what they bring",
    )
    assert (harbour.url, harbour.language) == ("https://harbour.example", "en-GB")
    assert [user.login for user in harbour.users] == ["mara", "guest"]
    assert harbour.users[0].display_name == "Mara Quay"
    parents = {category.slug: category.parent for category in harbour.categories}
    assert parents == {"ferries": "boats", "boats": "", "weather": "nature"}
    assert [media.number for media in harbour.media] == [44]


def test_a_post_says_all_there_is(harbour):
    post = said(harbour, "The night boat")
    assert post.guid == "https://harbour.example/?p=41"
    assert post.published_at == at("2009-04-03 06:30")
    assert post.updated_at == at("2009-04-04 07:00")
    assert (post.slug, post.author, post.status) == ("night-boat", "mara", "published")
    assert (post.categories, post.tags) == (["ferries"], ["night-boat"])
    assert (post.is_sticky, post.comments_open, post.pings_open) == (True, True, False)
    assert post.excerpt == "She is back."
    assert post.addresses == [
        "/2009/04/03/night-boat/",
        "/?p=41",
        "/2009/04/03/the-night-boat/",
    ]


def test_who_answers_whom_even_where_the_answer_comes_first(harbour):
    first, answer, ping, spam = said(harbour, "The night boat").responses
    assert (first.author_name, first.parent) == ("Ruth", None)
    assert (answer.author_name, answer.parent) == ("Ole", first.guid)
    assert (ping.kind, ping.source_title, ping.source_site) == (
        "pingback",
        "Ferries again",
        "Island Notes",
    )
    assert (spam.state, spam.parent, spam.date_is_estimated) == ("spam", None, True)


def test_a_draft_has_no_date_and_a_title_may_be_broken(harbour):
    draft = said(harbour, "Not ready")
    assert (draft.title, draft.status) == ("Not ready yet & not escaped", "draft")
    assert draft.published_at is None
    assert "Half a <![CDATA[ thought ]]> only" in draft.body


def test_what_is_set_aside_is_named_with_its_line(harbour):
    lines = SAMPLE.read_text().splitlines()
    sentences = {note.line: note.sentence for note in harbour.warnings}
    broken = next(at for at, line in enumerate(lines, 1) if "nobody closes" in line)
    assert "set aside: broken XML, mismatched tag" in sentences[broken]
    assert "1 item of the kind “nav_menu_item” left out" in sentences.values()
    assert len(harbour.posts) == harbour.post_count - 2


@pytest.mark.parametrize("part", ["</channel>", "</item>", "]]></content:encoded>"])
def test_a_torn_export_is_refused_with_its_line(tmp_path, part):
    whole = SAMPLE.read_text()
    torn = tmp_path / "torn.xml"
    torn.write_text(whole[: whole.rindex(part)])
    with pytest.raises(SourceRefused, match=r"torn\.xml:\d+: .*torn"):
        wxr.read(torn)


def test_one_torn_above_its_items_is_called_so(tmp_path):
    whole = SAMPLE.read_text()
    torn = tmp_path / "torn.xml"
    torn.write_text(whole[: whole.index("</wp:category>")])
    with pytest.raises(SourceRefused, match=r"torn\.xml:\d+: the end .* torn"):
        wxr.read(torn)


@pytest.mark.parametrize("instead", ["", "</wp:term>", "<b>"])
def test_of_a_head_only_what_is_broken_is_set_aside(tmp_path, instead):
    whole = SAMPLE.read_text()
    begin, _, end = whole.partition("</wp:term_id>")
    path = tmp_path / "broken.xml"
    path.write_text(begin + instead + end)
    blog = wxr.read(path)
    sound = wxr.read(SAMPLE)
    (note,) = [one for one in blog.warnings if "the category here" in one.sentence]
    assert begin.count("\n") + 1 <= (note.line or 0) <= begin.count("\n") + 5
    assert [one.slug for one in blog.categories] == [
        one.slug for one in sound.categories[1:]
    ]
    assert (blog.tags, blog.users, blog.url) == (sound.tags, sound.users, sound.url)
    assert len(list(blog.posts)) == len(list(sound.posts))


def test_a_head_that_is_broken_elsewhere_is_refused_with_its_line(tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text(SAMPLE.read_text().replace("</title>", "", 1))
    with pytest.raises(SourceRefused, match=r"broken\.xml:\d+: what stands above"):
        wxr.read(path)


@pytest.mark.parametrize("text", ["", "<rss></rss>", "plain", "<html><rss ></html>"])
def test_what_is_no_export_is_refused(tmp_path, text):
    path = tmp_path / "none.xml"
    path.write_text(text)
    assert not wxr.recognises(path)
    with pytest.raises(SourceRefused, match="no WordPress export"):
        wxr.read(path)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("prefix", ["wp", "wordpress"])
def test_neither_version_nor_prefix_matters(tmp_path, version, prefix):
    text = SAMPLE.read_text().replace("export/1.2/", f"export/{version}/")
    text = text.replace("xmlns:wp=", f"xmlns:{prefix}=").replace("<wp:", f"<{prefix}:")
    path = tmp_path / "export.xml"
    path.write_text(text.replace("</wp:", f"</{prefix}:"))
    assert wxr.recognises(path)
    assert [post.guid for post in read(path).posts] == [
        post.guid for post in read(SAMPLE).posts
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_any_encoding_it_names(tmp_path, encoding):
    text = SAMPLE.read_text().replace("Ruth", "Røth")
    text = text.replace('encoding="UTF-8"', f'encoding="{encoding}"')
    path = tmp_path / "export.xml"
    path.write_bytes(text.encode(encoding))
    assert said(read(path), "The night boat").responses[0].author_name == "Røth"


def test_an_item_that_is_broken_takes_no_other_along(tmp_path):
    text = SAMPLE.read_text()
    path = tmp_path / SAMPLE.name
    path.write_text(text.replace("]]></content:encoded>", "]]></con'tent>", 1))
    whole, broken = read(SAMPLE), read(path)
    assert broken.posts == [
        post for post in whole.posts if post.guid != whole.posts[0].guid
    ]
    known = {note.sentence for note in whole.warnings}
    (told,) = [note for note in broken.warnings if note.sentence not in known]
    assert "an item was set aside: broken XML" in told.sentence


def test_an_item_declares_nothing(tmp_path):
    text = SAMPLE.read_text().replace(
        "<item>", '<item><!DOCTYPE a [<!ENTITY b "x">]>&b;'
    )
    path = tmp_path / "export.xml"
    path.write_text(text)
    blog = read(path)
    assert blog.posts == []
    told = [note.sentence for note in blog.warnings]
    assert sum("set aside: broken XML" in sentence for sentence in told) >= 3


WHOLE = SAMPLE.read_bytes()


@given(st.data())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_mutation_is_read_or_refused(tmp_path, data):
    at_byte = data.draw(st.integers(0, len(WHOLE)))
    count = data.draw(st.integers(0, 400))
    put = data.draw(st.binary(max_size=40))
    path = tmp_path / "mutated.xml"
    path.write_bytes(WHOLE[:at_byte] + put + WHOLE[at_byte + count :])
    notes = []
    try:
        read(path)
    except SourceRefused as refused:
        notes = refused.notes
    assert all(note.line for note in notes)


# --- Written ---------------------------------------------------------------------


def test_what_is_written_says_it_as_wordpress_does():
    """Names beside slugs, writers by their numbers, a trackback with its title."""
    said = ResponseRecord("urn:1", "Words", at("2009-04-03 12:00"), author="mara")
    ping = ResponseRecord(
        "urn:2",
        "[…] words […]",
        at("2009-04-03 13:00"),
        kind="trackback",
        source_title="Ropes & oars",
        source_site="Pier",
        source_url="https://pier.example/",
        parent="urn:1",
    )
    post = PostRecord("urn:0", "A", "<p>B</p>", at("2009-04-03 11:00"), number=5)
    post.categories, post.tags, post.responses = ["boats"], ["c"], [said, ping]
    text = "".join(
        wxr_write.written(
            BlogRecord(
                posts=[post],
                users=[UserRecord("mara", number=3)],
                categories=[CategoryRecord("boats", "Boats & more")],
                tags=[TagRecord("c", "C")],
                url="https://harbour.example",
            )
        )
    )
    for part in [
        'domain="category" nicename="boats"><![CDATA[Boats &amp; more]]></category>',
        'domain="post_tag" nicename="c"><![CDATA[C]]></category>',
        "<wp:comment_user_id><![CDATA[3]]></wp:comment_user_id>",
        "<wp:comment_type><![CDATA[trackback]]></wp:comment_type>",
        "<wp:comment_author><![CDATA[Ropes &amp; oars « Pier]]></wp:comment_author>",
        "<![CDATA[<strong>Ropes &amp; oars</strong>\n\n[…] words […]]]>",
        "<wp:comment_parent><![CDATA[1]]></wp:comment_parent>",
        "<wp:comment_approved><![CDATA[1]]></wp:comment_approved>",
    ]:
        assert part in text, part


# --- The sample exports ---------------------------------------------------------


@needs_exports
@pytest.mark.parametrize(
    "path", sorted(EXPORTS.glob("*.xml")), ids=lambda path: path.stem
)
def test_every_count_equals_what_stands_in_the_file(path):
    if path.stem == "malformed":
        with pytest.raises(SourceRefused, match="malformed.xml:1: "):
            read(path)
        return
    blog = read(path)
    text = re.sub(r"<!--(?! wp:| /wp:).*?-->", "", path.read_text(), flags=re.DOTALL)
    items = text.split("<item>")[1:]
    kinds = [re.search(r"post_type>(?:<!\[CDATA\[)?([\w-]+)", item) for item in items]
    posts = [k for k in kinds if k is None or k[1] in ("post", "page")]
    assert len(blog.posts) == len(posts)
    assert len(blog.media) == sum(k is not None and k[1] == "attachment" for k in kinds)
    comments = sum(len(re.findall("<wp:comment>", item)) for item in items)
    assert sum(len(post.responses) for post in blog.posts) == comments
    assert all(post.body for post in blog.posts if "<p>" in post.body)


@needs_exports
@pytest.mark.parametrize(
    "path",
    [SAMPLE, *sorted({*EXPORTS.glob("*.xml")} - {EXPORTS / "malformed.xml"})],
    ids=lambda path: path.stem,
)
def test_what_has_to_be_mended_reads_as_what_has_not(tmp_path, path):
    """A blank before its sections of CDATA, and no item is read as it stands."""
    text = path.read_text()
    whole, mended = tmp_path / "whole" / "a.xml", tmp_path / "mended" / "a.xml"
    for file, written in (
        (whole, text),
        (mended, text.replace("><![CDATA[", "> <![CDATA[")),
    ):
        file.parent.mkdir()
        file.write_text(written)
    assert read(mended).posts == read(whole).posts
