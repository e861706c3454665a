"""Whatever WordPress had at an address, and however it spelt it: one 301 to where it is."""

from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import publishing, wordpress_addresses
from blog.models import OldFile, OldFileUse, Post, Redirect, Tag
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
TEA, TEAM = "/2006/11/30/green-tea/", "/about/team/"


def make_blog() -> Post:
    """A small one that came from WordPress: its numbers lead on as they did there."""
    asia = make_category("Asia", make_category("News"))
    anna = make_user("anna", role="Author")
    post = make_post(
        "Green tea",
        slug="green-tea",
        author=anna,
        categories=[asia],
        tags=["hot-drinks"],
        published_at=at("2006-11-30 12:00"),
    )
    make_comment(post)
    team = make_page("Team", parent=make_page("About"))
    for old, new in [
        ("/?cat=3", asia.get_absolute_url()),
        ("/?author=7", anna.get_absolute_url()),
        ("/author/anna/", anna.get_absolute_url()),
        ("/?p=1041", post.get_absolute_url()),
        ("/?page_id=1051", team.get_absolute_url()),
    ]:
        Redirect.objects.create(old_path=old, new_path=new)
    return post


def leads(client, path: str) -> str:
    """Where one step leads to, at which there is something."""
    answer = client.get(path)
    assert answer.status_code == 301, (path, answer.status_code)
    place = answer["Location"]
    assert client.get(place).status_code == 200, (path, place)
    return place


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # By number
        ("/?p=1041", TEA),
        ("/?page_id=1041", TEA),
        ("/?p=1041&utm_source=mail&fbclid=x", TEA),
        ("/?utm_source=mail&p=1041", TEA),
        ("/index.php?p=1041", TEA),
        ("/index.php/?p=1041", TEA),
        ("/blog/?p=1041", TEA),
        ("/?p=1041&page=2", TEA),
        ("/?p=1041&cpage=1", f"{TEA}comment-page-1/"),
        ("/?feed=rss2&p=1041", f"{TEA}feed/"),
        ("/?p=1041&feed=atom", f"{TEA}feed/atom/"),
        ("/?page_id=1051", TEAM),
        ("/?comments_popup=1041", TEA),
        ("/archives/1041", TEA),
        ("/archives/1041/", TEA),
        ("/1041/", TEA),
        ("/2006/11/30/1041/", TEA),
        ("/wp-trackback.php?p=1041", TEA),
        ("/wp-trackback.php/1041", TEA),
        ("/wp-commentsrss2.php?p=1041", f"{TEA}feed/"),
        # By name
        ("/?name=green-tea", TEA),
        ("/?year=2006&monthnum=11&day=30&name=green-tea", TEA),
        ("/?pagename=about/team", TEAM),
        ("/2006/11/green-tea/", TEA),
        ("/2006/11/green-tea", TEA),
        ("/2006/green-tea/", TEA),
        ("/2006/11/30/Green-Tea/", TEA),
        ("/index.php/2006/11/30/green-tea/", TEA),
        ("/archives/2006/11/30/green-tea/", TEA),
        ("/blog/2006/11/30/green-tea/", TEA),
        ("/weblog/archives/2006/11/30/green-tea/", TEA),
        ("/2006/11/30/green-tea.html", TEA),
        ("/2006/11/green-tea.php", TEA),
        ("/green-tea/", TEA),
        ("/green-tea", TEA),
        ("/green-tea.html", TEA),
        ("/archives/green-tea/", TEA),
        ("/blog/green-tea/", TEA),
        ("/asia/green-tea/", TEA),
        ("/news/asia/green-tea/", TEA),
        ("/anna/green-tea/", TEA),
        ("/anna/2006/11/30/green-tea/", TEA),
        ("/blog/about/team/", TEAM),
        ("/index.php/about/team", TEAM),
        ("/about/team.html", TEAM),
        # What is below it
        ("/2006/11/30/green-tea/2/", TEA),
        ("/2006/11/30/green-tea/page/2/", TEA),
        ("/2006/11/green-tea.html/12", TEA),
        ("/2006/11/30/1041/2/", TEA),
        ("/2006/11/30/green-tea/2/feed/", f"{TEA}feed/"),
        ("/2006/11/30/green-tea/amp/", TEA),
        ("/2006/11/30/green-tea/trackback/", TEA),
        ("/2006/11/green-tea/trackback", TEA),
        ("/2006/11/green-tea/comment-page-1/", f"{TEA}comment-page-1/"),
        ("/2006/11/green-tea/embed/", f"{TEA}embed/"),
        ("/2006/11/30/green-tea/feed/rss2/", f"{TEA}feed/"),
        ("/2006/11/30/green-tea/feed/rdf", f"{TEA}feed/"),
        ("/2006/11/green-tea/feed/atom/", f"{TEA}feed/atom/"),
        # Categories
        ("/?cat=3", "/category/news/asia/"),
        ("/?cat=3,5", "/category/news/asia/"),
        ("/?cat=99,3", "/category/news/asia/"),
        ("/?cat=3&feed=rss2", "/category/news/asia/feed/"),
        ("/?category_name=asia", "/category/news/asia/"),
        ("/category/asia/", "/category/news/asia/"),
        ("/category/asia", "/category/news/asia/"),
        ("/category/Asia/", "/category/news/asia/"),
        ("/category/elsewhere/asia/", "/category/news/asia/"),
        ("/category/news/asia/feed/rss2/", "/category/news/asia/feed/"),
        ("/category/asia/feed/rss2", "/category/news/asia/feed/"),
        ("/category/asia/feed/atom/", "/category/news/asia/feed/atom/"),
        ("/category/news/asia/page/1/", "/category/news/asia/"),
        ("/category/asia/page/1", "/category/news/asia/"),
        ("/index.php/category/news/", "/category/news/"),
        ("/archives/category/news/", "/category/news/"),
        ("/blog/category/news/asia/", "/category/news/asia/"),
        ("/topics/news/", "/category/news/"),
        ("/topics/news/asia/", "/category/news/asia/"),
        ("/topics/asia/", "/category/news/asia/"),
        ("/topics/news/feed/", "/category/news/feed/"),
        # Tags
        ("/?tag=hot-drinks", "/tag/hot-drinks/"),
        ("/?tag=none+hot-drinks", "/tag/hot-drinks/"),
        ("/archives/tag/hot-drinks/", "/tag/hot-drinks/"),
        ("/keyword/hot-drinks/", "/tag/hot-drinks/"),
        ("/tag/hot-drinks/feed/rss", "/tag/hot-drinks/feed/"),
        ("/tag/HOT-drinks/", "/tag/hot-drinks/"),
        # Authors
        ("/?author=7", "/author/anna-writes/"),
        ("/?author_name=anna", "/author/anna-writes/"),
        ("/author/anna/", "/author/anna-writes/"),
        ("/author/anna/feed/rss2/", "/author/anna-writes/feed/"),
        ("/archives/author/anna/", "/author/anna-writes/"),
        # Dates
        ("/?m=2006", "/2006/"),
        ("/?m=200611", "/2006/11/"),
        ("/?m=20061130", "/2006/11/30/"),
        ("/?m=20061130120000", "/2006/11/30/"),
        ("/?year=2006&monthnum=11", "/2006/11/"),
        ("/archives/2006/11/", "/2006/11/"),
        ("/archives/date/2006/11/", "/2006/11/"),
        ("/date/2006/11/30", "/2006/11/30/"),
        ("/2006/11/feed/", "/feed/"),
        # Feeds
        ("/?feed=rss2", "/feed/"),
        ("/?feed=rdf", "/feed/"),
        ("/?feed=comments-rss2", "/comments/feed/"),
        ("/?feed=comments-atom", "/comments/feed/atom/"),
        ("/feed/rss/", "/feed/"),
        ("/feed/rdf", "/feed/"),
        ("/rss/", "/feed/"),
        ("/rss2", "/feed/"),
        ("/atom/", "/feed/atom/"),
        ("/wp-rss.php", "/feed/"),
        ("/wp-rss2.php", "/feed/"),
        ("/wp-atom.php", "/feed/atom/"),
        ("/wp-feed.php", "/feed/"),
        ("/comments/feed/rss2", "/comments/feed/"),
        ("/comments/feed/rdf/", "/comments/feed/"),
        ("/wp-commentsrss2.php", "/comments/feed/"),
        # All the rest
        ("/index.php", "/"),
        ("/index.php/", "/"),
        ("/page/1/", "/"),
        ("/page/1", "/"),
        ("/wp-login.php", "/accounts/login/"),
        ("/wp-login.php?action=register", "/accounts/login/"),
        ("/wp-sitemap.xml", "/sitemap.xml"),
        ("/search/green+tea/", "/search/?q=green+tea"),
        ("/search/tea", "/search/?q=tea"),
        ("/?s=tea", "/search/?q=tea"),
    ],
)
def test_an_old_address_leads_there_in_one_step(client, old, new):
    make_blog()
    assert leads(client, old) == new


