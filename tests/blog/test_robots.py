"""What robots are asked, and how a blog keeps out of search engines."""

from urllib.robotparser import RobotFileParser

import pytest

from blog.models import SiteSettings
from tests.builders import make_page, make_post

pytestmark = pytest.mark.django_db
NOINDEX = '<meta name="robots" content="noindex, nofollow">'


def rules(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/preview/x/"])
def test_what_is_nobodys_business_is_kept_out(client, path):
    assert not rules(client).can_fetch("anyone", path)


def test_what_is_public_may_be_read(client):
    may = rules(client)
    paths = [
        make_post().get_absolute_url(),
        make_page("Administration").get_absolute_url(),
    ]
    for path in ["/", "/static/blog/icon.svg", "/media/a.jpg", *paths]:
        assert may.can_fetch("anyone", path)


def test_the_sitemap_is_named(client, settings):
    settings.SITE_URL = "https://blog.example"
    assert rules(client).site_maps() == ["https://blog.example/sitemap.xml"]


def test_a_blog_that_is_to_be_found_says_nothing_against_it(client):
    assert NOINDEX not in client.get("/").text
    assert NOINDEX not in client.get(make_post().get_absolute_url()).text


def test_a_keeper_can_ask_search_engines_to_stay_away(client, admin_client):
    page = admin_client.get("/admin/blog/sitesettings/1/change/")
    assert 'name="hides_from_search"' in page.text
    SiteSettings(hides_from_search=True).save()
    for path in ("/", "/archives/", make_post().get_absolute_url()):
        assert NOINDEX in client.get(path).text
    # Who may not fetch a page never reads that it is not to be listed.
    assert rules(client).can_fetch("anyone", "/")
    assert rules(client).site_maps() is None
