"""Posts that take pings say where; nothing else says anything."""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from blog.models import Post, SiteSettings
from comments.templatetags.conversation import trackback_offer
from tests.builders import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
OFFERS = ("X-Pingback", "Link")


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME


def head_links(response) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(response.text)
    links = [(node.attributes["rel"], node) for node in tree.css("head link[rel]")]
    wanted = ("pingback", "webmention")
    return [(rel, node.attributes["href"]) for rel, node in links if rel in wanted]


def rdf_in(html: str) -> list[Element]:
    """The descriptions in the comments of a page, as an HTML parser sees those."""
    found = []

    class Comments(HTMLParser):
        def handle_comment(self, data):
            if "<rdf:RDF" in data:
                found.append(fromstring(data.strip())[0])

    Comments().feed(html)
    return found


def assert_silent(response) -> None:
    assert [name for name in OFFERS if name in response.headers] == []
    assert head_links(response) == []
    assert "rdf:RDF" not in response.text
    assert "/webmention/" not in response.text


def test_a_post_offers_itself_in_headers_and_head(client):
    post = make_post()
    response = client.get(post.get_absolute_url())
    assert response["X-Pingback"] == f"{HOME}/xmlrpc.php"
    assert response["Link"] == f'<{HOME}/webmention/>; rel="webmention"'
    assert head_links(response) == [
        ("pingback", f"{HOME}/xmlrpc.php"),
        ("webmention", f"{HOME}/webmention/"),
    ]
    # WordPress looks for the rel first, and then for the next address.
    assert f'rel="pingback" href="{HOME}/xmlrpc.php"' in response.text


def test_who_asks_for_the_headers_only_gets_them(client):
    post = make_post()
    response = client.head(post.get_absolute_url())
    assert response["X-Pingback"] == f"{HOME}/xmlrpc.php"
    assert "webmention" in response["Link"]
    assert response.content == b""


def test_pages_and_further_pages_of_a_talk_offer_it_too(client):
    post = make_post()
    make_comment(post)
    addresses = [f"{post.get_absolute_url()}comment-page-1/"]
    addresses.append(make_page("About", slug="about").get_absolute_url())
    for address in addresses:
        response = client.get(address)
        assert "X-Pingback" in response.headers
        assert len(head_links(response)) == 2


def test_the_talk_says_where_a_page_can_be_named_by_hand(client):
    post = make_post()
    page = LexborHTMLParser(client.get(post.get_absolute_url()).text)
    link = page.css_first(".tell-us a").attributes["href"]
    form = LexborHTMLParser(client.get(link).text)
    target = form.css_first("input[name=target]").attributes["value"]
    assert target == HOME + post.get_absolute_url()


@pytest.mark.parametrize(
    "fields",
    [
        {"pings_open": False},
        {"password": "secret"},
        {"status": Post.Status.DRAFT},
    ],
)
def test_a_post_that_takes_none_offers_nothing(client, alice, fields):
    post = make_post(author=alice, **fields)
    client.force_login(alice)
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    assert_silent(response)


def test_nothing_is_offered_where_the_blog_takes_none(client):
    SiteSettings(takes_pings=False).save()
    assert_silent(client.get(make_post().get_absolute_url()))


def test_lists_and_what_is_not_there_offer_nothing(client):
    make_post()
    for address in ("/", "/archives/", "/nothing/", "/2006/11/30/nothing/"):
        assert_silent(client.get(address))


def test_everybody_is_offered_the_same(client, bob):
    address = make_post().get_absolute_url()
    before = client.get(address)
    client.force_login(bob)
    after = client.get(address)
    assert [before[name] for name in OFFERS] == [after[name] for name in OFFERS]
    assert head_links(before) == head_links(after)


def test_a_trackback_finds_its_way_by_the_rdf(client):
    post = make_post("Talks & “more” <soon>")
    (offer,) = rdf_in(client.get(post.get_absolute_url()).text)
    said = {name.rpartition("}")[2]: value for name, value in offer.items()}
    permalink = HOME + post.get_absolute_url()
    assert said == {
        "about": permalink,
        "identifier": permalink,
        "title": "Talks & “more” <soon>",
        "ping": f"{permalink}trackback/",
    }


@pytest.mark.parametrize("title", ["--><script>x</script>", "a -- b", "---", "<!--->"])
def test_no_title_ends_the_comment(client, title):
    post = make_post(title, slug="a--b")
    text = client.get(post.get_absolute_url()).text
    (offer,) = rdf_in(text)
    assert title in offer.attrib.values()
    assert HOME + post.get_absolute_url() in offer.attrib.values()
    inside = text.split("<rdf:RDF", 1)[1].split("-->", 1)[0]
    assert "--" not in inside


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="->!<&\"'a ") | st.text())
def test_whatever_a_post_is_called_the_comment_is_whole(title):
    from django.template.loader import render_to_string

    post = Post(title=title or "x", slug="x", published_on=None, pk=1)
    html = render_to_string("comments/_trackback_offer.html", trackback_offer(post))
    assert html.strip().startswith("<!--")
    assert html.strip().endswith("-->")
    assert "--" not in html.strip()[4:-3]
