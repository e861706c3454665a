"""Posts as other blogs show them: oEmbed, and the page they may frame.

https://oembed.com
"""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from defusedxml import ElementTree

from blog import embed_details
from blog.models import Post, Redirect, SiteSettings
from tests.builders import at, make_media, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
SITE = "https://blog.example"
SECRET = "Nobody may know"


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["blog.example", "testserver"]


@pytest.fixture
def post():
    return make_post(
        "Six nations & <parting>",
        body="<p>They talked.</p>",
        author=make_user("anna", role="Author"),
        published_at=at("2006-11-30 12:00"),
    )


def ask(client, url, **fields):
    return client.get("/oembed/", {"url": url, **fields})


def said_of(client, post, **fields):
    answer = ask(client, SITE + post.get_absolute_url(), **fields)
    assert answer.status_code == 200
    return json.loads(answer.content)


def elements(markup, *names):
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag in names:
                found.append(dict(attributes))

    Reader().feed(markup)
    return found


def test_a_post_is_told_of(client, post):
    said = said_of(client, post)
    address = f"{SITE}/2006/11/30/six-nations-parting/"
    html = said.pop("html")
    assert said == {
        "type": "rich",
        "version": "1.0",
        "title": "Six nations & <parting>",
        "author_name": "Anna",
        "author_url": f"{SITE}/author/anna-writes/",
        "provider_name": "Quillback",
        "provider_url": f"{SITE}/",
        "cache_age": 600,
        "width": 600,
        "height": 337,
    }
    assert f'<a href="{address}">Six nations &amp; &lt;parting&gt;</a>' in html
    assert "<p>They talked.</p>" in html
    assert "<script" not in html
    (frame,) = elements(html, "iframe")
    assert frame["src"] == f"{address}embed/"
    assert frame["sandbox"] == "allow-scripts"
    assert "hidden" in frame


def test_as_a_document_it_says_the_same(client, post):
    answer = ask(client, SITE + post.get_absolute_url(), format="xml")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "oembed"
    said = {element.tag: element.text for element in root}
    assert said == {name: str(value) for name, value in said_of(client, post).items()}


def test_any_page_may_read_it_and_keep_it(client, post):
    answer = ask(client, SITE + post.get_absolute_url())
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert not answer.cookies
    tag = {"if-none-match": answer.headers["ETag"]}
    again = client.get("/oembed/", {"url": SITE + post.get_absolute_url()}, headers=tag)
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "width", "height"),
    [
        ({"maxwidth": "400"}, 400, 225),
        ({"maxwidth": "50", "maxheight": "120"}, 200, 120),
        ({"maxwidth": "9999", "maxheight": "9999"}, 600, 337),
        ({"maxwidth": "x", "maxheight": "-3"}, 600, 337),
        ({"maxwidth": "9" * 400}, 600, 337),
    ],
)
def test_it_is_no_larger_than_was_asked_for(client, post, asked, width, height):
    said = said_of(client, post, **asked)
    assert (said["width"], said["height"]) == (width, height)


def test_the_picture_is_as_large_as_fits(client, run_tasks):
    media = make_media((1600, 900))
    post = make_post(featured_image=media)
    run_tasks()
    for asked, width in (({}, 1600), ({"maxwidth": "900"}, 800)):
        said = said_of(client, post, **asked)
        assert said["thumbnail_url"].startswith(f"{SITE}/media/")
        assert said["thumbnail_width"] == width
        assert said["thumbnail_height"] == width * 9 / 16
    assert "thumbnail_url" not in said_of(client, post, maxwidth="100")


@pytest.mark.parametrize("where", ["old", "/?p={pk}", "no slash", "comments"])
def test_a_post_is_found_wherever_it_can_be_linked(client, post, where):
    path = post.get_absolute_url()
    if where == "old":
        Redirect.leave("/old/", path)
    place = {
        "old": "/old/",
        "/?p={pk}": f"/?p={post.pk}",
        "no slash": path.rstrip("/"),
        "comments": f"{path}comment-page-2/#comment-3",
    }[where]
    answer = ask(client, SITE + place)
    assert json.loads(answer.content)["title"] == post.title


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://blog.example/",
        "https://blog.example/2006/11/30/none/",
        "https://elsewhere.example/2006/11/30/six-nations-parting/",
        "javascript:alert(1)",
        "https://[",
        "https://blog.example/%00/",
        "x" * 5000,
    ],
)
def test_what_is_no_post_is_not_found(client, post, url):
    answer = ask(client, url)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"status": "private"}, {"status": "trash"}], ids=str
)
def test_what_is_not_public_is_not_there(client, alice, hidden):
    post = make_post(SECRET, author=alice, slug="secret", **hidden)
    client.force_login(alice)  # the same for who may read it
    path = "/2006/11/30/secret/"
    Post.objects.filter(pk=post.pk).update(published_on="2006-11-30")
    for place in (f"/?p={post.pk}", path):
        assert ask(client, SITE + place).status_code == 404
    assert client.get(f"{path}embed/").status_code == 404


