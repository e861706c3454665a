"""What is found: which posts and pages, by which words, in which order."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blog.models import Post
from blog.search import index
from blog.search.query import Results, search, suggest
from tests.builders import at, make_category, make_page, make_post

pytestmark = pytest.mark.django_db


def titles(results: Results) -> list[str]:
    """Of the hits, without what is marked in them."""
    return [hit.post.headline for hit in results.hits]


@pytest.mark.parametrize(
    "asked",
    [
        "ferry",
        "FERRY",
        "island ferry",
        '"the last ferry"',
        "ferries",
        "ferry -bridge",
        'ferry -"first ferry"',
        "“the last ferry”",
        "ferry!?",
        '"last ferry',
        "(ferry): island*",
    ],
)
def test_it_finds_a_post_by_what_it_says(asked):
    make_post("At sea", body="<p>The last ferry to the island.</p>")
    make_post("On land", body="<p>A train to the coast.</p>")

    assert titles(search(asked)) == ["At sea"]


@pytest.mark.parametrize(
    "asked",
    [
        "ferry train",
        '"ferry last"',
        "ferry -island",
        "-ferry",
        '-"a b"',
        "",
        "   ",
        '"',
        "--",
        "!?*()",
        "ferry -the",
    ],
)
def test_it_finds_nothing_by_what_it_does_not_say(asked):
    make_post("At sea", body="<p>The last ferry to the island.</p>")

    assert search(asked).hits == []


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("a café in Zürich", "cafe zurich"),
        ("a cafe in Zurich", "café Zürich"),
        ("Smørrebrød på Ærø", "smorrebrod aero"),
        ("die große Straße", "grosse strasse"),
        ("الكِتَابُ الجديد", "الكتاب"),
        ("إلى أحمد", "الى احمد"),
        ("北京大学的学生", "大学"),
        ("北京大学的学生", "学"),
        ("北京大学的学生", "学生 北京"),
        ("東京タワーに行きました", "タワー"),
        ("ประเทศไทยสวยงาม", "ไทย"),
        ("학교에서 만나요", "학교"),
        ("don’t panic", "don't"),
        ("l'homme", "homme"),
        ("state-of-the-art", '"state of the art"'),
        ("see www.example.com", "example.com"),
        ("٢٠٠٦", "2006"),
        ("हिन्दी में", "हिन्दी"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
    ],
)
def test_it_finds_what_is_written_in_another_way(written, asked):
    make_post("Found", body=f"<p>{written}</p>")
    make_post("Other", body="<p>Something else: 天 ก ا.</p>")

    assert titles(search(asked)) == ["Found"]


def test_letters_that_stand_apart_are_no_phrase():
    make_post("Apart", body="<p>大人和学生</p>")

    assert search('"大学"').hits == []


def test_titles_come_before_tags_and_tags_before_texts():
    day = timezone.now() - timedelta(days=3)
    make_post("Text", body="<p>tea tea tea tea tea</p>", published_at=day)
    make_post("Tagged", tags=["tea"], published_at=day)
    make_post("Tea and cake", published_at=day)
    make_post("Tea", published_at=day)

    assert titles(search("tea")) == ["Tea", "Tea and cake", "Tagged", "Text"]


def test_of_two_as_good_the_newer_comes_first():
    for year in (2019, 2024, 2021):
        make_post(f"Tea of {year}", published_at=at(f"{year}-03-01"))

    assert titles(search("tea")) == ["Tea of 2024", "Tea of 2021", "Tea of 2019"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": Post.Status.DRAFT},
        {"status": Post.Status.PENDING},
        {"status": Post.Status.PRIVATE},
        {"status": Post.Status.TRASH},
        {"published_at": timezone.now() + timedelta(days=1)},
    ],
)
def test_nobody_finds_what_nobody_may_read(fields):
    make_post("Secret plans", tags=["secretive"], **fields)

    assert search("secret").hits == []
    assert search("secre").hits == []
    assert search("secrt").meant == ""
    assert suggest("secre") == []


def test_a_locked_post_is_found_by_its_title_alone():
    make_post("The vault", body="<p>gold bars</p>", excerpt="gilded", password="pw")

    assert search("gold").hits == []
    assert search("gilded").hits == []
    (hit,) = search("vault").hits
    assert hit.snippet == ""


def test_a_scheduled_post_appears_by_the_clock():
    make_post("Tomorrow", published_at=timezone.now() + timedelta(hours=1))

    assert search("tomorrow").hits == []
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert titles(search("tomorrow")) == ["Tomorrow"]


def test_filters_join():
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    make_post("Tea A", categories=[asia], published_at=at("2006-05-01"))
    make_post("Tea B", categories=[news], published_at=at("2007-01-01 00:00"))
    make_post("Tea C", published_at=at("2006-12-31 23:59"))
    make_page("Tea D")

    assert len(search("tea").hits) == 4
    assert titles(search("tea", kind="page")) == ["Tea D"]
    assert set(titles(search("tea", category=news))) == {"Tea A", "Tea B"}
    assert titles(search("tea", category=asia)) == ["Tea A"]
    assert set(titles(search("tea", year=2006))) == {"Tea A", "Tea C"}
    assert titles(search("tea", year=2007, category=news)) == ["Tea B"]
    assert search("tea", kind="comment").hits == []
    assert search("tea", kind="media").hits == []
    assert search("tea", year=-5).hits == search("tea", year=10**9).hits == []


def test_it_finds_by_author(alice, bob):
    make_post("Tea by alice", author=alice)
    make_post("Tea by nobody")

    assert titles(search("tea", author=alice)) == ["Tea by alice"]
    assert search("tea", author=bob).hits == []


def test_what_is_found_is_marked_and_nothing_else_is_markup():
    make_post("<b>Tea</b> & “tea”", body="<p>A &lt;script&gt; drinks teas.</p>")

    (hit,) = search("tea").hits

    assert hit.title == ("&lt;b&gt;<mark>Tea</mark>&lt;/b&gt; &amp; “<mark>tea</mark>”")
    assert "A &lt;script&gt; drinks <mark>teas</mark>." in hit.snippet


def test_a_snippet_shows_where_it_stands():
    words = "lorem " * 500
    make_post("Long", body=f"<p>{words}the blue lagoon {words}</p>")

    (hit,) = search('"blue lagoon"').hits

    assert "the <mark>blue lagoon</mark> lorem" in hit.snippet
    assert len(hit.snippet) < 300
    assert hit.snippet.startswith("… lorem")


def test_letters_without_spaces_are_marked_as_one():
    make_post("京", body="<p>我在北京大学读书</p>")

    (hit,) = search("北京大学").hits

    assert hit.snippet == "我在<mark>北京大学</mark>读书"


def test_pages_of_hits_have_each_once():
    for number in range(7):
        make_post(f"Tea {number}")

    pages = [search("tea", page=page, per_page=3) for page in (1, 2, 3, 4)]

    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert len({title for page in pages for title in titles(page)}) == 7
    assert {page.count for page in pages} == {7}
    assert not pages[0].count_is_least


def test_a_slip_is_told_with_what_was_meant():
    make_post("Negotiations and resolutions")

    assert search("negotiatoins").meant == "negotiations"
    assert search('resolutions "negotiatons"').meant == 'resolutions "negotiations"'
    assert search("xyzzyplugh").meant == ""


def test_the_last_word_may_be_begun():
    make_post("Negotiations")

    assert titles(search("negot")) == ["Negotiations"]


def test_suggestions_are_titles_and_names():
    make_category("Iron age")
    make_post("The Iran talks", tags=["irony"])
    make_post("Steamships")
    make_page("Irish tea")
    make_post("Draft", tags=["irrelevant"], status=Post.Status.DRAFT)

    found = [(one.kind, one.title) for one in suggest("ir")]

    assert sorted(found) == [
        ("category", "Iron age"),
        ("page", "Irish tea"),
        ("post", "The Iran talks"),
        ("tag", "irony"),
    ]
    assert [one.title for one in suggest("talks ir")] == ["The Iran talks"]
    assert [one.title for one in suggest("ship")] == ["Steamships"]
    assert suggest("") == suggest('"') == []


def test_it_takes_few_queries_however_much_is_found(django_assert_max_num_queries):
    for number in range(30):
        make_post(f"Tea {number}", tags=["hot"])
    index.work()

    with django_assert_max_num_queries(8):
        search("tea")