@pytest.mark.parametrize("old", ["/wp-admin/", "/wp-admin", "/wp-admin/edit.php?x=1"])
def test_who_wants_to_write_is_led_to_the_desk(client, old):
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, "/admin/")


@pytest.mark.parametrize(
    "path",
    [
        "/?utm_source=mail",
        "/?cat=-1",
        "/?cat=",
        "/?replytocom=3",
        f"{TEA}?utm_source=mail",
        f"{TEA}?p=3",
        "/category/news/asia/?feed=none",
    ],
)
def test_a_query_that_names_nothing_is_no_matter(client, path):
    make_blog()
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/?p=5555",
        "/?p=x",
        "/?cat=99",
        "/?author=99",
        "/?feed=none",
        "/?tag=none",
        "/?m=200701",
        "/?m=200699",
        "/?attachment_id=12",
        "/?name=none",
        "/2007/11/green-tea/",
        "/2006/10/green-tea/",
        "/2006/13/green-tea/",
        "/elsewhere/green-tea/",
        "/media/green-tea/",
        "/tag/asia/",
        "/category/hot-drinks/",
        "/topics/elsewhere/asia/",
        "/keyword/x/hot-drinks/",
        "/archives/2006/page/9/",
        "/tag/hot-drinks/page/9/",
        "/2006/page/9/",
        "/page/9/",
        "/green-tea.jpg",
        "/wp-cron.php",
        "/wp-content/uploads/green-tea/",
        "/2006/11/30/green-tea/anything/",
        "/2006/11/30/green-tea/attachment/anything/",
        "/2006/11/30/green-tea/anything/feed/",
        "/2006/11/30/green-tea/anything/2/",
        "/2006/11/30/green-tea/2/anything/",
        "/2006/11/30/green-tea/2x/",
        "/2006/11/30/green-tea/2006/",
        "/2006/11/30/green-tea/tag/hot-drinks/",
        "/2006/11/30/1041/anything/",
        "/2006/11/green-tea/anything",
        "/blog/2006/11/30/green-tea/anything/",
    ],
)
def test_what_is_not_here_is_not_found(client, path):
    make_blog()
    assert client.get(path, follow=True).status_code == 404


