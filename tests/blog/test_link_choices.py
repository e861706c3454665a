"""Own posts and pages, found for a link by the words of their titles."""

import pytest

from blog.models import Post
from tests.builders import make_page, make_post, make_user

CHOICES = "/admin/blog/post/link-choices/"


@pytest.fixture
def find(client, alice):
    """Gives back what alice, or another, is offered for some words."""

    def ask(words="", user=alice):
        client.force_login(user)
        return client.get(CHOICES, {"q": words}).json()["results"]

    return ask


def titles(results):
    return [result["title"] for result in results]


def test_every_word_stands_in_the_title(find):
    post = make_post("On keeping bees")
    make_post("On keeping still")
    assert find("BEES keep") == [
        {
            "title": "On keeping bees",
            "url": post.get_absolute_url(),
            "about": find("bees")[0]["about"],
        }
    ]
    assert find("bees wasps") == []


def test_pages_are_found_and_named_so(find):
    page = make_page("About bees")
    assert find("about") == [
        {"title": "About bees", "url": page.get_absolute_url(), "about": "page"}
    ]


def test_without_words_the_newest_are_offered(find):
    for number in range(10):
        make_post(f"Number {number}")
    assert titles(find()) == [f"Number {number}" for number in range(9, 1, -1)]


def test_a_draft_is_offered_to_who_may_read_it(find, alice):
    nora = make_user("nora", role="Contributor")
    make_post("A draft of alice", status=Post.Status.DRAFT, author=alice)
    make_post("A draft of nora", status=Post.Status.DRAFT, author=nora)
    make_post("Private alice", status=Post.Status.PRIVATE, author=alice)
    make_post("Thrown away", status=Post.Status.TRASH, author=alice)
    assert titles(find("draft", nora)) == ["A draft of nora"]
    assert len(find("draft")) == 2
    assert find("alice", nora) == []
    assert find("thrown") == []
    assert find("nora")[0]["about"] == "draft"


def test_readers_are_sent_away(client, bob):
    client.force_login(bob)
    assert client.get(CHOICES, {"q": "a"}).status_code == 302


def test_many_words_and_strange_ones_are_no_trouble(find):
    make_post("100% _sure_")
    assert titles(find("100% _su")) == ["100% _sure_"]
    assert find("x " * 5000) == []
    assert find("'\"\\") == []


def test_it_asks_as_often_however_many_there_are(
    client, alice, django_assert_num_queries
):
    client.force_login(alice)
    for number in range(12):
        make_post(f"Bees {number}")
        make_page(f"Bees {number}")
    client.get(CHOICES)
    for words, queries in [("", 6), ("bees", 7)]:
        with django_assert_num_queries(queries):
            client.get(CHOICES, {"q": words})
