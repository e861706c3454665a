"""Whatever people and moderators do, in whatever order: a sound conversation."""

import re
from itertools import count

from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import SiteSettings
from comments import owning, posting, privacy
from comments.models import Comment
from tests.builders import make_post, make_user

State = Comment.State
STATES = [State.APPROVED, State.PENDING, State.SPAM, State.TRASH]
_numbers = count(1)

# Which comment is meant is drawn as any number; the rest of a division tells.
which = st.integers(0, 1000)
deeds = st.one_of(
    st.tuples(st.just("post"), st.none()),
    st.tuples(st.just("reply"), which),
    st.tuples(st.just("reply"), which),
    st.tuples(st.sampled_from(STATES), which),
    st.tuples(st.just("undo"), which),
    st.tuples(st.sampled_from(["edit", "edit badly", "withdraw", "erase"]), which),
)
BAD_WORD = "casino"


class AnyConversation(TestCase):
    def setUp(self):
        self.post = make_post("Talks", comments_open=True)
        self.moderator = make_user("mo")
        self.moderator.groups.add(Group.objects.get(name="Editor"))
        SiteSettings(
            hold_first=False,
            thread_depth=3,
            proof_of_work="never",
            spam_filter=False,
            held_words=BAD_WORD,
        ).save()
        self.batches = []

    @hypothesis_settings(max_examples=40)
    @given(st.lists(deeds, max_size=14))
    def test_it_stays_sound_and_shows_what_is_approved(self, done):
        for deed, which_one in done:
            self.do(deed, which_one)
            self.assert_sound()
        self.assert_shown()

    def do(self, deed, which_one):
        comments = list(Comment.objects.order_by("pk"))
        one = comments[which_one % len(comments)] if comments and which_one else None
        if deed == "post":
            self.say(None)
        elif deed == "reply" and one:
            self.say(one)
        elif deed in STATES and one:
            batch = posting.decide([one], deed, f"{deed}: drawn", by=self.moderator)
            self.batches += [batch] if batch else []
        elif deed == "undo" and self.batches:
            posting.undo(self.batches[which_one % len(self.batches)])
        elif deed.startswith("edit") and one:
            words = BAD_WORD if deed == "edit badly" else "Better words"
            self.change(one, {"body": f"{words} {next(_numbers)}."})
        elif deed == "withdraw" and one:
            self.change(one, {"withdraw": "yes"})
        elif deed == "erase" and one and one.author_email:
            privacy.erase(one.author_email)

    def change(self, comment, typed):
        """With the writer's own link; refused where the comment was removed."""
        own = f"/comments/own/{owning.sign(comment)}/"
        response = self.client.post(own, typed)
        is_there = comment.state in (State.APPROVED, State.PENDING)
        assert (response.status_code < 400) == is_there

    def say(self, answered):
        """Through the form, as a visitor; refused where the answered is not shown."""
        number = next(_numbers)
        response = self.client.post(
            f"/comments/reply/{self.post.pk}/",
            {
                "body": f"Words {number}.",
                "author_name": f"Reader {number}",
                "author_email": f"reader{number}@example.org",
                "parent": answered.pk if answered else "",
            },
            REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        )
        is_shown = answered is None or answered.is_approved
        assert response.status_code == (302 if is_shown else 403)

    def assert_sound(self):
        assert list(Comment.objects.faults()) == []
        self.post.refresh_from_db()
        assert self.post.comment_count == Comment.objects.approved().count()

    def assert_shown(self):
        """Every approved one once, nothing else but tombstones that hold it up."""
        page = self.client.get(self.post.get_absolute_url()).text
        anchors = [int(pk) for pk in re.findall(r'id="comment-(\d+)"', page)]
        assert len(anchors) == len(set(anchors))
        approved = {comment.pk: comment for comment in Comment.objects.approved()}
        above = {
            ancestor.pk
            for comment in approved.values()
            for ancestor in comment.get_ancestors()
        }
        assert set(anchors) == set(approved) | above
        for comment in Comment.objects.all():
            if comment.body:
                assert (comment.body in page) == (comment.pk in approved)
            else:
                assert comment.pk not in approved
