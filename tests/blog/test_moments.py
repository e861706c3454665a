"""How long ago something was, as people say it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.moments import ago


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=61), "1\xa0minute ago"),
        (timedelta(hours=3, minutes=5), "3\xa0hours ago"),
        (timedelta(seconds=-30), "just now"),
    ],
)
def test_it_is_said_in_the_largest_unit(past, words):
    now = timezone.now()
    assert ago(now - past) == words
