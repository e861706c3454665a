"""Whatever happens in whatever order: each person one mail a comment, writers none."""

from collections import Counter
from datetime import timedelta
from itertools import count
from unittest.mock import patch

import time_machine
from django.core import mail as outbox
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.models import SiteSettings
from comments import notify, posting
from comments.models import Comment, Notice, Subscription
from comments.notify import mails, sending
from comments.submission import Submission
from tests.builders import make_post, make_user

State = Comment.State
_numbers = count(1)
PEOPLE = ["alice", "carol", "anna", "otto"]
which = st.integers(0, 100)
deeds = st.one_of(
    st.tuples(st.just("say"), st.tuples(st.sampled_from(PEOPLE), which)),
    st.tuples(
        st.sampled_from([State.APPROVED, State.PENDING, State.SPAM, State.TRASH]), which
    ),
    st.tuples(st.just("undo"), which),
    st.tuples(st.just("send"), which),
    st.tuples(st.just("sweep"), which),
)


class AnyMails(TestCase):
    def setUp(self):
        SiteSettings(hold_first=True, spam_filter=False, proof_of_work="never").save()
        self.users = {
            "alice": make_user("alice", role="Editor"),
            "carol": make_user("carol", role="Author"),
        }
        self.post = make_post("Talks", author=self.users["carol"])
        for name in PEOPLE:
            Subscription.objects.create(
                post=self.post,
                email=f"{name}@example.org",
                confirmed_at=timezone.now(),
            )
        self.batches = []
        self.sent = Counter()

    @hypothesis_settings(max_examples=30)
    @given(st.lists(deeds, max_size=12))
    def test_nobody_is_told_twice_or_of_their_own_words(self, done):
        self.sent.clear()
        compose = mails.compose

        def noted(batch):
            self.sent.update((notice.comment_id, notice.email) for notice in batch)
            return compose(batch)

        with (
            time_machine.travel(timezone.now(), tick=False) as clock,
            patch.object(mails, "compose", noted),
        ):
            for deed, drawn in [*done, ("send", 100), ("sweep", 0), ("send", 100)]:
                self.do(deed, drawn, clock)
                clock.shift(timedelta(seconds=16))
        self.assert_well_told()

    def do(self, deed, drawn, clock):
        comments = list(Comment.objects.order_by("pk"))
        if deed == "say":
            name, number = drawn
            answered = comments[number % len(comments)] if comments else None
            self.say(name, answered if number % 2 else None)
        elif deed == "undo" and self.batches:
            posting.undo(self.batches[drawn % len(self.batches)])
        elif deed == "send":
            clock.shift(timedelta(minutes=drawn))
            for pk in Notice.objects.values_list("pk", flat=True):
                sending.look_at(pk)
        elif deed == "sweep":
            notify.sweep()
        elif deed in State.values and comments:
            one = comments[drawn % len(comments)]
            batch = posting.decide([one], deed, "drawn", by=self.users["alice"])
            self.batches += [batch] if batch else []

    def say(self, name, answered):
        may_answer = answered and answered.is_approved
        posting.post_comment(
            self.post,
            Submission(
                body=f"Word {next(_numbers)}",
                author=self.users.get(name),
                author_name=name,
                author_email=f"{name}@example.org",
                parent_id=answered.pk if may_answer else None,
                wants_mail=True,
            ),
        )

    def assert_well_told(self):
        assert max(self.sent.values(), default=1) == 1
        assert len(outbox.outbox) <= len(self.sent)
        for notice in Notice.objects.select_related("comment"):
            assert notice.email != notice.comment.author_email
        for comment_pk, email in self.sent:
            assert Comment.objects.get(pk=comment_pk).author_email != email
