"""Lists of posts: which are on a page, and what is kept of them."""

import re
from datetime import timedelta

import pytest
from django.db.models import IntegerField
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blog import fragments, post_lists
from blog.fragments import Fragments
from blog.models import Category, Post, SiteSettings, Tag
from blog.post_lists import Entries, PostList
from blog.prepared import Slot
from tests.builders import make_category, make_comment, make_post, make_user

COUNTED = PostList(
    "counted",
    lambda posts: posts.filter(comment_count=Slot("count", IntegerField())),
    lambda counted, count: (
        Post.objects.published().posts().filter(comment_count=count).count()
    ),
)


@pytest.fixture
def kept(monkeypatch) -> Fragments:
    """What one generation keeps, for every request of the test."""
    one = Fragments()
    monkeypatch.setattr(fragments, "of", lambda request: one)
    return one


def test_a_part_of_a_list_is_what_the_queryset_would_give(db, rf):
    now = timezone.now()
    for number in range(7):
        make_post(f"{number}", published_at=now - timedelta(days=number % 3))
    make_post("To come", published_at=now + timedelta(days=1))
    make_post("Draft", status="draft")
    posts = COUNTED.of(rf.get("/"), count=0)
    wanted = list(Post.objects.published().newest_first())
    assert posts.count() == len(wanted) == 7
    assert list(Entries(posts[2:5])) == wanted[2:5]
    assert posts[5:99] == [post.pk for post in wanted[5:]]
    assert COUNTED.of(rf.get("/"), count=1)[0:9] == []


