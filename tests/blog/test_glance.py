"""The blog at a glance: years and months, tags by letter, the tree of categories."""

import pytest

from blog.models import Category, Tag
from blog.views import glance as views
from tests.builders import at, make_category, make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch):
    """So many titles are too many for one page."""
    monkeypatch.setattr(views, "MAX_TITLES", 2)
    monkeypatch.setattr(views, "MAX_TAGS", 2)


def in_november(count: int = 3, year: int = 2006) -> None:
    for day in range(1, count + 1):
        make_post(f"Day {day} of {year}", published_at=at(f"{year}-11-0{day} 12:00"))


def test_a_small_blog_shows_every_title(client):
    in_november()
    make_post("Draft", status="draft")
    make_page("About")
    page = client.get("/archives/").text
    assert "3 posts since November 2006." in page
    assert page.count("Day ") == 3
    assert "Draft" not in page
    assert "About" not in page


def test_a_large_blog_shows_years_and_months_with_counts(client, few):
    in_november()
    in_november(1, 2007)
    page = client.get("/archives/").text
    assert "4 posts since November 2006." in page
    assert "Day 1" not in page
    assert 'href="/archives/2006/">2006</a> <span class="count">3' in page
    assert 'href="/2006/11/"' in page


def test_a_year_has_its_titles_in_pages(client, few):
    in_november()
    first = client.get("/archives/2006/").text
    assert "Day 3 of 2006" in first
    assert "Day 1 of 2006" not in first
    assert 'href="/archives/2006/page/2/"' in first
    assert "Day 1 of 2006" in client.get("/archives/2006/page/2/").text
    assert client.get("/archives/2006/page/3/").status_code == 404
    assert client.get("/archives/2006/page/1/")["Location"] == "/archives/2006/"


def test_a_year_leads_to_those_beside_it(client):
    for year in (2004, 2006, 2007):
        in_november(1, year)
    page = client.get("/archives/2006/").text
    assert 'href="/archives/2007/"' in page
    assert 'href="/archives/2004/"' in page
    assert client.get("/archives/2005/").status_code == 404


def test_the_chart_has_a_bar_for_each_month_with_posts(client):
    in_november(2)
    make_post(published_at=at("2007-02-01 12:00"))
    chart = client.get("/archives/").context["chart"]()
    assert (chart.first, chart.last, chart.width) == (2006, 2007, 24)
    assert chart.bars == "M10.1 40v-40h.8v40zM13.1 40v-20h.8v20z"
    assert '<path d="M10.1 40v-40h' in client.get("/archives/").text


@pytest.mark.parametrize("years", [[2006], [1006, 2006]])
def test_where_a_plot_says_nothing_there_is_none(client, years):
    for year in years:
        in_november(1, year)
    page = client.get("/archives/")
    assert page.context["chart"]() is None
    assert "<svg" not in page.text


def test_an_empty_blog_says_so(client):
    for path, words in (
        ("/archives/", "Nothing has been published here yet"),
        ("/tags/", "No post has a tag yet"),
        ("/categories/", "There are no categories yet"),
    ):
        assert words in client.get(path).text


# --- Tags


def names(response) -> dict[str, list[str]]:
    return {
        letter.sign: [entry.name for entry in letter.entries]
        for letter in response.context["letters"]()
    }


def test_tags_stand_by_letter_without_regard_to_accents(client):
    make_post(tags=["Élysée", "elections", "asia", "2006", "#metoo", "Азия"])
    assert names(client.get("/tags/")) == {
        "0-9": ["2006"],
        "A": ["asia"],
        "E": ["elections", "Élysée"],
        "А": ["Азия"],
        "*": ["#metoo"],
    }


def test_a_tag_counts_what_readers_see(client):
    make_post(tags=["asia", "trade"])
    make_post(tags=["asia"])
    make_post(tags=["asia", "secret"], status="draft")
    Tag.objects.create(name="unused")
    [tags] = [
        letter.entries for letter in client.get("/tags/").context["letters"]()[:1]
    ]
    assert [(tag.name, tag.count) for tag in tags] == [("asia", 2)]
    assert "secret" not in client.get("/tags/").text
    assert "unused" not in client.get("/tags/").text


def test_the_most_used_stand_largest(client):
    for tags in (["a", "b"], ["a", "b"], ["a"], ["a"], ["a", "c"]):
        make_post(tags=tags)
    weights = {t.name: w for t, w in client.get("/tags/").context["most_used"]()}
    assert weights["a"] == 5 > weights["b"] > weights["c"] == 1


def test_tags_that_are_used_alike_stand_alike(client):
    make_post(tags=["a", "b"])
    assert {w for _, w in client.get("/tags/").context["most_used"]()} == {2}


def test_very_many_tags_come_letter_by_letter(client, few):
    make_post(tags=["asia", "africa", "art", "#1"])
    page = client.get("/tags/").text
    assert 'href="/tags/A/"' in page
    assert 'href="/tags/*/"' in page
    letter = client.get("/tags/A/")
    assert [tag.name for tag in letter.context["page"].object_list] == ["africa", "art"]
    assert "asia" in client.get("/tags/A/page/2/").text
    assert "#1" in client.get("/tags/*/").text
    assert client.get("/tags/Q/").status_code == 404


def test_tags_ask_as_many_queries_however_many_there_are(
    client, django_assert_max_num_queries
):
    make_post(tags=[f"tag {number}" for number in range(30)])
    with django_assert_max_num_queries(7):
        client.get("/tags/")


# --- Categories


def test_the_tree_counts_what_is_filed_in_each_and_below_it_once(client):
    news = make_category("News")
    asia = make_category("Asia", news)
    make_category("Empty")
    make_post(categories=[asia])
    make_post(categories=[news, asia])
    make_post(categories=[news], status="draft")
    entries = client.get("/categories/").context["entries"]()
    assert [(str(e.category), e.own, e.count) for e in entries] == [
        ("Empty", 0, 0),
        ("News", 1, 2),
        ("Asia", 2, 2),
    ]
    assert "2, 1 of them in itself" in client.get("/categories/").text


def test_the_tree_asks_as_many_queries_however_large_it_is(
    client, django_assert_max_num_queries
):
    for number in range(9):
        make_post(categories=[make_category(f"Category {number}")])
    with django_assert_max_num_queries(7):
        client.get("/categories/")


def test_the_footer_does_not_carry_hundreds_of_categories(client):
    tops = [Category(name=f"Top {n}", slug=f"top-{n}", lft=1, rght=2, level=0, tree_id=n) for n in range(50)]  # fmt: skip
    Category.objects.bulk_create(tops)
    below = make_category("Below", Category.objects.get(slug="top-7"))
    page = client.get("/").text
    footer = page[page.index("<footer") :]
    assert footer.count("/category/") == 40
    assert f'href="{below.get_absolute_url()}"' not in footer
    assert 'href="/categories/"' in footer


@pytest.mark.parametrize("slug", ["tags", "categories", "search"])
def test_a_page_cannot_take_an_address_of_these(alice, client, slug):
    client.force_login(alice)
    answer = client.post("/admin/blog/page/address/", {"title": "X", "slug": slug})
    assert "The blog itself uses the address" in answer.json()["fault"]


@pytest.mark.parametrize("address", ["/archives/", "/archives/2006/"])
def test_posts_without_titles_cost_no_query_each(
    client, django_assert_max_num_queries, address
):
    for day in range(1, 10):
        make_post("", body="Words.", published_at=at(f"2006-11-0{day} 12:00"))
    with django_assert_max_num_queries(8):
        assert client.get(address).text.count(">Words.</a>") == 9
