"""Whatever a page is made of, looking for an endpoint gives one, or none."""

from hypothesis import example, given
from hypothesis import strategies as st

from blog.fetch import Answer
from blog.web_address import normal
from comments.pings.discover import find_endpoint
from comments.pings.link_header import links_in_header

URL = "https://their.example/talks/"
# What a URL may hold between "<" and ">", commas and semicolons included.
URLS = st.text("abc/:?#[]@!$&'()*+,;=%-._~\"", max_size=20)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz-./:", min_size=1, max_size=10)
NAMES = st.sampled_from(["title", "type", "media", "hreflang", "title*"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=15)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def links(draw):
    """A link as it is written, and what it says."""
    url, rels = draw(URLS), draw(st.lists(WORDS, max_size=3))
    named = " ".join(rels)
    others = [
        f"{draw(NAMES)}{draw(st.sampled_from(['=', ' = ']))}{quoted(draw(VALUES))}"
        for _ in range(draw(st.integers(0, 2)))
    ]
    is_bare = len(rels) == 1 and draw(st.booleans())
    rel = f"{draw(st.sampled_from(['rel', 'REL', 'Rel']))}="
    rel += named if is_bare else quoted(named)
    place = draw(st.integers(0, len(others)))
    parameters = [*others[:place], rel, *others[place:]]
    between = draw(st.sampled_from([";", "; ", " ; "]))
    return f"<{url}>" + "".join(between + one for one in parameters), (
        url,
        frozenset(rels),
    )


@given(st.lists(links(), max_size=4), st.sampled_from([",", ", ", " ,\t", ", ,"]))
def test_a_link_header_is_read_as_it_was_meant(several, between):
    header = between.join(written for written, _ in several)
    assert list(links_in_header(header)) == [meant for _, meant in several]


@given(st.one_of(st.text(), st.text('<>;,="\\ arel', max_size=60)))
@example('<a>; rel="')
@example("<a>;;;")
@example("<a>; rel=")
def test_any_header_can_be_read(text):
    for url, rels in links_in_header(text):
        assert ">" not in url
        assert all(rels)


PIECES = st.sampled_from(
    [
        "<a ", "<link ", "<base ", "<template>", "</template>", "<!--", "-->", "<svg>",
        'rel="webmention" ', "rel=pingback ", 'href="', "href=/x ", '"', "'", ">", "/",
        "http://[", "//", "&#0;", "&#xd800;", "\0", "\ud7ff", "<rdf:Description ",
        f'dc:identifier="{URL}" ', 'trackback:ping="', "<p>", "</p>", "é", " ",
    ]
)  # fmt: skip
PAGES = st.one_of(
    st.binary(max_size=200),
    st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode()),
)
HEADERS = st.dictionaries(
    st.sampled_from(["Link", "X-Pingback", "Content-Type"]),
    st.one_of(
        st.text(st.characters(max_codepoint=255), max_size=30),
        st.sampled_from(["<//[>; rel=webmention", "text/html", "text/html; charset=x"]),
    ),
)


@given(PAGES, HEADERS, st.one_of(st.none(), st.text(max_size=8)))
def test_any_page_can_be_looked_at(body, headers, encoding):
    endpoint = find_endpoint(Answer(URL, 200, headers, body, encoding), URL)
    if endpoint is not None:
        # What can be stored, and asked for.
        assert normal(endpoint.url) == endpoint.url
        assert len(endpoint.url) <= 2000
