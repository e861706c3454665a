"""Whatever bytes come in: an answer, and nothing in it that a browser would run."""

from html.parser import HTMLParser
from itertools import count
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.submission import MAX_BODY_BYTES
from tests.builders import make_post

pytestmark = pytest.mark.django_db

# Every attack carries it, so that it can be told from the page's own markup.
MARK = "zqx"
ATTACKS = [
    b"<script>zqx()</script>",
    b"<zqx onzqx=1>",
    b"</textarea><zqx onclick=zqx>",
    b"\"><zqx onfocus='zqx' autofocus>",
    b"'><img src=zqx onerror=zqx>",
    b"<a href='javascript:zqx'>a</a>",
    b"[a](javascript:zqx)",
    b'[a](https://e.org/"onclick=zqx)',
    b"[a](https://e.org 'x\" onclick=\"zqx')",
    b'<https://e.org/"><zqx>',
    b'https://e.org/"onclick=zqx',
    b"<b\x0conclick=zqx>a</b>",
    b"<pre><zqx></pre><svg onload=zqx>",
    b"```\n</code></pre><zqx>\n```",
    b"javascript:zqx",
    b"https://e.org/'\"><zqx>",
    b"{{ zqx }}{% zqx %}",
    b"\xf0\x9d\x92\xb3 zqx <!--",
    b"<style>zqx</style><!--<zqx>-->",
    b"&#60;script&#62;zqx&lt;/script&gt;",
    b"data:text/html,<zqx>",
    b"zqx@example.org",
    b"1" * 5000,
    b"-1",
    b"\x00zqx",
    b"\xed\xa0\x80zqx\xff\xfe",
    b"\xe2\x80\xaezqx\xe2\x80\x8b",
    b"http://[zqx",
    b"*" * 9000 + b"zqx",
    b"> " * 3000 + b"<zqx>",
    b"a" * (MAX_BODY_BYTES + 1),
]
VALUES = st.lists(st.sampled_from(ATTACKS) | st.binary(max_size=30), max_size=3).map(
    b" ".join
)
NAMES = st.sampled_from(
    [b"body", b"author_name", b"author_email", b"author_url", b"parent", b"next"]
)
FIELDS = st.dictionaries(NAMES | st.binary(max_size=8), VALUES, max_size=6)
CHARSETS = ["", "; charset=utf-8", "; charset=latin-1", "; charset=gb18030"]
NUMBERS = count(1)


def plain():
    """What is taken. From an address of its own: nobody is told to wait."""
    number = next(NUMBERS)
    return {
        b"body": b"I doubt it: %d" % number,
        b"author_name": b"Ann",
        b"author_email": b"ann%d@example.org" % number,
    }


class Reader(HTMLParser):
    """Reads a page as a browser would, and refuses what that would run."""

    def __init__(self):
        super().__init__()
        self.marked = set()
        self.inside = []

    def handle_starttag(self, tag, attrs):
        assert MARK not in tag
        if tag == "textarea":
            self.inside.append(tag)
        named = dict(attrs)
        # A post's JSON-LD is data: a browser never runs it.
        if tag == "script" and named.get("type") != "application/ld+json":
            assert (named.get("src") or "").startswith("/static/")
        for name, value in attrs:
            assert MARK not in name
            assert not name.startswith("on")
            assert name not in ("style", "srcdoc")
            if name in ("href", "src", "action", "formaction", "cite"):
                scheme = (value or "").strip().lower().partition(":")[0]
                assert scheme not in ("javascript", "data", "vbscript")
            if MARK in (value or ""):
                self.marked.add(f"{tag} {name}")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.inside.pop()

    def handle_data(self, data):
        if MARK in data:
            self.marked.add("textarea" if self.inside else "text")

    def handle_comment(self, data):
        assert MARK not in data


def read(response):
    reader = Reader()
    reader.feed(response.text)
    reader.close()
    return reader


