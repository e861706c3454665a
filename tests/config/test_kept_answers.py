"""What the blog answers besides pages: kept as they are, and made anew after a change."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import publishing
from blog.models import Post, Redirect
from tests.builders import at, make_post
from tests.cached import Reader

pytestmark = pytest.mark.django_db(transaction=True)

ASK_ALWAYS = "public, max-age=0, must-revalidate"
ALONE = "private, no-cache"


@pytest.fixture
def reader():
    reader = Reader()
    yield reader
    reader.generations.close()


@pytest.fixture
def post(db):
    return make_post("Talks", slug="talks", published_at=at("2006-11-30 12:00"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/old/", 301),
        ("/2006/11/30/talks", 301),
        ("/archives", 301),
        ("/taken-back/", 410),
        ("/nothing/", 404),
    ],
)
def test_what_is_elsewhere_or_nowhere_is_kept_as_pages_are(reader, post, path, code):
    """Who is told nothing keeps a redirect for ever (RFC 9110, section 15.4.2)."""
    Redirect.objects.create(old_path="/old/", new_path=post.get_absolute_url())
    Redirect.objects.create(old_path="/taken-back/", new_path="")
    first, second = reader.ask(path), reader.ask(path)
    assert reader.made == 1
    assert (first.code, first.text) == (second.code, second.text)
    assert first.headers == second.headers
    assert first.code == code
    assert first.headers["cache-control"] == ASK_ALWAYS
    assert first.headers["vary"] == "Accept-Encoding, Cookie"


def test_an_address_leads_on_is_a_post_is_gone_and_is_nowhere(reader, post):
    """Each right after it became so."""
    old, place = "/2006/11/29/walks/", post.get_absolute_url()
    assert reader.ask(old).code == 404
    moved = Redirect.objects.create(old_path=old, new_path=place)
    assert reader.ask(old).headers["location"] == place
    taken = make_post("Walks", slug="walks", published_at=at("2006-11-29 12:00"))
    assert (reader.ask(old).code, "Walks" in reader.get(old)) == (200, True)
    publishing.delete(Post.objects.filter(pk=taken.pk))
    moved.delete()
    assert reader.ask(old).code in (404, 410)
    Redirect.objects.filter(old_path=old).delete()
    Redirect.objects.create(old_path=old, new_path="")
    assert reader.ask(old).code == 410
    Redirect.objects.all().delete()
    assert reader.ask(old).code == 404


@pytest.mark.parametrize(
    ("path", "query"), [("/", "p=1"), ("/comments/preview/", ""), ("/", "own=x")]
)
def test_what_is_not_kept_is_kept_by_nobody_else(reader, post, path, query):
    answer = reader.ask(path, query)
    told = answer.headers["cache-control"]
    assert "private" in told or "no-store" in told


def test_what_a_request_says_of_a_body_changes_no_page(reader, post):
    """Django would read the address in that encoding; this one is none of text."""
    asked = reader.ask("/feed/", "paged=1", CONTENT_TYPE="text/plain; charset=hex")
    assert asked.text == reader.ask("/feed/", "paged=1").text
    assert (asked.code, reader.made) == (200, 1)


def test_a_clock_that_is_set_back_takes_a_post_with_it(reader, post, time_machine):
    time_machine.move_to("2026-11-20 12:00Z", tick=False)
    make_post("Later", published_at=timezone.now() + timedelta(hours=1))
    seen = []
    for hour in (12, 13, 12, 13):
        time_machine.move_to(f"2026-11-20 {hour}:00Z", tick=False)
        seen.append("Later" in reader.get())
    assert seen == [False, True, False, True]
