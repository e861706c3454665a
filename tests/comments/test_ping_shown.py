"""How a ping is shown below its post: title, who, where, in one breath."""

import mf2py
import pytest

from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db
HERE = "https://blog.example.org/"


@pytest.fixture
def shown(client):
    """The part of the page that shows this ping, and what microformats say of it."""

    def shown(body="[…] so they say […]", **fields):
        values = {
            "kind": "webmention",
            "author_name": "",
            "author_email": "",
            "source_url": "https://there.example/caf%C3%A9/",
        }
        post = make_post()
        make_comment(post, body, **(values | fields))
        page = client.get(post.get_absolute_url()).content.decode()
        start = page.index('<li class="ping"')
        piece = page[start : page.index("</li>", start)]
        [entry] = mf2py.parse(doc=f"<div class=h-entry>{piece}</div>", url=HERE)[
            "items"
        ]
        return piece, entry["properties"]

    return shown


def test_its_title_leads_to_the_page(shown):
    piece, said = shown(source_title="What came of it", source_site="There")
    link = (
        'rel="ugc nofollow noopener" href="https://there.example/caf%C3%A9/" dir="auto"'
    )
    assert f"{link}>What came of it</a>" in piece
    assert ">There</bdi>" in piece
    [cite] = said["comment"]
    assert cite["type"] == ["h-cite"]
    assert cite["properties"]["name"] == ["What came of it"]
    assert cite["properties"]["url"] == ["https://there.example/caf%C3%A9/"]


def test_a_page_without_a_title_is_named_by_its_address(shown):
    piece, _ = shown()
    assert ">there.example/café/</a>" in piece
    assert "ping-site" not in piece


def test_a_page_whose_blog_is_not_known_names_its_host(shown):
    piece, _ = shown(source_title="What came of it")
    assert '<bdi class="ping-site">there.example</bdi>' in piece


def test_its_author_is_linked(shown):
    piece, said = shown(author_name="Anna", author_url="https://anna.example/")
    assert 'noopener" href="https://anna.example/">Anna</a>' in piece
    [author] = said["comment"][0]["properties"]["author"]
    assert author["properties"]["name"] == ["Anna"]


@pytest.mark.parametrize(
    ("type_", "words", "property_"),
    [
        ("repost", "reposted this", "repost"),
        ("bookmark", "bookmarked this", "bookmark"),
    ],
)
def test_a_gesture_is_one_sentence(shown, type_, words, property_):
    piece, said = shown("", source_data={"type": type_}, author_name="Anna")
    assert ">Anna</span></bdi>" in piece
    assert f">{words}</a>" in piece
    assert "ping-excerpt" not in piece
    [cite] = said[property_]
    assert cite["properties"]["author"][0]["properties"]["name"] == ["Anna"]


def test_a_gesture_of_nobody_known_is_its_blogs(shown):
    piece, _ = shown("", source_data={"type": "repost"}, source_title="A copy")
    assert ">there.example</span>" in piece


def test_the_words_of_a_page_are_no_markup(shown):
    piece, _ = shown("[…] a &lt;b&gt; c […]", source_title="<i>x</i>")
    assert "a &lt;b&gt; c" in piece
    assert "&lt;i&gt;x&lt;/i&gt;" in piece
