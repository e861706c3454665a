import pytest

from blog import trees
from comments.models import Comment
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db


def test_a_reply_stands_below_what_it_answers():
    post = make_post()
    root = make_comment(post)
    reply = make_comment(post, parent=root)
    make_comment(post)
    assert list(trees.faults(trees.read(Comment.objects.all()))) == []
    assert reply.parent == root
    assert Comment.objects.get(pk=reply.pk).level == 1
