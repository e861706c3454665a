"""The edit lock: who writes a post just now, and what the others are told."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog import edit_locks
from blog.models import Post
from blog.models.unsaved import LOCK_SECONDS, EditLock
from tests.blog.test_address_races import at_once
from tests.blog.test_admin_posts import LIST, edit
from tests.builders import at, make_page, make_post, make_user

NOON = at("2026-03-01 14:02")


@pytest.fixture
def dmitri(db):
    return make_user("dmitri", role="Editor")


@pytest.fixture
def post(alice):
    return make_post("Talks", author=alice)


def address(post):
    return f"/admin/blog/{post.kind}/{post.pk}/lock/"


def beat(client, user, post, window="w1", **fields):
    """What a page is told that says it is open."""
    client.force_login(user)
    return client.post(address(post), {"window": window} | fields).json()


# --- Who holds it


def test_the_first_page_holds_it_and_the_second_is_told(client, alice, dmitri, post):
    with time_machine.travel(NOON, tick=False) as clock:
        assert beat(client, alice, post)["state"] == "own"
        clock.shift(timedelta(seconds=30))
        told = beat(client, dmitri, post, "w2")
    assert told["state"] == "other"
    assert told["met"] == "Alice is writing this since 14:02 (was here 30 seconds ago)."


def test_it_holds_as_long_as_it_says_so(client, alice, dmitri, post):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(20):
            assert beat(client, alice, post)["state"] == "own"
            clock.shift(timedelta(seconds=LOCK_SECONDS - 1))
        assert beat(client, dmitri, post, "w2")["state"] == "other"
        clock.shift(timedelta(seconds=1))
        assert beat(client, dmitri, post, "w2")["state"] == "own"
        assert beat(client, alice, post)["met"].startswith("Dmitri is writing")


def test_whoever_was_away_and_was_not_missed_goes_on(client, alice, post):
    with time_machine.travel(NOON, tick=False) as clock:
        beat(client, alice, post)
        clock.shift(timedelta(hours=9))
        assert beat(client, alice, post)["state"] == "own"


def test_leaving_sets_it_free(client, alice, dmitri, post):
    beat(client, alice, post)
    assert (
        client.post(address(post), {"window": "w1", "do": "leave"}).status_code == 204
    )
    assert edit_locks.live(post) is None
    assert beat(client, dmitri, post, "w2")["state"] == "own"


def test_another_window_cannot_set_it_free(client, alice, dmitri, post):
    beat(client, alice, post)
    for user, window in ((alice, "w2"), (dmitri, "w1")):
        client.force_login(user)
        client.post(address(post), {"window": window, "do": "leave"})
    assert edit_locks.live(post).holder == alice


@pytest.mark.parametrize("has_left", [True, False])
def test_saving_and_loading_anew_is_no_leaving(client, alice, dmitri, post, has_left):
    """The page before says good-bye before or after the next one says hello."""
    with time_machine.travel(NOON, tick=False) as clock:
        beat(client, alice, post, "w1")
        clock.shift(timedelta(seconds=40))
        leaving = {"window": "w1", "do": "leave"}
        if has_left:
            client.post(address(post), leaving)
        assert beat(client, alice, post, "w2", before="w1")["state"] == "own"
        client.post(address(post), leaving)
        assert "since 14:02" in beat(client, dmitri, post, "w3")["met"]


def test_following_oneself_a_day_later_begins_anew(client, alice, dmitri, post):
    with time_machine.travel(NOON, tick=False) as clock:
        beat(client, alice, post, "w1")
        clock.shift(timedelta(days=1))
        beat(client, alice, post, "w2", before="w1")
        assert EditLock.objects.get().since == NOON + timedelta(days=1)


# --- Taking over


def test_who_was_taken_over_from_is_told(client, alice, dmitri, post):
    with time_machine.travel(NOON, tick=False):
        beat(client, alice, post)
        assert beat(client, dmitri, post, "w2", do="take")["state"] == "own"
        told = beat(client, alice, post)
    assert told["state"] == "other"
    assert told["lost"] == "Dmitri has taken over at 14:02."


def test_a_second_window_of_ones_own_is_called_so(client, alice, post):
    beat(client, alice, post, "w1")
    told = beat(client, alice, post, "w2")
    assert told["met"].startswith("You have this open in another window")
    beat(client, alice, post, "w2", do="take")
    told = beat(client, alice, post, "w1")
    assert told["lost"] == "You went on writing this in another window."


def test_looking_takes_nothing(client, alice, dmitri, post):
    assert beat(client, dmitri, post, "w2", do="look")["state"] == "free"
    beat(client, alice, post)
    assert beat(client, dmitri, post, "w2", do="look")["state"] == "other"
    assert beat(client, alice, post, do="look")["state"] == "own"


def test_the_answer_says_what_is_stored(client, alice, post):
    assert beat(client, alice, post)["savedAt"] == post.updated_at.isoformat()


# --- What is seen of it


def test_who_opens_it_reads_it_at_once_without_scripts(client, alice, dmitri, post):
    beat(client, alice, post)
    client.force_login(dmitri)
    assert "Alice is writing this since" in client.get(edit(post)).text
    client.force_login(alice)
    assert "is writing this since" not in client.get(edit(post)).text


def test_the_list_says_who_is_writing(client, alice, dmitri, post):
    beat(client, alice, post)
    # Who just left the page has not said farewell yet.
    assert "is writing" not in client.get(LIST).text
    client.force_login(dmitri)
    assert "Alice is writing" in client.get(LIST).text
    with time_machine.travel(NOON + timedelta(days=9999)):
        client.force_login(dmitri)
        assert "is writing" not in client.get(LIST).text


@pytest.mark.parametrize("kind", ["post", "page"])
def test_the_list_asks_no_more_for_many_locks(client, alice, kind):
    make = make_post if kind == "post" else make_page
    counts = []
    client.force_login(alice)
    for total in (1, 12):
        for number in range(total):
            edit_locks.hold(make(f"T {total} {number}"), alice, "w")
        client.get(f"/admin/blog/{kind}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/admin/blog/{kind}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_has_one_too(client, alice):
    assert beat(client, alice, make_page("About"))["state"] == "own"


# --- Who may


def test_only_who_may_change_a_post_locks_it(client, alice, bob, post):
    for user in (make_user("carol", role="Author"), bob):
        client.force_login(user)
        answer = client.post(address(post), {"window": "w1"})
        assert answer.status_code in (302, 403)
    client.force_login(alice)
    assert client.get(address(post)).status_code == 403
    assert not EditLock.objects.exists()


def test_a_deleted_post_takes_its_lock_along(client, alice, post):
    beat(client, alice, post)
    Post.objects.all().delete()
    assert client.post(address(post), {"window": "w1"}).status_code == 403
    assert not EditLock.objects.exists()


# --- At the same instant


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite's transactions come one after the other",
)
@pytest.mark.parametrize("was_held", [False, True])
def test_of_two_at_once_one_holds_it(django_db_serialized_rollback, was_held):
    writers = [make_user(f"writer{number}", role="Editor") for number in range(4)]
    for number in range(8):
        post = make_post(f"Talks {number}")
        if was_held:
            edit_locks.hold(post, writers[0], "old")
            edit_locks.leave(post, writers[0], "old")
        found = []
        tasks = [
            lambda post=post, user=user, found=found: found.append(
                (user.pk, edit_locks.hold(post, user, f"w{user.pk}").holder_id)
            )
            for user in writers
        ]
        assert at_once(*tasks) == [None] * len(writers)
        assert len({holder for _, holder in found}) == 1
        assert sum(user == holder for user, holder in found) == 1