@pytest.mark.parametrize("few", [0, 1_000], ids=["along the order", "sorted"])
def test_every_piece_of_every_list_is_what_the_queryset_would_give(
    db, rf, monkeypatch, few
):
    """From either end, and whichever way is taken."""
    monkeypatch.setattr(post_lists, "BLOCK", 3)
    monkeypatch.setattr(post_lists, "FEW", few)
    monkeypatch.setattr(post_lists, "STEPS_FOR_ONE", 1_000 if not few else 0)
    now, alice = timezone.now(), make_user("alice", role="Editor")
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    for number in range(14):
        post = make_post(
            f"{number}",
            published_at=now - timedelta(days=number // 2),
            is_sticky=number == 9,
            author=alice if number % 4 else None,
            categories=[[news], [asia], [news, asia], []][number % 4],
            tags=["tea"] if number % 3 else [],
        )
    published = Post.objects.published()
    tag, newest = Tag.objects.get(name="tea"), published.newest_first()
    days = {"first": post.published_on.replace(day=1), "last": timezone.localdate()}
    branch = {name: getattr(news, name) for name in ("tree_id", "lft")}
    branch["rght"] = Category.objects.get(pk=news.pk).rght
    for asked, values, wanted in (
        (post_lists.HOME, {}, newest.order_by("-is_sticky", "-published_at", "-pk")),
        (post_lists.FILED, branch, newest.filter(categories__isnull=False).distinct()),
        (post_lists.TAGGED, {"tag": tag.pk}, newest.filter(tags=tag)),
        (post_lists.WRITTEN, {"author": alice.pk}, newest.filter(author=alice)),
        (post_lists.DATED, days, newest.filter(published_on__gte=days["first"])),
    ):
        pks = [post.pk for post in wanted]
        posts = asked.of(rf.get("/"), **values)
        assert posts.count() == len(pks) > 6
        for start in range(len(pks)):
            assert posts[start : start + 4] == pks[start : start + 4], asked.name


def test_a_post_is_read_once_for_all_the_lists_it_stands_in(
    client, kept, db, django_assert_num_queries
):
    news = make_category("News")
    alice = make_user("alice", role="Editor")
    for number in range(3):
        make_post(f"Number {number}", author=alice, categories=[news])
    first = client.get("/")
    # Who or what the list is of, and nothing else.
    client.get(news.get_absolute_url()), client.get(alice.get_absolute_url())
    with django_assert_num_queries(0):
        assert client.get("/").content == first.content
    with django_assert_num_queries(1):
        page = client.get(alice.get_absolute_url()).text
    assert page.count('<article class="entry') == 3


def test_a_page_far_back_is_found_in_its_block(client, kept, db, monkeypatch):
    """Whatever the size of blocks and pages: each post once, and none is left out."""
    monkeypatch.setattr(post_lists, "BLOCK", 4)
    monkeypatch.setattr(post_lists.HOME, "name", "in blocks of four")
    SiteSettings(posts_per_page=3).save()
    for number in range(10):
        make_post(f"Post number {number};", is_sticky=number == 2)
    pages = [
        client.get(path).text for path in ("/", *(f"/page/{n}/" for n in (2, 3, 4)))
    ]
    found = [
        re.findall(r"Post number (\d);</a>", page.partition("<footer")[0])
        for page in pages
    ]
    assert found == [["2", "9", "8"], ["7", "6", "5"], ["4", "3", "1"], ["0"]]
    assert client.get("/page/5/").status_code == 404


@pytest.mark.parametrize("path", ["/archives/", "/tags/", "/categories/"])
def test_what_shows_the_whole_blog_is_read_once(
    client, kept, db, path, django_assert_num_queries
):
    make_post("Talks", tags=["tea"], categories=[make_category("News")])
    first = client.get(path)
    with django_assert_num_queries(0):
        assert client.get(path).content == first.content


@pytest.mark.parametrize("form", ["", "atom/", "json/"])
def test_a_post_is_written_once_for_all_the_feeds_of_a_format(
    client, kept, db, form, django_assert_num_queries
):
    alice = make_user("alice", role="Editor")
    make_post("Talks", author=alice, tags=["tea"])
    first = client.get(f"/feed/{form}")
    with django_assert_num_queries(0):
        assert client.get(f"/feed/{form}").content == first.content
    # Who it is, how many there are, and which.
    with django_assert_num_queries(3):
        assert "Talks" in client.get(f"{alice.get_absolute_url()}feed/{form}").text


def test_a_feed_for_people_is_not_the_one_for_programs(client, kept, db):
    make_post("Talks")
    plain = client.get("/feed/").text
    shown = client.get("/feed/", headers={"Accept": "text/html"}).text
    assert "<article" not in plain
    assert "<article" in shown
    assert client.get("/feed/").text == plain


def test_what_is_kept_of_a_post_says_nothing_of_the_reader(client, kept, db):
    alice = make_user("alice", role="Editor")
    make_post("Talks", author=alice)
    client.force_login(alice)
    page = client.get("/").text
    assert 'class="byline-edit"' not in page
    client.logout()
    assert client.get("/").text.count("Talks") == page.count("Talks")


def test_what_is_gone_meanwhile_is_left_out(db):
    stays = make_post("Stays")
    gone = make_post("Goes")
    page = Entries([gone.pk, stays.pk])
    Post.objects.filter(pk=gone.pk).update(status="draft")
    assert [post.title for post in page] == ["Stays"]
    assert len(page) == 2


def test_a_comment_is_counted_where_the_post_is_listed(client, db):
    """Nothing of one generation, here of one request, is shown in another."""
    post = make_post("Talks")
    assert "No responses yet" in client.get("/").text
    make_comment(post)
    assert "One response" in client.get("/").text


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 300_000)), max_size=60))
def test_what_is_kept_has_a_bound(asked):
    here = Fragments()
    sizes = {}
    for key, size in asked:
        if here.get(key) is None:
            here.keep(key, "x" * size)
            sizes[key] = size
        held = [here.get(number) for number in range(41)]
        assert sum(len(text) for text in held if text) <= fragments.MAX_BYTES
        assert all(len(text) == sizes[key] for key, text in enumerate(held) if text)


def test_what_was_not_asked_for_longest_goes_first():
    here = Fragments()
    piece = "x" * (fragments.MAX_BYTES_EACH // 2)
    here.keep("footer", piece)
    for number in range(100):
        here.keep(number, piece)
        assert here.get("footer")
    assert here.get(0) is None
    assert here.get(99)


def test_what_is_empty_takes_room_as_well():
    """There are millions of days on which nothing was published."""
    here = Fragments()
    most = fragments.MAX_BYTES // fragments.BYTES_OF_PLACE
    for number in range(most + 10):
        here.keep(number, "")
    assert here.get(0) is None
    assert here.get(most + 9) == ""
