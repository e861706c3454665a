"""Whatever becomes of a post: each page it links to is told what it has to be, once."""

from unittest.mock import patch

from django.core.management import call_command
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog import publishing
from blog.models import Post
from comments.models import OutgoingPing
from tests.neighbour import Neighbour
from tests.web import serve_web

State = OutgoingPing.State
NEWS, ONCE, NAMED = ["/a/", "/b/"], ["/old/"], ["/tb/1"]
deeds = st.one_of(
    st.tuples(st.just("link"), st.sets(st.sampled_from(NEWS + ONCE))),
    st.tuples(st.just("name"), st.booleans()),
    st.tuples(st.just("title"), st.sampled_from(["Tea", "Coffee"])),
    st.tuples(st.just("password"), st.sampled_from(["", "tea"])),
    *(
        st.tuples(st.just(act), st.none())
        for act in ("publish", "publish", "withdraw", "trash", "restore", "work")
    ),
)


class AnyFollowing(TestCase):
    def setUp(self):
        web = self.enterContext(serve_web())
        self.enterContext(
            override_settings(FETCH_LOOPBACK_PORTS={web.port}, PING_UPDATE_SECONDS=0)
        )
        # On PostgreSQL a worker would take the test's transaction for a leftover.
        worker = "django_tasks_db.management.commands.db_worker"
        self.enterContext(patch(f"{worker}.close_old_connections"))
        self.neighbour = Neighbour(web)
        for path in NEWS:
            self.neighbour.page(path)
        for path in ONCE:
            self.neighbour.pingback_page(path)
        for path in NAMED:
            self.neighbour.trackback(path)

    @hypothesis_settings(max_examples=60)
    @given(st.lists(deeds, max_size=12), st.booleans(), st.booleans())
    def test_each_page_is_told_what_it_has_to_be_and_never_twice_the_same(
        self, done, is_out, is_deleted
    ):
        self.post = Post(title="Tea", status="draft")
        publishing.save_post(self.post)
        self.knows = {}
        if is_out:
            done = [("link", {*NEWS, *ONCE}), ("publish", None), ("work", None), *done]
        for deed, drawn in [*done, ("work", None)]:
            self.do(deed, drawn)
        if is_deleted:
            publishing.delete([self.post])
            self.post = None
            self.work()
        states = set(OutgoingPing.objects.values_list("state", flat=True))
        assert states <= {State.SENT}
        told = OutgoingPing.objects.filter(state=State.SENT)
        assert {ping.target_url for ping in told} == {
            self.neighbour.web.url(path) for path in self.knows
        }

    def do(self, deed, drawn):
        if deed == "work":
            self.work()
        elif deed in ("publish", "withdraw", "trash", "restore"):
            getattr(publishing, deed)([self.post])
        else:
            self.edit(deed, drawn)
        if self.post:
            self.post.refresh_from_db()

    def edit(self, deed, drawn):
        url = self.neighbour.web.url
        if deed == "link":
            links = [f'<a href="{url(path)}">there</a>' for path in sorted(drawn)]
            self.post.body = "<p>See {}.</p>".format(" ".join(links))
        elif deed == "name":
            self.post.trackback_urls = url(NAMED[0]) if drawn else ""
        else:
            setattr(self.post, deed, drawn)
        publishing.save_post(self.post)

    def work(self):
        """The worker works, and each page hears what it did not know: no more."""
        self.neighbour.told.clear()
        call_command("db_worker", batch=True, interval=0, verbosity=0)
        due = {path: news for path in NEWS + ONCE + NAMED if (news := self.news(path))}
        assert sorted(self.neighbour.paths()) == sorted(due)
        self.knows |= due

    def news(self, path):
        """What this page has to be told now; None where there is nothing."""
        post, known = self.post, self.knows.get(path)
        is_public = post is not None and post.is_public
        if is_public and post.password:
            return None
        url = self.neighbour.web.url(path)
        place = "trackback_urls" if path in NAMED else "body"
        is_there = is_public and url in getattr(post, place)
        now = (post.title, post.body) if is_there else "gone"
        if known is None:
            return None if now == "gone" else now
        return now if path in NEWS and now != known else None
