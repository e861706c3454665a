"""What pages say of themselves, asked for over real connections, hostile ones too."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blog import embed_details, embeds, publishing
from blog.models import Embed, Post
from tests.builders import picture_bytes
from tests.web import answer, redirect

LINK = '<link rel="alternate" type="application/json+oembed" href="{}">'
OG = '<meta property="og:title" content="Page &amp; title">'


def oembed(**said):
    return lambda handler: answer(
        handler, body=json.dumps(said).encode(), Content_Type="application/json"
    )


def picture(handler) -> None:
    answer(handler, body=picture_bytes(size=(2000, 1000)), Content_Type="image/jpeg")


@pytest.fixture
def embedded(web, alice, run_tasks):
    """Stores a post that embeds a page with this head, lets tasks run; the row."""

    def store(head: str | bytes) -> Embed:
        if not callable(head):
            head = head if isinstance(head, bytes) else head.encode()
        web.answers["/page"] = head
        body = f'<figure class="embed"><a href="{web.url("/page")}">x</a></figure>'
        publishing.save_post(Post(title="Post", body=body, author=alice), alice)
        run_tasks()
        return Embed.objects.get()

    return store


def body_html() -> str:
    return Post.objects.get().body_html


def test_open_graph_describes_a_page_and_its_picture_is_kept_here(embedded, web):
    web.answers["/p.jpg"] = picture
    about = '<meta name="description" content="In short."><meta property="og:image" content="/p.jpg">'
    embed = embedded(f"<title>No</title>{OG}{about}<body>")
    assert (embed.state, embed.title, embed.about) == (
        "known",
        "Page & title",
        "In short.",
    )
    assert (embed.picture_width, embed.picture_height) == (1280, 640)
    assert embed.picture.url in body_html()
    assert web.url("/p.jpg") not in body_html()
    with embed.picture.open() as file:
        assert file.read()[8:12] == b"WEBP"
    assert embed.next_try_at is None


def test_oembed_that_a_page_names_says_more(embedded, web):
    web.answers["/oembed"] = oembed(
        title="Better",
        author_name="Ann",
        provider_name="Site",
        html="<script>x</script>",
    )
    embed = embedded(LINK.format("/oembed?a=1&amp;b=2") + OG)
    assert (embed.title, embed.author, embed.site) == ("Better", "Ann", "Site")
    assert web.knocks[-1].path == "/oembed?a=1&b=2"
    assert "script" not in body_html()
    assert "Ann · Site" in body_html()


def test_what_is_not_there_is_left_a_link(embedded, web):
    embed = embedded(lambda handler: answer(handler, 404))
    assert (embed.state, embed.next_try_at) == ("left", None)
    assert web.url("/page") in body_html()


def test_a_server_in_trouble_is_asked_again_and_left_in_the_end(
    embedded, web, run_tasks
):
    embed = embedded(lambda handler: answer(handler, 503))
    assert (embed.state, embed.tries) == ("waiting", 1)
    assert embed.next_try_at > timezone.now()
    for _ in embeds.BACK_OFF_SECONDS:
        Embed.objects.filter(next_try_at__isnull=False).update(
            next_try_at=timezone.now()
        )
        embeds.sweep()
        run_tasks()
    embed.refresh_from_db()
    assert (embed.state, embed.next_try_at) == ("left", None)
    assert len(web.knocks) == 1 + len(embeds.BACK_OFF_SECONDS)


def test_it_is_known_after_the_trouble(embedded, web, run_tasks):
    embedded(lambda handler: answer(handler, 500))
    web.answers["/page"] = OG.encode()
    Embed.objects.update(next_try_at=timezone.now() - timedelta(minutes=1))
    embeds.sweep()
    run_tasks()
    assert "Page &amp; title" in body_html()


def test_a_task_that_is_not_due_does_nothing(embedded, web):
    embed = embedded(OG)
    count = len(web.knocks)
    embeds.look_at(embed.pk)
    assert len(web.knocks) == count


@pytest.mark.parametrize(
    "said",
    [
        b"[" * 100_000,
        b"[1, 2]",
        b'"text"',
        b"{not json",
        b"\xff\xfe{}",
        b"",
        b'{"title": {"a": 1}, "author_name": ["x"], "thumbnail_url": 7}',
        b'{"title": "' + b"x" * 200_000,
    ],
)
def test_hostile_json_leaves_what_the_page_says(embedded, web, said):
    web.answers["/oembed"] = lambda handler: answer(handler, body=said)
    embed = embedded(LINK.format("/oembed") + OG)
    assert (embed.state, embed.title, embed.author) == ("known", "Page & title", "")


@pytest.mark.parametrize(
    "head",
    [
        "<meta " * 60_000,
        '<meta property="og:title" content="' + "x" * 400_000,
        "<div>" * 80_000,
        "<!--" * 100_000,
        "<title>" * 50_000,
        "<link a='" * 50_000,
        "",
    ],
)
def test_hostile_pages_say_nothing(embedded, head):
    embed = embedded(head)
    assert embed.state == "left" or len(embed.title) <= 300


def test_texts_are_short_and_in_a_line(embedded, web):
    text = "a\u202eb\0c\nd\ud800e" + "x" * 5000
    web.answers["/oembed"] = oembed(title=text, author_name="  ")
    embed = embedded(LINK.format("/oembed"))
    assert embed.title.startswith("ab c d exx")
    assert len(embed.title) == 300
    assert embed.author == ""


@pytest.mark.parametrize(
    "bad",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"<html>",
        picture_bytes()[:200],
        b"%PDF-1.4",
        b"x" * (7 * 2**20),
    ],
)
def test_what_is_no_picture_is_not_kept(embedded, web, bad):
    web.answers["/p.jpg"] = lambda handler: answer(handler, body=bad)
    embed = embedded(f'{OG}<meta property="og:image" content="/p.jpg">')
    assert (embed.state, bool(embed.picture)) == ("known", False)


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "data:image/png;base64,x", "file:///etc/passwd", "http://[", "//10.0.0.1/x", "http://127.0.0.1:1/x"],
)  # fmt: skip
def test_a_picture_is_fetched_from_the_web_alone(embedded, web, address):
    embed = embedded(f'{OG}<meta property="og:image" content="{address}">')
    assert (embed.state, bool(embed.picture)) == ("known", False)
    assert [knock.path for knock in web.knocks] == ["/page"]


def test_nobody_is_led_to_a_machine_of_ours(embedded, web):
    embed = embedded(redirect("http://10.0.0.1/"))
    assert embed.state == "left"


def test_what_is_no_page_is_a_link(embedded):
    embed = embedded(
        lambda handler: answer(handler, body=OG.encode(), Content_Type="text/plain")
    )
    assert embed.state == "left"


@given(st.binary(max_size=300), st.text(max_size=300))
def test_reading_never_raises(data, text):
    list(embed_details._head_tags(f"<meta {text}>{text}<title>{text}"))
    said = embed_details.words(text, 50)
    assert len(said) <= 50
    assert said == embed_details.words(said, 50)
    said.encode()
