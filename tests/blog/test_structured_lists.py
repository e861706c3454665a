"""What the home page, lists and pages say of themselves: JSON-LD and Open Graph."""

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog import structured_lists
from blog.models import SiteSettings, User
from blog.templatetags.machines import locale
from tests.blog.test_head_tags import head_of
from tests.blog.test_icons import choose
from tests.blog.test_structured_data import HOSTILE, blocks
from tests.builders import (
    at,
    make_category,
    make_media,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
SITE = "https://blog.example"
PROFILES = [{"name": "Mastodon", "url": "https://social.example/@anna"}]


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = SITE


def data_of(client, path):
    return blocks(client.get(path).text)


def _texts(data):
    """Every text in it, however deep."""
    if isinstance(data, dict | list):
        parts = data.values() if isinstance(data, dict) else data
        return [text for part in parts for text in _texts(part)]
    return [data]


def names_in(trail):
    assert trail["@type"] == "BreadcrumbList"
    steps = trail["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    return [(step["name"], step["item"].removeprefix(SITE)) for step in steps]


def test_the_home_page_tells_of_the_blog(client):
    SiteSettings(title="The Long Table", description="Talks.", profiles=PROFILES).save()
    (said,) = data_of(client, "/")
    website, blog, publisher = said["@graph"]
    for part, kind in ((website, "WebSite"), (blog, "Blog")):
        assert part["@type"] == kind
        assert part["url"] == f"{SITE}/"
        assert part["name"] == "The Long Table"
        assert part["description"] == "Talks."
        assert part["inLanguage"] == "en"
        assert part["publisher"] == {"@id": publisher["@id"]}
    assert publisher["sameAs"] == ["https://social.example/@anna"]
    assert publisher["logo"]["width"] == 512
    assert client.get(publisher["logo"]["url"].removeprefix(SITE))
    make_post()
    make_post()
    SiteSettings(posts_per_page=1).save()
    assert data_of(client, "/page/2/") == []


def test_an_authors_page_tells_of_them(client):
    anna = make_user("anna", role="Author", website="https://anna.example", bio="Hi.")
    User.objects.update(profiles=PROFILES)
    make_post(author=anna)
    (said,) = data_of(client, "/author/anna-writes/")
    assert said["@type"] == "ProfilePage"
    person = said["mainEntity"]
    assert person == {
        "@type": "Person",
        "@id": f"{SITE}/author/anna-writes/#person",
        "name": "Anna",
        "url": f"{SITE}/author/anna-writes/",
        "description": "Hi.",
        "sameAs": ["https://anna.example", "https://social.example/@anna"],
    }


def test_a_category_says_where_it_stands(client):
    asia = make_category("Asia", parent=make_category("News"))
    make_post(categories=[asia])
    (trail,) = data_of(client, "/category/news/asia/")
    assert names_in(trail) == [
        ("Quillback", "/"),
        ("News", "/category/news/"),
        ("Asia", "/category/news/asia/"),
    ]


def test_a_page_says_where_it_stands(client):
    about = make_page("About")
    team = make_page("Team", parent=about)
    anna = make_page("Anna", parent=team)
    (trail,) = data_of(client, anna.get_absolute_url())
    assert names_in(trail) == [
        ("Quillback", "/"),
        ("About", "/about/"),
        ("Team", "/about/team/"),
        ("Anna", "/about/team/anna/"),
    ]
    about.status = "draft"
    about.save()
    (trail,) = data_of(client, anna.get_absolute_url())
    assert [name for name, _ in names_in(trail)] == ["Quillback", "Team", "Anna"]
    locked = make_page("Locked", password="tea")
    assert data_of(client, locked.get_absolute_url()) == []


def test_no_name_ends_the_block_it_stands_in(client):
    SiteSettings(title=HOSTILE, description=HOSTILE).save()
    anna = make_user("anna", role="Author", bio=HOSTILE)
    User.objects.filter(pk=anna.pk).update(display_name=HOSTILE)
    news = make_category(HOSTILE, slug="news")
    make_post(author=anna, categories=[news])
    page = make_page(HOSTILE, slug="about")
    for path in ("/", "/author/anna-writes/", "/category/news/", "/about/"):
        names = [
            found for found in _texts(data_of(client, path)) if found == page.title
        ]
        assert names
        assert "alert(1)</script>" not in client.get(path).text


@pytest.mark.parametrize(
    ("path", "kind", "title"),
    [
        ("/", "website", "The Long Table"),
        ("/page/2/", "website", "The Long Table"),
        ("/category/news/", "website", "News"),
        ("/tag/talks/", "website", "talks"),
        ("/author/anna-writes/", "profile", "Anna"),
        ("/2006/", "website", "2006"),
        ("/2006/11/", "website", "November 2006"),
    ],
)
def test_a_list_can_be_shared(client, path, kind, title):
    cover = make_media((1600, 900))
    SiteSettings(title="The Long Table", posts_per_page=1, cover=cover).save()
    anna = make_user("anna", role="Author")
    news = make_category("News", description="What happens.")
    for _ in range(2):
        make_post(
            author=anna,
            categories=[news],
            tags=["talks"],
            published_at=at("2006-11-30 12:00"),
        )
    said = head_of(client, path).said
    assert said["og:type"] == [kind]
    assert said["og:title"] == [title]
    assert said["og:url"] == [SITE + path]
    assert said["og:site_name"] == ["The Long Table"]
    assert said["og:locale"] == ["en_US"]
    assert said["og:image"] == [f"{SITE}{cover.file.url}"]
    assert said["og:image:width"] == ["1600"]
    assert said["twitter:card"] == ["summary_large_image"]


def test_without_a_cover_the_icon_is_shown_and_else_nothing(client, run_tasks):
    assert "og:image" not in head_of(client, "/").said
    choose(run_tasks, make_media((520, 520)))
    said = head_of(client, "/").said
    assert said["og:image"][0].startswith(f"{SITE}/media/icons/")
    assert said["og:image:width"] == ["512"]
    assert said["twitter:card"] == ["summary"]


def test_a_post_says_its_language(client):
    said = head_of(client, make_post(language="pt-br").get_absolute_url()).said
    assert said["og:locale"] == ["pt_BR"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "de_DE"),
        ("de-at", "de_AT"),
        ("ar", "ar_AR"),
        ("zh-hans", "zh_CN"),
        ("zh-Hant-TW", "zh_TW"),
        ("", "en_US"),
        ("fr", "fr_FR"),
    ],
)
def test_a_locale_always_names_a_land(language, said):
    assert locale(language) == said