def test_a_locked_post_needs_its_password(client):
    post = make_post("Locked", body=f"<p>{SECRET}</p>", excerpt=SECRET, password="tea")
    answer = ask(client, SITE + post.get_absolute_url())
    assert answer.status_code == 401
    assert SECRET not in answer.text
    framed = client.get(f"{post.get_absolute_url()}embed/")
    assert SECRET not in framed.text
    assert "opens with a password" in framed.text
    assert "+oembed" not in client.get(post.get_absolute_url()).text


@pytest.mark.parametrize("form", ["yaml", "JSON", "", "xml\0"])
def test_a_format_we_do_not_speak_is_not_implemented(client, post, form):
    answer = ask(client, SITE + post.get_absolute_url(), format=form)
    assert answer.status_code == (400 if "\0" in form else 501)


def test_who_only_asks_may_not_send(client):
    assert client.post("/oembed/").status_code == 405


def test_a_post_says_where_it_is_told_of(client, post):
    page = client.get(post.get_absolute_url()).text
    for form, kind in (("json", "application/json"), ("xml", "text/xml")):
        (link,) = [
            found
            for found in elements(page, "link")
            if found.get("type") == f"{kind}+oembed"
        ]
        assert link["href"].startswith(f"{SITE}/oembed/?url={quote(SITE, safe='')}")
        answer = client.get(link["href"].removeprefix(SITE))
        assert answer.headers["Content-Type"].startswith(
            "application/json" if form == "json" else "text/xml"
        )
    draft = client.get("/").text
    assert "+oembed" not in draft


def test_our_own_consumer_reads_our_own_provider(client, post, monkeypatch):
    class Answer:
        url = f"{SITE}/oembed/"
        body = ask(client, SITE + post.get_absolute_url()).content

    details = embed_details._of_oembed(Answer)
    assert details.title == post.title
    assert (details.author, details.site) == ("Anna", "Quillback")


def test_wordpress_takes_it(client, post):
    """Of a blog it does not know it keeps links, quotations and frames, and wants a frame."""
    html = said_of(client, post)["html"]
    kept = re.sub(r"<(?!/?(?:a|blockquote|iframe)\b)[^>]*>", "", html)
    kept = re.sub(r"<blockquote[^>]*>", "<blockquote>", kept)
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", kept)
    assert "They talked." in found[1]
    assert re.search(r' src="([^"]*)"', found[2])[1].endswith("/embed/")


def test_it_costs_few_queries(client, django_assert_max_num_queries):
    post = make_post(featured_image=make_media(), author=make_user("zoe"))
    with django_assert_max_num_queries(6):
        ask(client, SITE + post.get_absolute_url())
    with django_assert_max_num_queries(5):
        client.get(f"{post.get_absolute_url()}embed/")


# --- The page others frame ------------------------------------------------------


def test_others_may_frame_a_post_and_nothing_else(client, post):
    framed = client.get(f"{post.get_absolute_url()}embed/")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in framed.headers
    assert framed.headers["X-Robots-Tag"] == "noindex"
    assert not framed.cookies
    assert "<form" not in framed.text
    links = elements(framed.text, "a")
    assert links
    assert {link["target"] for link in links} == {"_top"}
    for path in ("/", post.get_absolute_url()):
        page = client.get(path)
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"


def test_pages_have_one_too_at_wordpresss_address(client):
    about = make_page("About")
    team = make_page("Team", parent=about)
    for page in (about, team):
        framed = client.get(f"{page.get_absolute_url()}embed/")
        assert f">{page.title}</a>" in framed.text
        said = said_of(client, page)
        assert said["title"] == page.title
    assert client.get("/none/embed/").status_code == 404


def test_a_post_that_moved_takes_it_along(client, post):
    was = post.get_absolute_url()
    post.slug = "parting"
    post.save()
    Redirect.leave(was, post.get_absolute_url())
    answer = client.get(f"{was}embed/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{post.get_absolute_url()}embed/"


def test_a_hostile_title_is_only_a_title(client):
    SiteSettings(title='"><script>alert(1)</script>').save()
    post = make_post('"></iframe><script>alert(1)</script>', excerpt="</blockquote>")
    html = said_of(client, post)["html"]
    assert "<script" not in html
    assert html.count("</iframe>") == html.count("</blockquote>") == 1
    assert "<script>alert" not in client.get(f"{post.get_absolute_url()}embed/").text
