"""Records written as a folder of Markdown are read again as they were."""

import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from blog.transfer import markdown, markdown_write
from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
)

WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=30,
)
LINES = st.lists(WORDS, max_size=4).map("\n".join)
SLUGS = st.from_regex(r"[\w-]{1,12}", fullmatch=True)
GUIDS = st.text("abc/:?#-", min_size=1, max_size=20)
NUMBERS = st.none() | st.integers(1, 10**9)
MOMENTS = st.builds(
    lambda naive, hours: naive.replace(tzinfo=timezone(timedelta(hours=hours))),
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.integers(-11, 11),
)
HTML = (
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<em>", "</em>", "\n", "<ul><li>", "<br>", "* "]
        )
        | WORDS
        | st.sampled_from(['<img src="/media/a.png" alt="a">', "../../media/a.png"]),
        max_size=12,
    ).map("".join)
    | LINES
)


@st.composite
def responses(draw) -> list[ResponseRecord]:
    """In the order of a tree: what answers stands right behind it."""
    found: list[ResponseRecord] = []
    line: list[str] = []
    for number in range(draw(st.integers(0, 14))):
        line = line[: draw(st.integers(0, len(line)))]
        found.append(
            ResponseRecord(
                guid=f"{number}#{draw(GUIDS)}",
                text=draw(LINES),
                created_at=draw(MOMENTS),
                kind=draw(st.sampled_from(["comment", "pingback", "webmention"])),
                state=draw(st.sampled_from(["approved", "pending", "spam", "trash"])),
                number=draw(NUMBERS),
                author=draw(SLUGS | st.just("")),
                author_name=draw(WORDS),
                source_title=draw(WORDS),
                categories=draw(st.lists(WORDS, max_size=2)),
                date_is_estimated=draw(st.booleans()),
                text_format=draw(st.sampled_from(["html", "markdown"])),
                parent=line[-1] if line else None,
            )
        )
        line = [*line, found[-1].guid]
    return found


@st.composite
def posts(draw, guid: str) -> PostRecord:
    status = draw(st.sampled_from(["published", "draft", "private", "trash"]))
    dates = MOMENTS if status == "published" else st.none() | MOMENTS
    return PostRecord(
        guid=guid,
        title=draw(WORDS),
        body=draw(HTML),
        published_at=draw(dates),
        updated_at=draw(st.none() | MOMENTS),
        slug=draw(SLUGS | st.just("")),
        author=draw(st.sampled_from(["", "mara", "ole"])),
        excerpt=draw(LINES),
        kind=draw(st.sampled_from(["post", "page"])),
        status=status,
        password=draw(WORDS),
        is_sticky=draw(st.booleans()),
        comments_open=draw(st.booleans()),
        pings_open=draw(st.booleans()),
        time_is_known=draw(st.booleans()),
        date_is_estimated=draw(st.booleans()),
        categories=draw(st.sampled_from([[], ["news"], ["news", "asia"]])),
        tags=draw(st.sampled_from([[], ["c-plus-plus"]])),
        responses=draw(responses()),
        number=draw(NUMBERS),
        parent=draw(NUMBERS),
        menu_order=draw(st.integers(-5, 5)),
        meta_title=draw(WORDS),
        lead_image=draw(NUMBERS),
        addresses=draw(
            st.lists(st.sampled_from(["/a/", "/?p=1", "/b/c/"]), max_size=3)
        ),
    )


@st.composite
def blogs(draw) -> BlogRecord:
    guids = draw(st.lists(GUIDS, max_size=4, unique=True))
    return BlogRecord(
        title=draw(WORDS),
        tagline=draw(WORDS),
        url=draw(st.sampled_from(["", "https://old.example", "https://old.example/b"])),
        users=[UserRecord("mara", 1, "m@old.example", draw(WORDS)), UserRecord("ole")],
        categories=[
            CategoryRecord("news", draw(WORDS) or "News", description=draw(LINES)),
            CategoryRecord("asia", "Asia", parent="news"),
        ],
        tags=[TagRecord("c-plus-plus", "C++")],
        media=[
            MediaRecord("m", "https://old.example/media/a.png", draw(WORDS), number=3)
        ],
        posts=[draw(posts(guid)) for guid in guids],
    )


