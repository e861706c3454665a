"""`…/trackback/`: old blogs are read in their own encodings, and answered in XML."""

from urllib.parse import quote_from_bytes

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.models import Redirect
from comments.models import IncomingPing
from comments.pings import limits
from tests.builders import at, make_comment, make_page, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
SOURCE = "https://there.example/about-talks"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME


@pytest.fixture
def post():
    return make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))


def send(client, post, body: bytes | str, content_type=FORM):
    path = f"{post.get_absolute_url()}trackback/"
    return client.generic("POST", path, body, content_type)


def body_of(**fields: bytes) -> str:
    given = {"url": SOURCE.encode()} | fields
    return "&".join(
        f"{name}={quote_from_bytes(value)}" for name, value in given.items()
    )


def answer(response) -> tuple[str, str | None]:
    """The number and the message, out of XML that is sound."""
    assert response["Content-Type"].startswith("text/xml")
    said = fromstring(response.content)
    assert said.tag == "response"
    return said.findtext("error"), said.findtext("message")


def only() -> IncomingPing:
    return IncomingPing.objects.get()


def test_a_trackback_waits_to_be_verified(client, post):
    body = body_of(title=b"About talks", excerpt=b"They talk.", blog_name=b"There")
    response = send(client, post, body)
    assert (response.status_code, answer(response)) == (200, ("0", None))
    ping = only()
    assert (ping.kind, ping.post, ping.source_url) == ("trackback", post, SOURCE)
    assert ping.target_url == HOME + post.get_absolute_url()
    assert ping.given == {
        "title": "About talks",
        "excerpt": "They talk.",
        "blog_name": "There",
    }


def test_its_address_is_all_that_is_needed(client, post):
    assert answer(send(client, post, body_of())) == ("0", None)
    assert only().given == {"title": "", "excerpt": "", "blog_name": ""}


def test_a_page_takes_trackbacks_too(client):
    about = make_page("About", slug="about")
    team = make_page("Team", slug="team", parent=about)
    assert team.get_absolute_url() == "/about/team/"
    assert answer(send(client, team, body_of())) == ("0", None)
    assert only().post_id == team.pk


def test_who_only_looks_is_sent_to_the_post(client, post):
    for method in (client.get, client.head):
        response = method(f"{post.get_absolute_url()}trackback/")
        assert response.status_code == 301
        assert response["Location"] == post.get_absolute_url()
    for nothing in ("/2006/11/30/nothing/trackback/", "/nothing/trackback/"):
        assert client.get(nothing).status_code == 404
    draft = make_page("Plans", slug="plans", status="draft")
    assert client.get(f"{draft.get_absolute_url()}trackback/").status_code == 404


def test_an_old_address_still_takes_them(client, post):
    Redirect.leave("/2006/11/30/старый/", post.get_absolute_url())
    path = "/2006/11/30/%D1%81%D1%82%D0%B0%D1%80%D1%8B%D0%B9/trackback/"
    assert client.get(path)["Location"] == post.get_absolute_url()
    response = client.post(path, body_of(), content_type=FORM)
    assert answer(response) == ("0", None)
    assert only().post == post


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("&", "Your page can’t be looked at"),
        ("title=Talks", "Your page can’t be looked at"),
        ("url=nonsense", "begin with http"),
        ("url=http://127.0.0.1/", "not on the public internet"),
        ("url=https://blog.example.org/%3C%26%3E", "its own links"),
    ],
)
def test_a_refusal_is_a_good_answer_with_a_sentence(client, post, body, sentence):
    response = send(client, post, body)
    assert response.status_code == 200
    number, message = answer(response)
    assert number == "1"
    assert sentence in message


def test_what_is_not_there_or_closed_or_known_says_so(client, post):
    shut = make_post(pings_open=False)
    assert answer(send(client, shut, body_of())) == ("1", "This takes no pings.")
    response = client.post("/nothing/trackback/", body_of(), content_type=FORM)
    assert answer(response)[0] == "1"
    make_comment(post, kind="trackback", source_url=SOURCE, state="spam")
    number, message = answer(send(client, post, body_of()))
    assert (number, "known here already" in message) == ("1", True)
    assert not IncomingPing.objects.exists()


