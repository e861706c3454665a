"""Blogs as records, made up by hypothesis: whatever stands in one, it hangs together."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from blog.transfer.records import (
    BlogRecord,
    CategoryRecord,
    MediaRecord,
    PostRecord,
    ResponseRecord,
    TagRecord,
    UserRecord,
)

# What XML can hold; and its parsers read every end of a line as one newline.
TEXTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
    | st.sampled_from("\n\t<>&\"']["),
    max_size=40,
)
# A name on one line, with nothing around it.
NAMES = TEXTS.map(lambda text: " ".join(text.split()))
SLUGS = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
MOMENTS = st.floats(0, 4e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
PAST = st.integers(0, 1_700_000_000).map(lambda one: datetime.fromtimestamp(one, UTC))
STATES = st.sampled_from(["approved", "pending", "spam", "trash"])
KINDS = st.sampled_from(["comment", "pingback", "trackback", "webmention"])
STATUSES = st.sampled_from(["published", "draft", "pending", "private", "trash"])
BODIES = (
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<em>", "</em>", "\n", "<br>", "[gallery ids=1]", ":)"]
        )
        | TEXTS,
        max_size=6,
    ).map("".join)
    | TEXTS
)


@st.composite
def responses(draw, post: str, logins: list[str], numbers) -> list[ResponseRecord]:
    """A conversation of several trees, what answers behind what it answers."""
    found: list[ResponseRecord] = []
    for place in range(draw(st.integers(0, 6))):
        above = st.sampled_from([one.guid for one in found]) if found else st.nothing()
        found.append(
            ResponseRecord(
                guid=f"{post}#{place}",
                text=draw(TEXTS),
                created_at=draw(PAST),
                kind=draw(KINDS),
                number=next(numbers),
                state=draw(STATES),
                author=draw(st.sampled_from(["", *logins])),
                author_name=draw(NAMES),
                author_email=draw(st.sampled_from(["", "ruth@pier.example"])),
                author_url=draw(st.sampled_from(["", "https://pier.example/"])),
                ip_address=draw(st.sampled_from(["", "192.0.2.7", "2001:db8::7"])),
                user_agent=draw(st.sampled_from(["", "A browser"])),
                date_is_estimated=draw(st.booleans()),
                parent=draw(st.none() | above),
                source_site=draw(NAMES),
                source_title=draw(NAMES),
                source_url=draw(st.sampled_from(["", "https://isle.example/a"])),
                categories=draw(st.lists(SLUGS, max_size=2)),
                text_format=draw(st.sampled_from(["html", "markdown"])),
            )
        )
    return found


@st.composite
def posts(draw, blog: BlogRecord) -> list[PostRecord]:
    logins = [user.login for user in blog.users]
    numbers = iter(range(1, 1000))
    found: list[PostRecord] = []
    for place in range(draw(st.integers(1, 4))):
        guid = f"urn:post:{place}"
        kind = draw(st.sampled_from(["post", "page"]))
        pages = [one.number for one in found if one.kind == "page"]
        above = st.sampled_from(pages) if kind == "page" and pages else st.nothing()
        status = draw(STATUSES)
        is_dated = status in ("published", "private", "trash")
        found.append(
            PostRecord(
                guid=guid,
                title=draw(TEXTS),
                body=draw(BODIES),
                published_at=draw(PAST) if is_dated else None,
                date_is_estimated=draw(st.booleans()) and is_dated,
                updated_at=draw(st.none() | PAST),
                slug=f"{draw(SLUGS)}{place}",
                author=draw(st.sampled_from(["", *logins])),
                excerpt=draw(TEXTS),
                kind=kind,
                status=status,
                password=draw(st.sampled_from(["", "boat"])),
                is_sticky=draw(st.booleans()),
                comments_open=draw(st.booleans()),
                pings_open=draw(st.booleans()),
                categories=draw(_some(one.slug for one in blog.categories)),
                tags=draw(_some(one.slug for one in blog.tags)),
                responses=draw(responses(guid, logins, numbers)),
                number=place + 1,
                parent=draw(st.none() | above),
                menu_order=draw(st.integers(-5, 5)) if kind == "page" else 0,
                language=draw(st.sampled_from(["", "de", "ar"])),
                meta_title=draw(TEXTS),
                meta_description=draw(TEXTS),
                addresses=[
                    f"/{place}/now/",
                    *draw(_some([f"/{place}/old/", f"/?x={place}"])),
                ],
            )
        )
    return found


def _some(names) -> st.SearchStrategy[list[str]]:
    names = list(names)
    if not names:
        return st.just([])
    return st.lists(st.sampled_from(names), max_size=3, unique=True)


@st.composite
def blogs(draw) -> BlogRecord:
    """People, categories in trees, tags, files, posts and pages below one another."""
    blog = BlogRecord(
        title=draw(TEXTS),
        tagline=draw(TEXTS),
        url="https://harbour.example",
        language=draw(st.sampled_from(["en", "de"])),
    )
    for number, login in enumerate(draw(st.lists(SLUGS, max_size=3, unique=True)), 1):
        name = draw(TEXTS)
        blog.users.append(
            UserRecord(
                login,
                number,
                f"{login}@pier.example",
                name,
                draw(NAMES),
                slug=draw(st.sampled_from(["", f"{login}-writes"])),
                addresses=draw(_some([f"/?author={number}", f"/who/{number}/"])),
            )
        )
    for slug in draw(st.lists(SLUGS, max_size=4, unique=True)):
        above = draw(st.sampled_from(["", *(one.slug for one in blog.categories)]))
        name = draw(NAMES) or slug
        former = draw(_some([f"/?cat={slug}", f"/category/was-{slug}/"]))
        blog.categories.append(CategoryRecord(slug, name, above, draw(TEXTS), former))
    for slug in draw(st.lists(SLUGS, max_size=3, unique=True)):
        former = draw(_some([f"/tag/was-{slug}/"]))
        blog.tags.append(TagRecord(slug, f"{slug} {draw(NAMES)}".strip(), former))
    for number in range(draw(st.integers(0, 2))):
        address = f"https://harbour.example/media/{number}.jpg"
        words = draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(st.none() | PAST)
        blog.media.append(MediaRecord(address, address, *words, number + 500))
    blog.posts = draw(posts(blog))
    blog.post_count = len(blog.posts)
    return blog