@pytest.mark.parametrize("page", ["/2006/11/30/green-tea/a-cup", "/2006/a/b"])
def test_the_page_a_file_had_leads_to_the_post_it_was_shown_in(client, page):
    post = make_blog()
    cup = OldFile.objects.create(
        home="harbour.example", name="2006/11/cup.jpg", family="2006/11/cup", page=page
    )
    OldFileUse.objects.create(file=cup, post=post)
    assert leads(client, f"{page}/") == TEA
    assert leads(client, page) == TEA
    assert client.get(f"{page}/anything/").status_code == 404
    assert client.get(f"{page}s/").status_code == 404


def test_two_of_one_name_are_told_apart_by_what_is_said_of_them(client):
    make_blog()
    other = make_post("Tea", slug="green-tea", published_at=at("2007-01-02 12:00"))
    assert leads(client, "/2007/green-tea/") == other.get_absolute_url()
    assert leads(client, "/asia/green-tea/") == TEA
    assert client.get("/green-tea/").status_code == 404


def test_what_nobody_may_read_is_not_told_of(client):
    make_post("Soon", slug="soon", published_at=at("2999-01-01 12:00"))
    make_page("Plans", slug="plans", status="draft")
    for path in ("/soon/", "/2999/soon/", "/blog/plans/", "/?m=2999", "/?name=soon"):
        assert client.get(path).status_code == 404, path


