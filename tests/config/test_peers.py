"""Two of our own blogs on this machine, each with its own data, talk to each other."""

import sqlite3
from contextlib import closing

import pytest

from tests.peers import Peer, wait_for
from tests.ports import free_ports

pytestmark = [pytest.mark.slow, pytest.mark.own_blog]


@pytest.fixture(scope="module")
def anna_and_ben(tmp_path_factory, put_empty_blog):
    """Anna's blog and Ben's. Ben's knows pingback alone, as blogs of 2006 do."""
    ports, speaks = free_ports(2), ("", "pingback")
    peers = []
    for number, title in enumerate(("Anna’s notes", "Ben’s desk")):
        folder = tmp_path_factory.mktemp("peer")
        told = put_empty_blog(folder)
        peer = Peer(folder, ports[number], ports, speaks[number])
        peer.start()
        peers.append(peer)
        peer.log_in(told)
        peer.set(title=title, hold_first=False)
    yield peers
    for peer in peers:
        peer.stop()


def link(url: str, words: str = "has written about it") -> str:
    return (
        f"<p>The talks have ended once more, and nobody knows what comes next. Somebody "
        f'<a href="{url}">{words}</a>, and I agree with nearly all of it. There will '
        f"be more to say in the new year.</p>"
    )


def one_ping(peer: Peer, post: str) -> str:
    [ping] = wait_for(lambda: peer.responses(post), "a ping")
    return ping


def test_a_webmention_goes_out_is_followed_and_is_taken_back(anna_and_ben):
    anna, ben = anna_and_ben
    about = anna.publish("On the talks", "<p>They go on.</p>")
    ben.publish("Anna is right", link(about))
    ping = one_ping(anna, about)
    assert "Anna is right" in ping
    assert "Ben’s desk" in ping
    assert "webmention" in ping
    assert "[…]" in ping
    assert "has written about it" in ping
    wait_for(lambda: "webmention" in ben.told(), "the row beside the post")
    ben.edit(body=link(about, "has written something"), title="Anna was right")
    wait_for(lambda: "has written something" in one_ping(anna, about), "the update")
    assert "Anna was right" in one_ping(anna, about)
    ben.withdraw()
    wait_for(lambda: not anna.responses(about), "the removal")


def test_a_webmention_goes_when_its_link_does(anna_and_ben):
    anna, ben = anna_and_ben
    about = anna.publish("On the winter", "<p>It is cold.</p>")
    ben.publish("Cold", link(about))
    one_ping(anna, about)
    ben.edit(body="<p>I have thought about it again.</p>")
    wait_for(lambda: not anna.responses(about), "the removal")
    ben.edit(body=link(about))
    assert "Cold" in one_ping(anna, about)


def test_a_pingback_goes_to_a_blog_that_knows_nothing_newer(anna_and_ben):
    anna, ben = anna_and_ben
    about = ben.publish("On the trade talks", "<p>One step closer.</p>")
    anna.publish("Ben is right", link(about))
    ping = one_ping(ben, about)
    assert "Ben is right" in ping
    assert "pingback" in ping
    assert "has written about it" in ping
    wait_for(lambda: "pingback" in anna.told(), "the row beside the post")
    # Told once: an edit that leaves the link is nothing new to a pingback.
    anna.edit(title="Ben is still right")
    assert len(ben.responses(about)) == 1


@pytest.mark.parametrize("towards", ["anna", "ben"])
def test_a_trackback_goes_where_the_author_says(anna_and_ben, towards):
    anna, ben = anna_and_ben
    teller, told = (ben, anna) if towards == "anna" else (anna, ben)
    told.set(takes_pings=True)
    about = told.publish(f"On the past, at {towards}’s", "<p>It is long ago.</p>")
    # The link is another address of the post, so that nothing but the trackback
    # tells of it.
    teller.publish("Long ago", link(about), trackback_urls=f"{about}trackback/")
    ping = one_ping(told, about)
    assert "Long ago" in ping
    wait_for(lambda: "trackback" in teller.told(), "the row beside the post")
    assert len(told.responses(about)) == 1


def is_telling(peer: Peer, post: str) -> bool:
    """Whether one of its workers has the ping of this post in its hands."""
    claimed = (
        "SELECT 1 FROM comments_outgoingping WHERE target_url = ? AND claimed_by != ''"
    )
    with closing(sqlite3.connect(peer.folder / "quillback.sqlite3")) as database:
        return database.execute(claimed, [post]).fetchone() is not None


def test_what_was_to_be_told_is_told_after_a_power_cut(anna_and_ben):
    """Cut while its worker waits to hear from the page where that wants to be told.

    A little later it would be leaving, and only people send it again; later still,
    the other blog looks for the page while the light is out, and again in 5 minutes.
    """
    anna, ben = anna_and_ben
    about = anna.publish("On the dark", "<p>The light is out.</p>")
    with anna.held():
        ben.publish("Dark", link(about))
        wait_for(lambda: is_telling(ben, about), "the worker")
        ben.kill()
        ben.start()
    assert "Dark" in one_ping(anna, about)
    wait_for(lambda: "webmention" in ben.told(), "the row beside the post")
    assert len(anna.responses(about)) == 1
