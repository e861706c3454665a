"""Long lists: narrowed by date and author, and in an order that stands in an index."""

from datetime import timedelta

import pytest
from django.db import connection

from blog import table_statistics
from blog.models import Post
from blog.models.post_dates import LAST_DATE, FirstOfMonth
from tests.builders import at, make_post, make_user

LIST = "/admin/blog/post/"


@pytest.fixture
def editor(client, alice):
    client.force_login(alice)
    return client


def put_posts(count):
    moments = [at("2006-01-01 12:00") + timedelta(days=day) for day in range(count)]
    Post.objects.bulk_create(
        Post(slug=f"p{n}", status="published", published_at=at, published_on=at.date())
        for n, at in enumerate(moments)
    )


def listed(client, query):
    page = client.get(LIST + query)
    return {post.title for post in page.context["cl"].result_list}


def offered(client, query, title):
    specs = client.get(LIST + query).context["cl"].filter_specs
    [spec] = [spec for spec in specs if spec.title == title]
    return [str(words).strip() for _, words in spec.lookup_choices]


@pytest.fixture
def posts(alice):
    make_post("November", published_at=at("2006-11-30 23:30"))
    make_post("December", published_at=at("2006-12-01 00:30"))
    make_post("Later", published_at=at("2008-02-01 12:00"))


def test_a_year_is_chosen_and_then_a_month(editor, posts):
    assert offered(editor, "", "date") == ["2008", "2007", "2006"]
    assert offered(editor, "?date=2006", "date")[-3:] == [
        "2006",
        "December",
        "November",
    ]
    assert listed(editor, "?date=2006") == {"November", "December"}
    assert listed(editor, "?date=2006-11") == {"November"}
    assert listed(editor, "?date=2006-12") == {"December"}
    assert listed(editor, "?date=2007") == set()


@pytest.mark.parametrize("asked", ["2006-13", "x", "-1", "2006-11-30", "0", "20066"])
def test_a_date_that_was_never_offered_shows_nothing(editor, posts, asked):
    assert listed(editor, f"?date={asked}") == set()


def test_months_are_those_of_the_blogs_clock(editor, posts, settings):
    settings.TIME_ZONE = "Asia/Seoul"
    assert listed(editor, "?date=2006-12") == {"November", "December"}


def test_a_draft_counts_when_it_was_worked_on(editor, alice):
    draft = make_post("Draft", status=Post.Status.DRAFT, published_at=None)
    assert listed(editor, f"?date={draft.updated_at:%Y-%m}") == {"Draft"}


def test_writers_are_offered_by_name_and_readers_are_not(editor, alice, posts):
    dmitri = make_user("dmitri", role="Editor")
    make_user("reader")
    make_post("His", author=dmitri)
    assert dmitri.public_name in offered(editor, "", "author")
    assert "Reader" not in offered(editor, "", "author")
    assert listed(editor, f"?author={dmitri.pk}") == {"His"}
    assert listed(editor, "?author=999999") == set()


def test_what_is_ones_own_is_offered_as_mine(editor, alice, posts):
    make_post("Hers", author=alice)
    assert "mine" in offered(editor, "", "author")
    assert alice.public_name not in offered(editor, "", "author")
    assert listed(editor, f"?author={alice.pk}") == {"Hers"}


def test_the_first_of_a_month_is_what_the_database_says(posts):
    months = Post.objects.order_by("published_on").values_list(
        FirstOfMonth("published_on"), flat=True
    )
    assert [f"{month:%Y-%m-%d}" for month in months] == [
        "2006-11-01",
        "2006-12-01",
        "2008-02-01",
    ]


def known_of_posts():
    """What SQLite went by when it chose an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'blog_post'")
        return cursor.fetchall()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's plans are stable")
def test_long_lists_are_read_in_the_order_of_an_index(db):
    # Many: of a few, sorting them costs as little as an index that has them in order.
    put_posts(2000)
    table_statistics.refresh()
    public = Post.objects.published().posts()
    home = public.order_by("-is_sticky", "-published_at", "-pk")[:10]
    written = Post.objects.posts().order_by(LAST_DATE.desc(), "-pk")[:50]
    for rows, index in [
        (home, "post_home"),
        (written, "post_last_date"),
    ]:
        plan = rows.explain()
        assert index in plan, known_of_posts()
        assert "TEMP B-TREE" not in plan, known_of_posts()
