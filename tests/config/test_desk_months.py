"""The plot of twelve months: every number in its month, and bars that say the same."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Post
from config.desk import activity
from tests.builders import at, make_comment, make_page, make_post

NOW = "2007-02-14 12:00"


def numbers(now=NOW):
    return {
        series.name: [bar.count for bar in series.bars]
        for series in activity.months(at(now))
    }


def test_this_month_is_the_last_and_a_year_ago_is_out(db):
    for date in ["2006-02-28 23:59", "2006-03-01 00:00", "2006-12-31 23:59"]:
        make_post(published_at=at(date))
    make_post(published_at=at("2007-02-14 09:00"))
    assert numbers()["Posts"] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]


def test_months_are_the_blogs_own(db, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    timezone.deactivate()
    make_post(published_at=datetime(2007, 1, 31, 16, 0, tzinfo=UTC))
    assert numbers()["Posts"][-2:] == [0, 1]


def test_drafts_pages_and_what_is_to_come_are_not_counted(db):
    now = timezone.now()
    make_post(status=Post.Status.DRAFT, published_at=now)
    make_post(published_at=now + timedelta(hours=1))
    make_page("About")
    assert sum(bar.count for bar in activity.months()[0].bars) == 0


def test_pings_stand_apart_from_comments(db):
    post = make_post(published_at=at("2006-01-01 00:00"))
    for kind in ["comment", "pingback", "webmention", "trackback"]:
        make_comment(post, kind=kind, created_at=at("2007-02-01 10:00"))
    make_comment(post, state="spam", created_at=at("2007-02-01 10:00"))
    counted = numbers()
    assert (counted["Comments"][-1], counted["Pings"][-1]) == (1, 3)


@given(st.lists(st.integers(0, 10**7), min_size=12, max_size=12))
def test_bars_stand_in_their_box_in_the_order_of_their_numbers(counts):
    starts = [at("2006-01-01")] * 13
    bars = activity._bars(starts, counts)
    assert all(0 <= bar.height <= activity.BOX_HEIGHT for bar in bars)
    assert all((bar.height > 0) == (bar.count > 0) for bar in bars)
    by_count = sorted(bars, key=lambda bar: bar.count)
    assert [bar.height for bar in by_count] == sorted(bar.height for bar in bars)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
def test_any_moment_lies_in_the_last_of_thirteen_months(moment):
    now = timezone.make_aware(moment)
    starts = activity._month_starts(now)
    assert len(starts) == 13
    assert starts[-2] <= now < starts[-1]
    assert starts == sorted(set(starts))
