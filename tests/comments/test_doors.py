"""A comment stored from a shell or a script stands as well as one from the form."""

import pytest

from blog import trees
from comments.models import Comment
from comments.posting import post_comment
from comments.submission import Submission
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db


def is_sound() -> bool:
    return list(trees.faults(trees.read(Comment.objects.all()))) == []


def test_a_comment_may_be_created_by_hand():
    post = make_post()
    root = Comment.objects.create(post=post, body="By hand")
    Comment.objects.create(post=post, body="Below it", parent=root)
    Comment(post=post, body="Another").save()
    assert is_sound()


def test_a_comment_made_by_hand_is_in_no_visitors_way():
    post = make_post()
    for number in range(3):
        Comment.objects.create(post=post, body=f"By hand {number}")
    said = Submission(
        body="From the form", author_name="A", author_email="a@example.org"
    )
    post_comment(post, said)
    assert is_sound()


def test_a_reply_stands_well_below_a_parent_that_was_read_long_ago():
    post = make_post()
    root = make_comment(post)
    stale = Comment.objects.get(pk=root.pk)
    make_comment(post, parent=make_comment(post, parent=root))
    Comment.objects.create(post=post, body="Late", parent=stale)
    assert is_sound()


def test_a_reply_stays_below_its_parents_post():
    with pytest.raises(ValueError, match="same post"):
        Comment.objects.create(post=make_post(), parent=make_comment(make_post()))


def test_a_comment_never_moves():
    post = make_post()
    root, other = make_comment(post), make_comment(post)
    other.parent = root
    with pytest.raises(ValueError, match="never move"):
        other.save()
    assert is_sound()
