import pytest

from blog.models import Category, SiteSettings
from tests.builders import (
    at,
    make_category,
    make_comment,
    make_page,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db


def headlines(response):
    return [post.headline for post in response.context["page"].object_list]


def test_the_home_page_lists_the_newest_first(client):
    make_post("Older", published_at=at("2006-11-19 12:00"))
    make_post("Newer", published_at=at("2006-12-20 12:00"))
    assert headlines(client.get("/")) == ["Newer", "Older"]


def test_a_sticky_post_stays_on_top(client):
    make_post("Pinned", is_sticky=True, published_at=at("2006-01-01 12:00"))
    make_post("Newer", published_at=at("2006-12-20 12:00"))
    assert headlines(client.get("/")) == ["Pinned", "Newer"]


def test_an_empty_blog_says_so(client):
    assert "Nothing has been published here yet" in client.get("/").text


def test_long_lists_have_pages_with_addresses(client):
    SiteSettings(posts_per_page=2).save()
    for number in range(5):
        make_post(f"Post {number}", published_at=at(f"2006-11-0{number + 1} 12:00"))
    assert headlines(client.get("/page/2/")) == ["Post 2", "Post 1"]
    assert 'href="/page/3/"' in client.get("/page/2/").text
    assert 'rel="prev" href="/"' in client.get("/page/2/").text
    assert client.get("/page/4/").status_code == 404


@pytest.mark.parametrize(
    "base",
    [
        "/",
        "/category/news/asia/",
        "/tag/talks/",
        "/author/dmitri-writes/",
        "/2006/",
        "/2006/11/",
        "/2006/11/19/",
    ],
)
def test_every_list_goes_on(client, base):
    SiteSettings(posts_per_page=1).save()
    asia = make_category("Asia", make_category("News"))
    author = make_user("dmitri", role="Author")
    for hour in (12, 13):
        make_post(
            f"At {hour}",
            author=author,
            categories=[asia],
            tags=["talks"],
            published_at=at(f"2006-11-19 {hour}:00"),
        )
    assert f'rel="next" href="{base}page/2/"' in client.get(base).text
    assert headlines(client.get(f"{base}page/2/")) == ["At 12"]
    first = client.get(f"{base}page/1/")
    assert (first.status_code, first["Location"]) == (301, base)


@pytest.mark.parametrize("number", ["0", "3", "9" * 30])
def test_a_page_that_is_not_there_is_not_found(client, number):
    assert client.get(f"/page/{number}/").status_code == 404


def test_pages_are_not_in_the_lists(client):
    make_page("About")
    assert headlines(client.get("/")) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/2006/", ["December", "Later in November", "November"]),
        ("/2006/11/", ["Later in November", "November"]),
        ("/2006/11/19/", ["November"]),
    ],
)
def test_archives_by_date(client, url, expected):
    make_post("November", published_at=at("2006-11-19 12:00"))
    make_post("Later in November", published_at=at("2006-11-30 12:00"))
    make_post("December", published_at=at("2006-12-20 12:00"))
    make_post("Another year", published_at=at("2007-11-19 12:00"))
    assert headlines(client.get(url)) == expected


@pytest.mark.parametrize(
    "url", ["/2005/", "/2006/13/", "/2006/02/30/", "/0000/", "/2006/00/", "/2006/11/"]
)
def test_a_date_without_posts_is_not_found(client, url):
    make_post(published_at=at("2006-12-20 12:00"))
    assert client.get(url).status_code == 404


def test_a_category_shows_what_is_filed_below_it_each_once(client):
    news = make_category("News")
    asia = make_category("Asia", news)
    make_post("In both", categories=[news, asia])
    make_post("Below", categories=[asia])
    make_post("Elsewhere", categories=[make_category("Trade")])
    assert headlines(client.get("/category/news/")) == ["Below", "In both"]
    assert headlines(client.get("/category/news/asia/")) == ["Below", "In both"]


def test_an_old_category_path_goes_to_the_present_one(client):
    asia = make_category("Asia", make_category("News"))
    asia.parent = make_category("World")
    asia.save()
    response = client.get("/category/news/asia/")
    assert response.status_code == 301
    assert response["Location"] == "/category/world/asia/"


def test_tags_tell_their_signs_apart(client):
    make_post("Plus", tags=["C++"])
    make_post("Sharp", tags=["C#"])
    make_post("Plain", tags=["C"])
    assert headlines(client.get("/tag/c-plus-plus/")) == ["Plus"]
    assert headlines(client.get("/tag/c-sharp/")) == ["Sharp"]
    assert headlines(client.get("/tag/c/")) == ["Plain"]


