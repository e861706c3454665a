"""The sitemaps: all that is public, and nothing else."""

from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from blog import sitemaps
from blog.models import Post, SiteSettings
from tests.builders import (
    at,
    make_category,
    make_media,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
}


@pytest.fixture(autouse=True)
def _site_url(settings):
    settings.SITE_URL = "https://blog.example"


def read(client, address="/sitemap.xml"):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(client, address="/sitemap.xml"):
    """Each path with its entry; an address of another site would show."""
    found = read(client, address).findall("s:url", SPACES)
    entry_of = {
        entry.findtext("s:loc", "", SPACES).removeprefix("https://blog.example"): entry
        for entry in found
    }
    assert len(entry_of) == len(found)
    return entry_of


def changed(entry):
    return entry.findtext("s:lastmod", None, SPACES)


def pictures(entry):
    return [found.text for found in entry.findall("i:image/i:loc", SPACES)]


def test_an_empty_blog_has_its_home_page_alone(client):
    found = entries(client)
    assert list(found) == ["/"]
    assert changed(found["/"]) is None


def test_everything_public_is_listed(client):
    anna = make_user("anna", role="Author")
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    make_category("Empty")
    post = make_post(
        "Talks",
        author=anna,
        categories=[asia],
        tags=["차"],
        published_at=at("2006-11-30 12:00"),
    )
    page = make_page("About", author=make_user("zoe", role="Author"))
    team = make_page("Team", parent=page)
    assert set(entries(client)) == {
        "/",
        post.get_absolute_url(),
        "/about/",
        team.get_absolute_url(),
        "/category/news/",
        "/category/news/asia/",
        "/tag/%EC%B0%A8/",
        "/author/anna-writes/",
    }


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "pending"},
        {"status": "private"},
        {"status": "trash"},
        {"published_at": timezone.now() + timedelta(days=1)},
        {"password": "tea"},
    ],
    ids="draft pending private trash scheduled locked".split(),
)
def test_what_not_everybody_may_read_is_not_there(client, alice, hidden):
    filed = {"categories": [make_category("News")], "tags": ["talks"], "author": alice}
    make_post("Talks", featured_image=make_media(), **filed, **hidden)
    make_page("About", **hidden)
    client.force_login(alice)  # the same for who may read it
    assert list(entries(client)) == ["/"]


def test_the_last_change_is_when_it_was_changed_or_appeared(client):
    before, after = at("2006-11-01 12:00"), at("2006-12-01 12:00")
    edited = make_post(published_at=before, updated_at=after)
    scheduled = make_post(published_at=after, updated_at=before)
    for post in (edited, scheduled):
        found = changed(entries(client)[post.get_absolute_url()])
        assert found == "2006-12-01T12:00:00+00:00"


def test_a_list_changes_with_the_newest_of_its_posts(client):
    anna = make_user("anna", role="Author")
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    for day, category in (("2006-11-01", news), ("2006-12-01", asia)):
        moment = at(f"{day} 12:00")
        make_post(
            author=anna,
            categories=[category],
            tags=["talks"],
            published_at=moment,
            updated_at=moment,
        )
    found = entries(client)
    for path in "/ /category/news/ /category/news/asia/ /tag/talks/".split():
        assert changed(found[path]) == "2006-12-01T12:00:00+00:00"
    assert changed(found["/author/anna-writes/"]) == "2006-12-01T12:00:00+00:00"


def test_the_pictures_of_a_post_are_named(client):
    featured, shown, other = make_media(), make_media(), make_media()
    paper = make_media()
    type(paper).objects.filter(pk=paper.pk).update(width=None)
    body = "".join(
        f'<p><img src="{media.file.url}" alt=""></p>' for media in (shown, featured)
    )
    body += f'<p><a href="{paper.file.url}">Paper</a></p>'
    post = make_post(body=body, featured_image=featured)
    make_post(body=f'<img src="{other.file.url}" alt="">', password="tea")
    bare = make_post()
    found = entries(client)
    assert pictures(found[post.get_absolute_url()]) == [
        f"https://blog.example{media.file.url}" for media in (featured, shown)
    ]
    assert pictures(found[bare.get_absolute_url()]) == []
    assert other.file.url not in client.get("/sitemap.xml").text


def parts_of(client):
    return [
        found.text.removeprefix("https://blog.example")
        for found in read(client).findall("s:sitemap/s:loc", SPACES)
    ]


@pytest.fixture
def _few_in_one(monkeypatch):
    monkeypatch.setattr("blog.views.machines.MAX_ADDRESSES", 2)


