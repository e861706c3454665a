"""How often strangers may send this server somewhere, and what is kept of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, IncomingPing
from comments.pings import limits, retention
from comments.pings.receive import take
from comments.pings.refusals import QueueFull, TooManyPings
from config.chores import delete_refused_pings, forget_addresses
from tests.builders import make_comment, make_post

pytestmark = pytest.mark.django_db
HOME = "https://blog.example.org"
State = IncomingPing.State


@pytest.fixture(autouse=True)
def _small(settings, monkeypatch):
    settings.SITE_URL = HOME
    for name, most in {
        "MAX_FROM_ADDRESS_AN_HOUR": 4,
        "MAX_ABOUT_HOST_AN_HOUR": 3,
        "MAX_OF_PAIR_A_DAY": 2,
        "MAX_WAITING": 6,
    }.items():
        monkeypatch.setattr(limits, name, most)


@pytest.fixture
def post():
    return make_post()


def tell(post, source, address="192.0.2.7", kind="webmention"):
    return take(kind, source, HOME + post.get_absolute_url(), address=address)


def let_time_pass(**by) -> None:
    for ping in IncomingPing.objects.all():
        for name in ("asked_at", "counted_at", "due_at"):
            setattr(ping, name, getattr(ping, name) - timedelta(**by))
        ping.save()


def test_one_address_sends_so_many_an_hour(post):
    for number in range(4):
        tell(post, f"https://blog{number}.example/")
    with pytest.raises(TooManyPings, match=r"from your address.* in an hour\.") as why:
        tell(post, "https://one-more.example/")
    assert why.value.retry_after == 3600
    tell(post, "https://one-more.example/", address="192.0.2.8")
    let_time_pass(minutes=61)
    tell(post, "https://and-another.example/")


def test_an_ipv6_sender_is_its_whole_network(post):
    for number in range(4):
        tell(post, f"https://blog{number}.example/", f"2001:db8:1:2::{number}")
    with pytest.raises(TooManyPings):
        tell(post, "https://one-more.example/", "2001:db8:1:2:ffff::1")
    tell(post, "https://one-more.example/", "2001:db8:1:3::1")


def test_where_no_address_is_known_the_others_hold(post):
    for number in range(6):
        tell(post, f"https://blog{number}.example/", address=None)
    with pytest.raises(QueueFull):
        tell(post, "https://one-more.example/", address=None)


def test_one_host_is_visited_so_often_an_hour(post):
    for number in range(3):
        tell(post, f"https://there.example/{number}", f"192.0.2.{number}")
    for spelt in ("https://there.example/", "http://THERE.example.:80/new"):
        with pytest.raises(TooManyPings, match=r"pages of there\.example.* an hour"):
            tell(post, spelt, "192.0.2.99")
    tell(post, "https://other.example/", "192.0.2.99")
    let_time_pass(minutes=61)
    tell(post, "https://there.example/new", "192.0.2.99")


def test_visits_are_counted_and_not_rows(post):
    for _ in range(2):
        tell(post, "https://there.example/1")
        IncomingPing.objects.update(state=State.TAKEN)
    tell(post, "https://there.example/2")
    with pytest.raises(TooManyPings):
        tell(post, "https://there.example/3")


def test_one_pair_is_looked_at_so_often_a_day(post):
    ping = tell(post, "https://there.example/")
    IncomingPing.objects.update(state=State.REFUSED)
    let_time_pass(hours=2)
    tell(post, "https://there.example/")
    IncomingPing.objects.update(state=State.TAKEN)
    let_time_pass(hours=2)
    with pytest.raises(TooManyPings, match="in 20 hours") as why:
        tell(post, "https://there.example/")
    assert 19 * 3600 < why.value.retry_after <= 20 * 3600
    ping.refresh_from_db()
    assert ping.state == State.TAKEN
    let_time_pass(hours=21)
    tell(post, "https://there.example/")
    ping.refresh_from_db()
    assert (ping.state, ping.asked_count) == (State.WAITING, 1)


def test_what_waits_already_costs_nothing(post):
    for _ in range(20):
        tell(post, "https://there.example/")
    assert IncomingPing.objects.get().asked_count == 1


def test_a_full_queue_takes_no_more_until_it_is_shorter(post):
    for number in range(6):
        tell(post, f"https://blog{number}.example/", f"192.0.2.{number}")
    with pytest.raises(QueueFull, match="in 15 minutes") as why:
        tell(post, "https://one-more.example/", "192.0.2.99")
    assert why.value.retry_after == 900
    # Who waits in it hears what he would have heard.
    tell(post, "https://blog0.example/", "192.0.2.99")
    IncomingPing.objects.filter(source_host="blog0.example").update(state=State.REFUSED)
    tell(post, "https://one-more.example/", "192.0.2.99")


def test_what_was_refused_by_a_limit_leaves_nothing(post):
    for number in range(3):
        tell(post, f"https://there.example/{number}")
    before = list(IncomingPing.objects.order_by("pk").values())
    with pytest.raises(TooManyPings):
        tell(post, "https://there.example/new")
    assert list(IncomingPing.objects.order_by("pk").values()) == before


def test_each_limit_is_asked_of_an_index(post, django_assert_num_queries):
    tell(post, "https://there.example/")
    ping = IncomingPing.objects.get()
    with django_assert_num_queries(3):
        limits.check("192.0.2.7", "there.example", ping)
    now = timezone.now()
    rows = IncomingPing.objects.order_by()
    for found, index in (
        (rows.filter(asked_at__gt=now, ip_address="192.0.2.7"), "incoming_address"),
        (rows.filter(asked_at__gt=now, source_host="there.example"), "incoming_host"),
        (rows.filter(state=State.WAITING), "incoming_due"),
    ):
        if (
            rows.db
            and "sqlite" in found.query.get_compiler("default").connection.vendor
        ):
            assert re.search(rf"INDEX {index}", found.explain())


# --- What is kept -------------------------------------------------------------


def test_addresses_are_forgotten_with_those_of_comments(post):
    old = tell(post, "https://old.example/")
    let_time_pass(days=61)
    new = tell(post, "https://new.example/")
    forget_addresses()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.ip_address, new.ip_address) == (None, "192.0.2.7")


def test_what_was_refused_is_deleted_in_a_month_and_nothing_else(post, monkeypatch):
    monkeypatch.setattr(retention, "MAX_DELETED", 1)
    rows = {}
    for number, state in enumerate(State.values):
        for days in (29, 31):
            ping = IncomingPing.objects.create(
                post=post,
                source_url=f"https://there.example/{number}/{days}",
                state=state,
                asked_at=timezone.now() - timedelta(days=days),
            )
            rows[state, days] = ping.pk
    looked_at_since = IncomingPing.objects.create(
        post=post,
        source_url="https://there.example/since",
        state=State.REFUSED,
        asked_at=timezone.now() - timedelta(days=40),
        looked_at=timezone.now() - timedelta(days=29),
    )
    became = IncomingPing.objects.create(
        post=post,
        source_url="https://there.example/became",
        state=State.REFUSED,
        asked_at=timezone.now() - timedelta(days=31),
        comment=make_comment(post, kind=Comment.Kind.PINGBACK),
    )
    kept = {pk for key, pk in rows.items() if key != (State.REFUSED, 31)}
    delete_refused_pings()
    left = set(IncomingPing.objects.values_list("pk", flat=True))
    assert left == kept | {looked_at_since.pk, became.pk}