def test_tags_may_be_in_any_script(client):
    make_post("Greek", tags=["Ελλάδα"])
    assert headlines(client.get("/tag/ελλάδα/")) == ["Greek"]


def test_an_author_page_tells_who_wrote(client):
    author = make_user("dmitri", role="Author", bio="Reads communiqués.")
    make_post("Mine", author=author)
    make_post("Not mine")
    response = client.get(author.get_absolute_url())
    assert headlines(response) == ["Mine"]
    assert "Reads communiqués." in response.text
    assert "dmitri" not in author.get_absolute_url().replace(author.slug, "")


def test_who_has_published_nothing_has_no_page(client, bob):
    assert client.get(bob.get_absolute_url()).status_code == 404


def test_the_whole_blog_at_a_glance(client):
    make_post("November", published_at=at("2006-11-19 12:00"))
    make_post("Draft", status="draft")
    page = client.get("/archives/").text
    assert "November" in page
    assert "Draft" not in page


def test_the_list_stops_at_the_more_mark(client):
    make_post(body="<p>The lead.</p><!--more--><p>The rest.</p>")
    page = client.get("/").text
    assert "The lead." in page
    assert "Continue reading" in page
    assert "The rest." not in page


def test_the_keeper_chooses_excerpts(client):
    SiteSettings(listing_style="excerpt").save()
    make_post(body="<p>" + "word " * 60 + "</p>")
    page = client.get("/").text
    assert "[…]" in page
    assert "Read on" in page


def test_the_footer_has_categories_months_comments_and_blogroll(client):
    SiteSettings(blogroll=[{"name": "A friend", "url": "https://example.org/"}]).save()
    post = make_post("Talked about", categories=[make_category("News")])
    make_comment(post, author_name="PatternRec")
    page = client.get("/").text
    footer = page[page.index("<footer") :]
    for expected in ("/category/news/", "A friend", "PatternRec", "Talked about"):
        assert expected in footer


@pytest.mark.parametrize("posts", [1, 12])
def test_a_list_asks_eight_queries_at_most(
    client, posts, django_assert_max_num_queries
):
    author = make_user("dmitri", role="Author")
    news = make_category("News")
    for number in range(posts):
        post = make_post(author=author, categories=[news], tags=[f"tag {number}"])
        make_comment(post)
    with django_assert_max_num_queries(8):
        client.get("/")
    for url, limit in ((news.get_absolute_url(), 11), ("/archives/", 6)):
        with django_assert_max_num_queries(limit):
            assert client.get(url).status_code == 200


def test_nobody_finds_what_was_never_there(client):
    make_post("Something to read")
    response = client.get("/nothing/of/the/sort/")
    assert response.status_code == 404
    assert "Something to read" in response.text


def test_categories_stand_by_name_whatever_came_first():
    news = make_category("News")
    make_category("Zambia", news)
    make_category("Asia", news)
    make_category("Art")
    ordered = Category.objects.in_tree_order().values_list("path", flat=True)
    assert list(ordered) == ["art", "news", "news/asia", "news/zambia"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("m=2006", "/2006/"),
        ("m=200611", "/2006/11/"),
        ("m=20061130", "/2006/11/30/"),
        ("category_name=news/asia", "/category/news/asia/"),
        ("category_name=asia&feed=atom", "/category/news/asia/feed/atom/"),
        ("tag=tea&paged=2", "/tag/tea/page/2/"),
        ("tag=%C3%BC/", "/tag/%C3%BC/"),
        ("author_name=anna-writes", "/author/anna-writes/"),
    ],
)
def test_a_list_named_by_a_query_is_at_its_address(client, query, place):
    make_post(
        author=make_user("anna", role="Author"),
        categories=[make_category("Asia", make_category("News"))],
        tags=["tea", "ü"],
        published_at=at("2006-11-30 12:00"),
    )
    answer = client.get(f"/?{query}")
    assert (answer.status_code, answer["Location"]) == (301, place)


@pytest.mark.parametrize(
    "query", ["m=1", "m=", "tag=", "m=2006113", "cat=-3", "cat=0", "paged=1", "x=1"]
)
def test_any_other_query_is_the_home_page(client, query):
    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["m=2006", "cat=3", "tag=a/b", "author=1", "p=x"])
def test_a_list_that_is_not_here_is_not_found(client, query):
    assert client.get(f"/?{query}").status_code == 404
