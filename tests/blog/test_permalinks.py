"""Which post an address leads to: the one a reader would land on."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import publishing
from blog.models import Post, Redirect
from blog.permalinks import find_post, is_ours, other_view
from tests.builders import at, make_category, make_page, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = HOME
    settings.ALLOWED_HOSTS = ["blog.example.org", "www.example.org", "127.0.0.1", "*"]


@pytest.fixture
def post():
    return make_post(slug="talks", published_at=at("2006-11-30 12:00"))


@pytest.mark.parametrize(
    "address",
    [
        "https://blog.example.org/2006/11/30/talks/",
        "http://blog.example.org/2006/11/30/talks/",
        "HTTPS://Blog.Example.ORG/2006/11/30/talks/",
        "https://blog.example.org:443/2006/11/30/talks/",
        "http://blog.example.org:80/2006/11/30/talks/",
        "https://blog.example.org./2006/11/30/talks/",
        "https://www.example.org/2006/11/30/talks/",
        "https://blog.example.org/2006/11/30/talks",
        "https://blog.example.org/2006/11/30/talks/#comment-12",
        "https://blog.example.org/2006/11/30/talks/?utm_source=mail",
        "https://blog.example.org/2006/11/30/talks/comment-page-2/",
        "https://blog.example.org/2006/11/30/talks/comment-page-2",
        "https://blog.example.org/2006/11/30/%74alks/",
    ],
)
def test_it_finds_a_post_however_its_address_is_spelt(post, address):
    assert is_ours(address)
    assert find_post(address) == post
    assert other_view(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/2006/11/30/talks/",
        "https://blog.example.org.elsewhere.example/2006/11/30/talks/",
        "https://blog.example.org:8443/2006/11/30/talks/",
        "http://127.0.0.1/2006/11/30/talks/",
        "http://localhost:443/2006/11/30/talks/",
        "https://blog.example.org@elsewhere.example/2006/11/30/talks/",
        "https://login@blog.example.org/2006/11/30/talks/",
        "ftp://blog.example.org/2006/11/30/talks/",
        "//blog.example.org/2006/11/30/talks/",
        "/2006/11/30/talks/",
        "https://blog.example.org:port/2006/11/30/talks/",
        "https://[blog.example.org/2006/11/30/talks/",
        "https:///2006/11/30/talks/",
        "",
    ],
)
def test_an_address_of_somebody_else_is_not_ours(post, address):
    assert not is_ours(address)
    assert find_post(address) is None
    assert other_view(address) is None


@pytest.mark.parametrize(
    "path",
    [
        "/2006/11/30/talk/",
        "/2006/02/30/talks/",
        "/0000/11/30/talks/",
        "/talk/",
        "/no/such/page",
        "/?p=99999",
        "/?p=99999999999999999999999999",
        "/?p=talks",
        "/?page_id=",
        "/2006/11/30/talks%00/",
        "/%00",
        "/%ff%fe/",
        "/comments/judge/",
    ],
)
def test_where_no_post_is_none_is_found(post, path):
    assert is_ours("https://blog.example.org/2006/11/30/")
    assert find_post(HOME + path) is None


def test_a_blog_on_this_machine_is_known_by_its_port(settings, post):
    settings.SITE_URL = "http://127.0.0.1:8000"
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert find_post(f"http://{host}:8000/2006/11/30/talks/") == post
        assert not is_ours(f"http://{host}:8001/2006/11/30/talks/")
        assert not is_ours(f"http://{host}/2006/11/30/talks/")
    assert find_post("https://www.example.org/2006/11/30/talks/") == post


def test_a_number_leads_to_the_post(post):
    assert find_post(f"{HOME}/?p={post.pk}") == post
    assert find_post(f"{HOME}?p={post.pk}") == post
    page = make_page("About", slug="about")
    assert find_post(f"{HOME}/?page_id={page.pk}").pk == page.pk


def test_a_page_is_found_by_its_whole_path():
    about = make_page("About", slug="about")
    team = make_page("Team", slug="team", parent=about)
    assert find_post(f"{HOME}/about/team/").pk == team.pk
    assert find_post(f"{HOME}/about/team").pk == team.pk
    assert find_post(f"{HOME}/about/comment-page-1/").pk == about.pk
    assert find_post(f"{HOME}/team/") is None


def test_a_slug_in_another_script_is_found_encoded_or_not():
    post = make_post(slug="пример", published_at=at("2006-11-30 12:00"))
    encoded = quote("пример")
    for slug in ("пример", encoded, encoded.lower()):
        assert find_post(f"{HOME}/2006/11/30/{slug}/") == post


def test_what_is_not_public_is_nowhere(post):
    for fields in (
        {"status": Post.Status.DRAFT},
        {"status": Post.Status.PRIVATE},
        {"status": Post.Status.TRASH},
        {"published_at": timezone.now() + timedelta(days=1)},
    ):
        hidden = make_post(**fields)
        assert find_post(f"{HOME}/?p={hidden.pk}") is None
        assert find_post(f"{HOME}{hidden.get_absolute_url()}") is None


def test_an_address_it_had_once_leads_to_it(post):
    Redirect.leave("/index.php/2006/talks.html", post.get_absolute_url())
    Redirect.leave("/2006/11/30/old/", post.get_absolute_url())
    Redirect.leave("/?article=7", post.get_absolute_url())
    Redirect.leave(quote("/старый/"), f"http://blog.example.org/?p={post.pk}")
    for path in (
        "/index.php/2006/talks.html",
        "/2006/11/30/old/",
        "/2006/11/30/old",
        "/2006/11/30/old/comment-page-3/",
        "/?article=7",
        "/старый",
    ):
        assert find_post(HOME + path) == post


def test_the_address_before_a_new_date_that_came_leads_to_it(post, time_machine):
    old = HOME + post.get_absolute_url()
    publishing.save_post(post)
    post.published_at = timezone.now() + timedelta(days=1)
    publishing.save_post(post)
    assert find_post(old) is None
    time_machine.move_to(post.published_at + timedelta(minutes=1))
    assert find_post(old) == post


def test_one_step_and_no_more_is_gone_and_nowhere_else(post):
    Redirect.objects.create(old_path="/gone/", new_path="")
    Redirect.objects.create(old_path="/away/", new_path="https://elsewhere.example/")
    Redirect.objects.create(old_path="/circle/", new_path="/circle")
    for path in ("/gone/", "/away/", "/circle/"):
        assert find_post(HOME + path) is None


@pytest.mark.parametrize(
    "path", ["/", "/page/2/", "/archives/", "/2006/11/", "/category/news/", "/admin/"]
)
def test_what_is_ours_and_no_post_is_told_from_nothing(path):
    make_category("News", slug="news")
    assert find_post(HOME + path) is None
    assert other_view(HOME + path) is not None


def test_nothing_is_no_other_view():
    for path in ("/?p=99999", "/nothing/", "/2006/11/30/nothing/"):
        assert other_view(HOME + path) is None


@hypothesis_settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60) | st.text(alphabet="/%?#&=:.@[]0p-", max_size=40))
def test_no_address_is_too_odd_to_be_looked_up(text):
    for address in (text, HOME + text, f"{HOME}/{text}", f"{HOME}/2006/11/30/{text}/"):
        assert find_post(address) is None
        other_view(address)