def send(client, url, fields, charset=""):
    body = b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode()
        for name, value in fields.items()
    )
    return _post(client, url, body, f"application/x-www-form-urlencoded{charset}")


def send_parts(client, url, fields, charset=""):
    parts = [
        b'--B\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % field
        for field in fields.items()
    ]
    body = b"".join(parts) + b"--B--\r\n"
    return _post(client, url, body, f"multipart/form-data; boundary=B{charset}")


def _post(client, url, body, content_type):
    number = next(NUMBERS)
    return client.generic(
        "POST",
        url,
        body,
        content_type=content_type,
        headers={"sec-fetch-site": "same-origin"},
        REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    )


@pytest.fixture
def post(db):
    return make_post()


through_the_client = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@through_the_client
@given(st.sampled_from([send, send_parts]), FIELDS, st.sampled_from(CHARSETS))
def test_any_bytes_get_an_answer_in_which_nothing_runs(
    client, post, sender, fields, charset
):
    url = f"/comments/reply/{post.pk}/"
    response = sender(client, url, plain() | fields, charset)
    assert response.status_code in (302, 400, 403, 409, 413, 429)
    if response.status_code == 302:
        read(client.get(response["Location"]))
    else:
        assert read(response).marked <= {"textarea", "input value"}


@through_the_client
@given(st.sampled_from([send, send_parts]), VALUES, st.sampled_from(CHARSETS))
def test_a_preview_of_any_bytes_runs_nothing(client, sender, body, charset):
    response = sender(client, "/comments/preview/", {b"body": body}, charset)
    assert response.status_code in (200, 400, 413)
    if response["Content-Type"].startswith("text/html"):
        read(response)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: repr(attack[:30]))
def test_each_attack_in_each_field(client, post, attack):
    for name in ("body", "author_name", "author_email", "author_url", "parent"):
        fields = plain() | {name.encode(): attack}
        response = send(client, f"/comments/reply/{post.pk}/", fields)
        assert response.status_code in (302, 400, 403, 409, 413)
        if response.status_code == 302:
            response = client.get(response["Location"])
        read(response)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b"body=a"),
        ("/", b"body=a"),
        ("text/plain; charset=nonsense", b"body=a"),
        ("application/json", b'{"body": "a"}'),
        ("multipart/form-data", b"body=a"),
        ("multipart/form-data; boundary=", b"body=a"),
        ("multipart/form-data; boundary=B", b""),
        ("multipart/form-data; boundary=B", b"--B\r\n\r\n\r\n--B"),
        (
            "multipart/form-data; boundary=B",
            b"--B\r\nContent-Disposition: form-data; name*=idna''body\r\n\r\na\r\n--B--",
        ),
        (
            "multipart/form-data; boundary=B",
            b'--B\r\nContent-Disposition: form-data; name="body"; filename="a"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--B--\r\n",
        ),
        ("application/x-www-form-urlencoded", b"a=1&" * 3000),
        ("application/x-www-form-urlencoded", b"body=" + b"a" * 3_000_000),
    ],
)
def test_what_is_no_form_is_told_so(client, post, content_type, body):
    for url in ("/comments/preview/", f"/comments/reply/{post.pk}/"):
        response = _post(client, url, body, content_type)
        assert response.status_code in (200, 400, 413)


def test_nothing_typed_is_lost_when_it_comes_back(client, post):
    body = "</textarea>\n\n<zqx> *so* & \"so\" 'so'"
    fields = plain() | {b"body": b"\n" + body.encode(), b"author_email": b"zqx"}
    page = send(client, f"/comments/reply/{post.pk}/", fields).text
    reader = _Textarea()
    reader.feed(page)
    assert reader.text.strip() == body


class _Textarea(HTMLParser):
    text, is_inside = "", False

    def handle_starttag(self, tag, attrs):
        self.is_inside = tag == "textarea" or self.is_inside

    def handle_endtag(self, tag):
        self.is_inside = tag != "textarea" and self.is_inside

    def handle_data(self, data):
        self.text += data if self.is_inside else ""
