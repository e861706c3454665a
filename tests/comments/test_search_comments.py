"""Which comments are found, and what is shown of them."""

import pytest

from blog.models import Post, SearchQueue
from blog.search import index
from blog.search.query import search
from comments.models import Comment
from tests.builders import make_category, make_comment, make_post

pytestmark = pytest.mark.django_db


def test_a_comment_is_found_below_its_post():
    post = make_post("At sea", language="de")
    comment = make_comment(post, "The *last* <b>ferry</b> is late.", author_name="Zoë")

    (hit,) = search("ferries").hits

    assert hit.kind == "comment"
    assert hit.url == comment.get_absolute_url()
    assert hit.post == post
    assert hit.title == "At sea"
    assert "<mark>ferry</mark> is late" in hit.snippet
    assert hit.author_name == "Zoë"
    assert hit.language == "de"


def test_a_comment_is_found_by_who_wrote_it(bob):
    post = make_post("At sea")
    make_comment(post, "Yes.", author_name="Zoë")
    make_comment(post, "No.", author=bob, author_name="")

    assert [hit.author_name for hit in search("zoe").hits] == ["Zoë"]
    assert [hit.author_name for hit in search("bob").hits] == ["Bob"]
    bob.display_name = "Robert"
    bob.save()
    assert search("bob").hits == []
    assert [hit.author_name for hit in search("robert").hits] == ["Robert"]


@pytest.mark.parametrize(
    "state", [Comment.State.PENDING, Comment.State.SPAM, Comment.State.TRASH]
)
def test_nobody_finds_what_was_not_approved(state):
    make_comment(make_post(), "ferry", state=state)

    assert search("ferry").hits == []
    assert search("fery").meant == ""


@pytest.mark.parametrize("fields", [{"password": "pw"}, {"status": Post.Status.DRAFT}])
def test_nobody_finds_comments_below_what_is_not_public(fields):
    post = make_post(**fields)
    make_comment(post, "ferry")

    assert search("ferry").hits == []
    Post.objects.filter(pk=post.pk).update(password="", status=Post.Status.PUBLISHED)
    assert len(search("ferry").hits) == 1


def test_filters_hold_for_comments(alice):
    news = make_category("News")
    asia = make_category("Asia", parent=news)
    inside, outside = make_post(categories=[asia]), make_post()
    make_comment(inside, "ferry one")
    make_comment(outside, "ferry two", author=alice)

    assert search("ferry", kind="post").hits == []
    assert len(search("ferry", kind="comment").hits) == 2
    assert [hit.post for hit in search("ferry", category=news).hits] == [inside]
    assert [hit.post for hit in search("ferry", author=alice).hits] == [outside]


def test_a_comment_is_found_wherever_its_post_is_filed():
    news, sport = make_category("News"), make_category("Sport")
    post = make_post(categories=[news])
    for number in range(3):
        make_comment(post, f"ferry {number}")
    assert search("ferry", category=news).count == 3

    post.categories.set([sport])
    assert search("ferry", category=news).count == 0
    assert search("ferry", category=sport).count == 3
    sport.delete()
    assert search("ferry").count == 3
    post.categories.add(news)
    Comment.objects.filter(body_html__contains="2").update(post=make_post())
    assert search("ferry", category=news).count == 2


@pytest.mark.parametrize("asked", ["boat -night", 'boat -"a night"'])
def test_what_is_not_wanted_is_not_in_the_title_above_a_comment_either(asked):
    make_comment(make_post("A Night at Sea"), "The boat.")
    shown = make_comment(make_post("A boat", body="<p>By night.</p>"), "Our boat.")
    make_comment(make_post("On land"), "The boat of a night.")
    make_comment(make_post("Days and a night"), "boat", state=Comment.State.SPAM)

    hits = [hit for hit in search(asked).hits if hit.kind == "comment"]

    assert [hit.url for hit in hits] == [shown.get_absolute_url()]


def test_comments_below_a_post_are_not_entered_anew_when_it_is_edited():
    post = make_post("At sea", categories=[make_category("News")])
    make_comment(post, "ferry")
    index.work()
    post.title = "On land"
    post.save()
    assert set(SearchQueue.objects.values_list("source", flat=True)) == {"post"}


def test_a_comment_is_found_as_soon_as_its_state_says_so():
    comment = make_comment(make_post(), "ferry", state=Comment.State.PENDING)

    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.APPROVED)
    assert len(search("ferry").hits) == 1
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.SPAM)
    assert search("ferry").hits == []


def test_posts_come_before_their_comments():
    post = make_post("The ferry")
    make_comment(post, "ferry ferry ferry")

    assert [hit.kind for hit in search("ferry").hits] == ["post", "comment"]