def test_what_moved_here_since_is_found_in_one_step(client):
    post = make_blog()
    tag = Tag.objects.get()
    tag.slug = "hot"
    publishing.save_tag(tag)
    post.slug = "black-tea"
    publishing.save_post(post)
    asia = post.categories.get()
    asia.slug = "east"
    publishing.save_category(asia)
    for old, new in [
        ("/tag/hot-drinks/feed/rss2/", "/tag/hot/feed/"),
        ("/tag/hot-drinks/page/1", "/tag/hot/"),
        ("/2006/11/30/green-tea/feed/rdf/", "/2006/11/30/black-tea/feed/"),
        ("/2006/11/30/green-tea", "/2006/11/30/black-tea/"),
        ("/?p=1041", "/2006/11/30/black-tea/"),
        ("/?cat=3&feed=atom", "/category/news/east/feed/atom/"),
        ("/category/news/asia/feed/rss", "/category/news/east/feed/"),
    ]:
        assert leads(client, old) == new


def test_what_is_gone_says_so_however_it_is_asked_for(client):
    post = make_blog()
    publishing.withdraw([post])
    for path in ("/?p=1041", f"/?p={post.pk}", TEA, f"{TEA}feed/rss2/"):
        assert client.get(path).status_code == 410, path


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/?utm_source=x", 0),
        ("/?p=1041", 3),
        ("/?cat=3", 2),
        ("/?m=200611", 1),
        ("/archives/category/news/", 6),
        ("/elsewhere/green-tea-party/", 9),
    ],
)
def test_it_costs_few_queries(path, count, django_assert_max_num_queries):
    from blog import moved

    make_blog()
    parts = urlsplit(path)
    with django_assert_max_num_queries(count):
        if parts.query:
            moved.by_query(parts.query)
        else:
            moved.new_address(parts.path)


NAMES = st.sampled_from(
    "2006 11 30 99 1041 green-tea asia news tag category author feed rss2 page 1 2 embed"
    " trackback comment-page-2 index.php archives blog date search comments wp-login.php"
    " wp-admin wp-trackback.php amp 차 %ED%B1%98 a.html .. ~ anna hot-drinks about team".split()
)
PATHS = st.lists(NAMES | st.text(max_size=4), max_size=7).map("/".join)
FIELDS = st.sampled_from(
    "p page_id cat tag author author_name m year monthnum day name pagename feed paged s"
    " attachment_id category_name cpage tag_id comments_popup replytocom utm".split()
)
VALUES = st.text(max_size=5) | st.integers().map(str) | NAMES
QUERIES = st.lists(st.tuples(FIELDS, VALUES), max_size=4)


class AnyAddress(TestCase):
    @hypothesis_settings(
        max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None
    )
    @given(PATHS, QUERIES)
    @example("comments/2006", [])
    def test_no_address_is_too_odd(self, path, query):
        """A page, one 301 to a page, or 400, 404, 410."""
        if not Post.objects.exists():
            make_blog()
        # As a server hands it on: the client would take what follows // for a host.
        asked = unquote_to_bytes(f"/{path}").decode("latin-1")
        answer = self.client.get("/", query_params=dict(query), PATH_INFO=asked)
        assert answer.status_code in (200, 301, 302, 400, 404, 405, 410)
        if answer.status_code == 301 and answer["Location"].startswith("/"):
            there = self.client.get(answer["Location"])
            assert there.status_code in (200, 302, 404, 410), answer["Location"]


@given(PATHS, st.text(max_size=30))
def test_an_address_is_read_the_same_with_and_without_its_slash(path, query):
    with_slash = wordpress_addresses.wanted(f"/{path}/", query)
    assert with_slash == wordpress_addresses.wanted(f"/{path}", query)


@pytest.mark.parametrize("name", ["a/b", "/", "..", "\\", "a b", "ä"])
def test_a_name_no_author_can_have_is_not_found(client, db, name):
    assert client.get("/", {"author_name": name}).status_code == 404
