"""Whatever was said, however it is paged: each comment stands where its address leads."""

import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.models import SiteSettings
from comments import thread_pages, threads
from comments.models import Comment
from tests.builders import at, make_comment, make_post

pytestmark = pytest.mark.django_db
ORDERS = SiteSettings.CommentOrder.values


def anchors(page):
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', page)]


def numbers(page):
    return [int(n) for n in re.findall(r'aria-label="Response (\d+), permalink"', page)]


@st.composite
def conversations(draw):
    """What is said: each line answers an earlier one or the post, in some state."""
    lines = []
    for place in range(draw(st.integers(0, 14))):
        parent = draw(st.none() | st.integers(0, place - 1)) if place else None
        state = draw(st.sampled_from(["approved"] * 4 + ["trash", "pending"]))
        kind = draw(st.sampled_from(["comment"] * 4 + ["pingback"]))
        lines.append((parent, state, kind, draw(st.integers(0, 3))))
    return lines


@hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=conversations(),
    per_page=st.integers(1, 4),
    most=st.integers(1, 4),
    room=st.sampled_from([0, 3, 6, 120]),
    is_paged=st.booleans(),
    first=st.sampled_from(ORDERS),
    order=st.sampled_from(ORDERS),
)
def test_every_comment_is_found_and_counted(
    client, monkeypatch, lines, per_page, most, room, is_paged, first, order
):
    """Each visible one stands once where its permalink leads; none is missed out."""
    monkeypatch.setattr(thread_pages, "MOST_OF_ONE", most)
    monkeypatch.setattr(thread_pages, "MOST_SHOWN", room)
    monkeypatch.setattr(thread_pages, "LEAST_ROOM", 0)
    monkeypatch.setattr(threads, "PINGS_SHOWN", most)
    SiteSettings(
        paginate_comments=is_paged,
        comments_per_page=per_page,
        first_comment_page=first,
        comment_order=order,
    ).save()
    post = make_post()
    comments = []
    for parent, state, kind, hour in lines:
        comments.append(
            make_comment(
                post,
                parent=None if parent is None else comments[parent],
                state=state,
                kind=kind,
                created_at=at(f"2006-12-01 {hour:02}:00"),
            )
        )
    shown, pages = {}, {}
    for comment in comments:
        response = client.get(f"/comments/{comment.pk}/")
        if comment.state != Comment.State.APPROVED:
            assert response.status_code == 404
            continue
        path, _, anchor = response["Location"].partition("#")
        assert anchor == f"comment-{comment.pk}"
        # Each page is looked at once: that is what takes long.
        page = pages[path] = pages.get(path) or client.get(path).text
        assert anchors(page).count(comment.pk) == 1
        assert len(set(numbers(page))) == len(numbers(page))
        number = re.search(
            rf'#comment-{comment.pk}" aria-label="Response (\d+), permalink"', page
        )
        shown[comment.pk] = int(number[1])
    assert sorted(shown.values()) == list(range(1, len(shown) + 1))