def read_again(blog: BlogRecord) -> BlogRecord:
    with tempfile.TemporaryDirectory() as parent:
        picture = Path(parent) / "picture"
        picture.write_bytes(b"bytes of a picture")
        for media in blog.media:
            media.path = str(picture)
        dest = Path(parent) / "blog"
        assert markdown_write.write(blog, dest) == []
        assert markdown.recognises(dest)
        found = markdown.read(dest)
        found.posts = list(found.posts)
        for media in found.media:
            assert Path(media.path).read_bytes() == b"bytes of a picture"
            media.path = str(picture)
    return found


@settings(max_examples=60)
@given(blogs())
def test_a_blog_comes_back_as_it_was(blog):
    found = read_again(blog)
    assert found.warnings == []
    for name in ("title", "tagline", "url", "users", "categories", "tags", "media"):
        assert getattr(found, name) == getattr(blog, name), name
    again = {post.guid: post for post in found.posts}
    assert len(again) == len(list(blog.posts))
    for post in blog.posts:
        read = again[post.guid]
        read.origin, read.line = "", None
        for response in read.responses:
            response.origin = ""
        assert read == post


def test_a_part_of_the_folder_is_read_as_in_the_whole(tmp_path):
    day = datetime(2006, 11, 30, 12, tzinfo=UTC)
    said = [ResponseRecord("r", "Said", day)]
    posts = [PostRecord(n, n, "<p>x</p>", day, slug=n, responses=said) for n in "ab"]
    markdown_write.write(BlogRecord(posts=posts), tmp_path / "blog")
    (path,) = (tmp_path / "blog").rglob("30-a.md")
    (post,) = markdown.read(path).posts
    assert (post.guid, [one.guid for one in post.responses]) == ("a", ["r"])


def test_a_file_that_a_list_names_outside_is_not_taken(tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    markdown_write.write(BlogRecord(), tmp_path / "blog")
    site = tmp_path / "blog" / "blog.yml"
    outside = ["../secret.png", str(tmp_path / "secret.png"), "media/../../secret.png"]
    listed = "".join(
        f"  - url: /{n}.png\n    file: {p}\n" for n, p in enumerate(outside)
    )
    site.write_text(site.read_text().replace("media: []", f"media:\n{listed}"))
    blog = markdown.read(tmp_path / "blog")
    assert [media.path for media in blog.media] == ["", "", ""]


def test_two_posts_of_one_day_and_name_have_a_file_each(tmp_path):
    day = datetime(2006, 11, 30, 12, tzinfo=UTC)
    same = [
        PostRecord(f"{n}", "T", "<p>x</p>", day, slug=s) for n, s in enumerate("aAa")
    ]
    markdown_write.write(BlogRecord(posts=same), tmp_path / "blog")
    names = {path.stem.casefold() for path in (tmp_path / "blog").rglob("30-*.md")}
    assert names == {"30-a", "30-a-2", "30-a-3"}


def test_no_name_leads_out_of_the_folder(tmp_path):
    odd = ["../../../etc/passwd", "con", ".", "..", "a/b", "x" * 400, "", "ü" * 400]
    day = datetime(2006, 11, 30, 12, tzinfo=UTC)
    posts = [
        PostRecord(f"{n}", "", "", day, slug=slug, kind=kind, addresses=[f"/{slug}/"])
        for n, slug in enumerate(odd)
        for kind in ("post", "page")
    ]
    for number, post in enumerate(posts):
        post.guid = str(number)
    dest = tmp_path / "in" / "blog"
    dest.parent.mkdir()
    markdown_write.write(BlogRecord(posts=posts), dest)
    assert len(list(dest.rglob("*.md"))) == len(posts) + 1
    assert {path.name for path in tmp_path.iterdir()} == {"in"}
    assert {path.name for path in dest.parent.iterdir()} == {"blog"}


def test_a_thread_deeper_than_any_nesting_comes_back(tmp_path):
    day = datetime(2006, 11, 30, 12, tzinfo=UTC)
    thread = [
        ResponseRecord(f"{n}", "x", day, parent=str(n - 1) if n else None)
        for n in range(500)
    ]
    blog = BlogRecord(posts=[PostRecord("a", "A", "", day, responses=thread)])
    (post,) = read_again(blog).posts
    assert {one.guid: one.parent for one in post.responses} == {
        one.guid: one.parent for one in thread
    }
    known: set[str | None] = {None}
    for one in post.responses:
        assert one.parent in known
        known.add(one.guid)
