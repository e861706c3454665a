"""No sentence of the blog's own stays English where it speaks another language."""

import re
from html import escape

import pytest
from django.test import Client
from django.utils.translation import trans_real

from blog.models import Post, SiteSettings
from comments.posting import post_comment
from comments.submission import Submission
from tests.builders import make_post, make_user
from tests.marked import Marked, own_words, unmarked
from tests.page_types import FIXED, make_everything

# Names, and what is the same in every language: of formats, of the program.
NAMES = {
    "RSS",
    "Atom",
    "JSON Feed",
    "Quillback",
    "noindex",
    "nofollow",
    "noindex, nofollow",
    "noindex, follow",
}
# What machines read beside it.
NAMES |= {
    "Mastodon",
    "Bluesky",
    "de_DE",
    "fdfaf5",
    "profile",
    "light dark",
    "website",
    "article",
    "summary",
    "summary_large_image",
}

SEARCHES = {
    "search": "/search/",
    "found": "/search/?q=progress",
    "found all": "/search/?q=post&kind=post&year=2006",
    "nothing found": "/search/?q=zzzyx",
    "one too many": "/search/?q=progress&page=9",
}

_FOR_PROGRAMS = re.compile(
    r"<(link|generator|description|content:encoded|pubDate|lastBuildDate|dc:\w+|language)"
    r">[^<]*<"
)


@pytest.fixture
def marked(monkeypatch):
    """Every sentence that is translated stands in brackets."""
    monkeypatch.setitem(trans_real._translations, "de", Marked("de"))


def test_every_sentence_of_the_public_pages_is_translated(db, marked):
    addresses = make_everything(language="de")
    addresses |= SEARCHES
    known = own_words() | NAMES
    client = Client()
    left = {}
    for name, address in addresses.items():
        page = client.get(address)
        assert page.status_code in (200, 403, 404, 410), name
        left[name] = unmarked(page.text, known)
    assert {name: words for name, words in left.items() if words} == {}
    assert FIXED.keys() <= addresses.keys()


def test_what_is_refused_is_said_in_the_blogs_language(db, marked, client):
    make_everything(language="de")
    known = own_words() | NAMES | {"Kept words"}
    post_pk = Post.objects.get(title="No Progress").pk
    typed = {"body": "Kept words", "author_name": "", "author_email": "no"}
    pages = [
        client.post(f"/comments/reply/{post_pk}/", typed),
        client.post("/webmention/", {"source": "x", "target": "y"}),
        client.post("/accounts/login/", {"username": "x", "password": "y"}),
    ]
    for page in pages:
        assert unmarked(page.text, known) == []


def test_what_readers_with_an_account_see_is_translated(db, marked, client):
    make_everything(language="de")
    bob = make_user("bob", role="Subscriber")
    client.force_login(bob)
    known = own_words() | NAMES | {"Bob"}
    assert unmarked(client.get("/accounts/comments/").text, known) == []


def test_a_feed_that_somebody_opens_is_translated(db, marked, client):
    make_everything(language="de")
    known = own_words() | NAMES
    # What it carries for programs, its entries' HTML among that, nobody reads there.
    for address in ("/feed/", "/comments/feed/"):
        feed = client.get(address, headers={"Accept": "text/html"}).text
        assert unmarked(_FOR_PROGRAMS.sub("<", feed), known) == []


def test_mails_are_translated(db, marked, alice, run_tasks, mailoutbox):
    make_everything(language="de")
    post = make_post("Tea", author=alice)
    typed = Submission(
        body="Milk?", author_name="Bob", author_email="bob@example.org", wants_mail=True
    )
    post_comment(post, typed)
    run_tasks()
    known = own_words() | NAMES
    assert mailoutbox
    for mail in mailoutbox:
        [(html, _kind)] = mail.alternatives
        plain = f"<p>{escape(mail.subject)}</p><pre>{escape(mail.body)}</pre>"
        assert unmarked(html, known) == []
        assert unmarked(plain, known) == []


def test_the_search_can_see_what_is_not_translated(marked):
    page = "<p>⟦Filed in⟧ News, by <b>alice</b></p><p title='On top'>⟦a ⟦b⟧ c⟧</p>"
    assert unmarked(page, {"alice", "News"}) == ["News, by", "On top"]
    assert SiteSettings().language == ""