def test_what_is_said_costs_no_query(django_assert_num_queries):
    anna = make_user("anna", role="Author")
    site = SiteSettings.current()
    with django_assert_num_queries(0):
        structured_lists.of_blog(site)
        structured_lists.of_author(anna)
        structured_lists.trail(site, [("News", "/category/news/")])


def test_a_page_below_others_costs_one_query_more(client):
    about = make_page("About")
    below = make_page("Anna", parent=make_page("Team", parent=about))
    client.get("/about/")
    counts = []
    for page in (about, below):
        with CaptureQueriesContext(connection) as queries:
            client.get(page.get_absolute_url())
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1 <= 12, counts


# --- RSD --------------------------------------------------------------------------


def test_desktop_clients_are_told_that_there_is_nothing_for_them(client):
    answer = client.get("/rsd.xml")
    assert answer.headers["Content-Type"] == "application/rsd+xml; charset=utf-8"
    space = "{http://archipelago.phrasewise.com/rsd}"
    service = ElementTree.fromstring(answer.content).find(f"{space}service")
    assert service.findtext(f"{space}engineName") == "Quillback"
    assert service.findtext(f"{space}homePageLink") == f"{SITE}/"
    assert service.find(f"{space}apis") is not None
    assert not list(service.find(f"{space}apis"))
    old = client.get("/xmlrpc.php?rsd")
    assert (old.status_code, old.headers["Location"]) == (301, "/rsd.xml")
