"""Related posts: by the tags and categories two posts share."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import related
from blog.models import Post
from blog.neighbours import beside
from tests.builders import make_category, make_page, make_post


def loaded(post: Post) -> Post:
    return Post.objects.with_detail().get(pk=post.pk)


def made(**filed) -> Post:
    """A post whose neighbours in time have nothing in common with it."""
    make_post("Just before")
    return make_post("This", **filed)


def titles(post: Post) -> list[str]:
    return [other.title for other in beside(loaded(post))["related"]]


def test_the_rarer_what_two_share_the_nearer_they_are(db):
    news = make_category("News")
    for number in range(5):
        make_post(f"News {number}", categories=[news])
    near = make_post("Rare tag", tags=["korea"])
    post = made(categories=[news], tags=["korea"])
    assert titles(post)[0] == near.title


def test_who_shares_more_is_nearer_and_the_newer_among_equals(db):
    make_post("Old", tags=["a"])
    make_post("New", tags=["a"])
    make_post("Both", tags=["a", "b"])
    post = made(tags=["a", "b"])
    assert titles(post) == ["Both", "New", "Old"]


def test_only_public_posts_are_related_and_never_the_post_itself(db):
    make_post("Draft", tags=["a"], status=Post.Status.DRAFT)
    make_post("Private", tags=["a"], status=Post.Status.PRIVATE)
    make_post("Trash", tags=["a"], status=Post.Status.TRASH)
    later = timezone.now() + timedelta(days=1)
    make_post("Scheduled", tags=["a"], published_at=later)
    make_post("Public", tags=["a"])
    assert titles(made(tags=["a"])) == ["Public"]


def test_the_posts_before_and_after_are_not_named_twice(db):
    for title in ("Far", "Before", "This", "After", "Farther on"):
        make_post(title, tags=["a"])
    assert titles(Post.objects.get(title="This")) == ["Farther on", "Far"]


def test_so_many_are_shown_and_no_more(db):
    for _ in range(10):
        make_post(tags=["a"])
    assert len(titles(made(tags=["a"]))) == related.SHOWN


def test_a_post_page_shows_them_with_their_dates(db, client):
    make_post("Talks go on", tags=["korea"])
    post = made(tags=["korea"])
    page = client.get(post.get_absolute_url()).text
    section = page[page.index('class="related"') :].partition("</section>")[0]
    assert "Talks go on" in section
    assert "<time datetime=" in section


def test_where_nothing_is_related_nothing_is_said(db, client):
    make_post(tags=["other"])
    for post in (make_post(), make_post(tags=["alone"]), make_page("About")):
        assert "Related posts" not in client.get(post.get_absolute_url()).text


def test_it_is_one_query_however_much_is_shared(db, django_assert_num_queries):
    category = make_category("News")
    for _ in range(3):
        make_post(tags=["a", "b"], categories=[category])
    post = loaded(make_post(tags=["a", "b"], categories=[category, make_category("X")]))
    with django_assert_num_queries(1):
        assert len(related.keys(post)) == 3
    bare = loaded(make_post())
    with django_assert_num_queries(0):
        assert related.keys(bare) == []


def test_a_huge_category_is_not_read_to_its_end(db, monkeypatch):
    monkeypatch.setattr(related, "MAX_OF_ONE", 3)
    monkeypatch.setattr(related, "_by_counts", related._by_counts.__wrapped__)
    for number in range(6):
        make_post(f"Post {number}", tags=["a"])
    post = make_post(tags=["a"])
    # The newest three: itself, the one before it, which is named already, and
    assert titles(post) == ["Post 4"]


def test_where_the_most_related_are_hidden_others_are_shown(db):
    public = [make_post(f"Public {number}", tags=["a"]) for number in range(3)]
    for _ in range(8):
        make_post(tags=["a"], status="draft")
    wanted = [post.title for post in reversed(public)]
    assert titles(made(tags=["a"])) == wanted


@pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's plans")
def test_no_table_is_read_whole_for_them(db):
    """Not even a small one, where that is made dear: each question has its index."""
    post = loaded(made(categories=[make_category("News")], tags=["a", "b"]))
    with CaptureQueriesContext(connection) as asked:
        related.keys(post)
    [query] = [each["sql"] for each in asked if "UNION ALL" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