RUSSIAN, JAPANESE, FRENCH = (
    "О переговорах снова",
    "会談について",
    "À propos – déjà vu",
)


@pytest.mark.parametrize(
    ("text", "codec", "header", "field"),
    [
        (RUSSIAN, "utf-8", "", ""),
        (RUSSIAN, "utf-8", "UTF-8", ""),
        (RUSSIAN, "cp1251", "windows-1251", ""),
        (RUSSIAN, "cp1251", "", "windows-1251"),
        (RUSSIAN, "koi8-r", "KOI8-R", ""),
        (JAPANESE, "shift_jis", "Shift_JIS", ""),
        (JAPANESE, "shift_jis", "", "shift_jis"),
        (JAPANESE, "euc-jp", "EUC-JP", "utf-8"),
        (JAPANESE, "gb18030", "gb2312", ""),
        (FRENCH, "cp1252", "ISO-8859-1", ""),
        (FRENCH, "cp1252", "", "iso-8859-1"),
        (FRENCH, "cp1252", "", ""),
        # It says one thing and sends another.
        (RUSSIAN, "utf-8", "us-ascii-what", "nothing"),
        (RUSSIAN, "cp1251", "utf-8", "windows-1251"),
        (FRENCH, "cp1252", "utf-8", ""),
    ],
)
@pytest.mark.parametrize("is_raw", [False, True])
def test_it_is_read_in_its_own_encoding(
    client, post, text, codec, header, field, is_raw
):
    title = text.encode(codec)
    fields = {"title": title} | ({"charset": field.encode()} if field else {})
    body = body_of(**fields).encode()
    if is_raw:  # as some blogs sent it, not percent-encoded
        body = body.replace(quote_from_bytes(title).encode(), title)
    content_type = f"{FORM}; charset={header}" if header else FORM
    assert answer(send(client, post, body, content_type)) == ("0", None)
    assert only().given["title"] == text


def test_what_is_no_text_in_any_encoding_is_read_as_far_as_can_be(client, post):
    body = body_of(title=b"caf\xe9 \x81\x00", charset=b"unicode_escape")
    assert answer(send(client, post, body)) == ("0", None)
    assert only().given["title"].startswith("café")


def test_what_is_given_is_plain_and_short(client, post):
    body = body_of(
        title=b"<b>About</b>\n\t talks &amp; so on",
        excerpt=b"word " * 1000,
        blog_name=b"x" * 1000,
    )
    send(client, post, body)
    given = only().given
    assert given["title"] == "About talks & so on"
    assert len(given["excerpt"]) <= 1000
    assert given["excerpt"].endswith("word…")
    assert len(given["blog_name"]) == 250


def test_what_is_no_form_or_too_large_is_not_read(client, post):
    for content_type in ("text/xml", "multipart/form-data; boundary=x", "x"):
        number, message = answer(send(client, post, body_of(), content_type))
        assert (number, FORM in message) == ("1", True)
    response = send(client, post, body_of(excerpt=b"a" * 66_000))
    assert (response.status_code, answer(response)[0]) == (413, "1")
    assert answer(send(client, post, body_of() + "&a=b" * 100))[0] == "1"


def test_too_many_are_told_when_to_come_back(client, post, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ABOUT_HOST_AN_HOUR", 1)
    send(client, post, body_of())
    response = send(client, post, body_of(url=b"https://there.example/two"))
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "pages of there.example" in answer(response)[1]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=300) | st.from_regex(rb"(url=|charset=|title=|%..|&|<)*"),
    charset=st.text(alphabet="abcdefu8-_16;\"='", max_size=12),
)
def test_whatever_bytes_come_the_answer_is_sound_xml(client, post, body, charset):
    response = send(client, post, body, f"{FORM}; charset={charset}")
    assert answer(response)[0] == "1"
