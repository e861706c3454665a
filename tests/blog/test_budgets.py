"""What a reader's first visit may weigh: the first round trip, and what runs."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from blog import themes
from blog.models import SiteSettings
from tests.builders import at, make_category, make_comment, make_post, make_user

MOST_BYTES = 14 * 1024
MOST_SCRIPT_BYTES = 6 * 1024
BROTLI = {"headers": {"accept-encoding": "gzip, deflate, br"}}
WORDS = (
    "The envoys met for the {n}th day in room {n}, whose windows look out on a car park, "
    "and they parted as they had met: politely, without a date for round {m}. It is easy "
    "to call that a failure; it may be one. Those who have sat through {m} such weeks say "
    "that what is not said on day {n} is what is agreed upon in month {m}, and that the "
    "yard, where two delegations smoked for {m} minutes, did more than the table did. "
)


@pytest.fixture
def post(db):
    """Some 800 words with what people use, filed and tagged; six have answered."""
    SiteSettings(
        title="Notes on Negotiation",
        tagline="politics, patiently",
        description="What is said at long tables, and what is meant.",
        menu=[{"name": name, "url": f"/{name}/"} for name in ("about", "books")],
        blogroll=[{"name": "The Long Table", "url": "https://example.org/"}],
    ).save()
    parts = [f"<p>{WORDS.format(n=n, m=3 * n + 1)}</p>" for n in range(4, 12)]
    parts[2:2] = ["<h2>What the table is for</h2>"]
    parts[6:6] = ["<blockquote><p>Let us never fear to negotiate.</p></blockquote>"]
    parts[8:8] = ["<ul><li>First the flags.</li><li>Then the pens.</li></ul>"]
    parts.append('<p>A note.<span class="footnote">Taken there.</span></p>')
    news = make_category("News")
    post = make_post(
        "No Progress in the Talks",
        body="".join(parts),
        author=make_user("dmitri", role="Author"),
        categories=[news, make_category("Asia", news)],
        tags=["talks", "six parties"],
        published_at=at("2006-11-30 12:00"),
    )
    for number in range(1, 8):
        make_post(published_at=at(f"2006-{number:02}-20 12:00"), categories=[news])
    first = make_comment(post, WORDS.format(n=2, m=1))
    for number in range(4):
        make_comment(post, WORDS.format(n=number, m=number + 5), parent=first)
    make_comment(
        post, "[…] so they say […]", kind="pingback", source_url="https://a.example/"
    )
    return post


def sent(client, address) -> int:
    """The bytes of an answer, compressed as it is sent."""
    response = client.get(address, **BROTLI)
    assert response.headers["Content-Encoding"] == "br"
    return len(response.content)


@pytest.mark.parametrize("theme", themes.THEMES)
def test_a_page_and_its_sheet_come_in_the_first_round_trip(client, post, theme):
    SiteSettings.objects.update(theme=theme)
    page = client.get(post.get_absolute_url()).text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    html, css = sent(client, post.get_absolute_url()), sent(client, sheet)
    assert html + css <= MOST_BYTES, (html, css)


def test_little_runs_on_a_page_that_is_read(client, post):
    for address in ("/", post.get_absolute_url(), "/archives/"):
        page = client.get(address).text
        weights = {name: weight(name) for name in scripts(page)}
        assert sum(weights.values()) <= MOST_SCRIPT_BYTES, (address, weights)


def scripts(page: str) -> set[str]:
    """The static files a page runs at once, with what they import."""
    found = set(re.findall(r'<script\b[^>]* src="/static/([^"]+)"', page))
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        text = Path(finders.find(name)).read_text()
        for imported in re.findall(r'^import\b[^;]*?"\./([^"]+)"', text, re.MULTILINE):
            beside = str(Path(name).parent / imported)
            waiting += {beside} - found
            found.add(beside)
    return found


def weight(name: str) -> int:
    return len(brotli.compress(Path(finders.find(name)).read_bytes()))


def test_a_player_comes_where_there_is_something_to_play(client, post):
    assert "player.js" not in client.get(post.get_absolute_url()).text


def test_who_takes_no_brotli_gets_what_they_take(client, post):
    address = post.get_absolute_url()
    for accepted, expected in {
        "br;q=0, gzip": "gzip",
        "br;q=0.0,gzip": "gzip",
        "gzip": "gzip",
        "br;q=0.5": "br",
        "identity": None,
    }.items():
        response = client.get(address, headers={"accept-encoding": accepted})
        assert response.headers.get("Content-Encoding") == expected, accepted
        assert "Accept-Encoding" in response.headers["Vary"]


def test_what_is_one_persons_has_a_length_nobody_can_measure(client, post, alice):
    client.force_login(alice)
    response = client.get(post.get_absolute_url(), **BROTLI)
    assert response.headers["Content-Encoding"] == "gzip"


def test_compressed_is_what_is_uncompressed(client, post):
    for address in ("/", post.get_absolute_url()):
        small = client.get(address, **BROTLI).content
        assert brotli.decompress(small) == client.get(address).content