@pytest.mark.usefixtures("_few_in_one")
def test_beyond_the_limit_there_is_a_list_of_files(client):
    posts = [make_post(pk=number) for number in (1, 999, 1000, 3999)]
    page = make_page("About", pk=2000)
    parts = parts_of(client)
    assert parts == [
        "/sitemap-home-1.xml",
        *(f"/sitemap-posts-{number}.xml" for number in (1, 2, 4)),
        "/sitemap-pages-3.xml",
    ]
    found = [path for part in parts for path in entries(client, part)]
    addresses = [post.get_absolute_url() for post in posts]
    assert found == ["/", *addresses, page.get_absolute_url()]


@pytest.mark.usefixtures("_few_in_one")
def test_a_file_stays_as_it_is_when_a_post_of_another_goes(client):
    posts = [make_post(pk=number) for number in (1, 2, 1000)]
    before = client.get("/sitemap-posts-2.xml").content
    posts[0].delete()
    assert client.get("/sitemap-posts-2.xml").content == before


@pytest.mark.usefixtures("_few_in_one")
def test_a_file_whose_posts_are_all_locked_is_not_there(client):
    for number in (1, 1000, 1001, 2000):
        make_post(pk=number)
    assert "/sitemap-posts-2.xml" in parts_of(client)
    Post.objects.filter(pk__in=(1000, 1001)).update(password="tea")
    assert "/sitemap-posts-2.xml" not in parts_of(client)
    assert client.get("/sitemap-posts-2.xml").status_code == 404


@pytest.mark.usefixtures("_few_in_one")
def test_no_file_that_is_listed_is_empty(client):
    """Of what shows nothing, or nothing that all may read, there is none."""
    make_category("Empty")
    make_post(categories=[make_category("Locked")], tags=["tea"], password="tea")
    make_post(pk=4000)
    make_post(pk=5000)
    assert parts_of(client) == [
        "/sitemap-home-1.xml",
        "/sitemap-posts-5.xml",
        "/sitemap-posts-6.xml",
    ]


@pytest.mark.slow
def test_more_posts_than_go_into_one_are_two_files(
    client, django_assert_max_num_queries
):
    """With the numbers that hold on a real blog."""
    first, size = at("1990-01-01 12:00"), sitemaps.SIZE
    Post.objects.bulk_create(
        Post(
            pk=number,
            title=f"Post {number}",
            slug=f"post-{number}",
            status=Post.Status.PUBLISHED,
            published_at=(moment := first + timedelta(days=number % 9000)),
            published_on=moment.date(),
        )
        for number in range(size, 3 * size + 1)
    )
    with django_assert_max_num_queries(12):
        parts = parts_of(client)
    assert parts == [
        f"/sitemap-{name}.xml" for name in ("home-1", "posts-2", "posts-3", "posts-4")
    ]
    with django_assert_max_num_queries(4):
        assert len(entries(client, parts[1])) == size
    assert len(entries(client, parts[3])) == 1
    # Neither the number of addresses nor the size the protocol allows is passed.
    assert len(client.get(parts[1]).content) < 50 * 2**20


def test_what_machines_read_is_no_page_to_be_listed(client):
    post = make_post()
    for path in ("/sitemap.xml", "/rsd.xml", "/feed/", "/feed/json/"):
        assert client.get(path)["X-Robots-Tag"] == "noindex", path
    assert "X-Robots-Tag" not in client.get(post.get_absolute_url())


@pytest.mark.parametrize(
    "part",
    ["posts-0", "posts-2", "posts-99999999999", "posts-9999999999999999999", "users-1"],
)
def test_a_file_that_is_not_there_is_not_found(client, part):
    make_post(pk=1)
    assert client.get(f"/sitemap-{part}.xml").status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-posts-1.xml"])
def test_who_has_it_already_is_told_so(client, address):
    post, _ = make_post(pk=1), make_post(pk=2)
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    Post.objects.filter(pk=post.pk).update(password="tea")
    gone = client.get(address, headers={"if-none-match": tag})
    assert gone.status_code == 200
    assert post.get_absolute_url() not in gone.text


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-posts-1.xml"])
def test_many_posts_cost_no_more_queries(
    client, address, django_assert_max_num_queries
):
    category, media = make_category("News"), make_media()

    def fill(numbers):
        for number in numbers:
            make_post(
                pk=number,
                categories=[category],
                tags=["talks"],
                featured_image=media,
                body=f'<img src="{media.file.url}" alt="">',
            )

    fill(range(1, 4))
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address)
    fill(range(4, 301))
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_blog_that_is_not_to_be_found_has_none(client):
    SiteSettings(hides_from_search=True).save()
    make_post()
    assert client.get("/sitemap.xml").status_code == 404
    assert client.get("/sitemap-posts-1.xml").status_code == 404


def test_wordpresss_address_leads_there(client):
    response = client.get("/wp-sitemap.xml")
    assert (response.status_code, response["Location"]) == (301, "/sitemap.xml")
