"""What a rule is said to match before it is made is what it stops once it is there."""

import pytest

from blog.models import SiteSettings
from comments.models import Comment, Rule
from tests.builders import make_post

pytestmark = pytest.mark.django_db

EMAIL, NAME, ADDRESS, DOMAIN, WORDS = Rule.Trait
RULE = "/admin/comments/comment/rule/"

# Of each: the rule, what somebody types, and whether the one is about the other.
EXAMPLES = [
    (EMAIL, "zoe@mail.example", {"author_email": "Zoe@Mail.Example"}, True),
    (EMAIL, "oe@mail.example", {"author_email": "zoe@mail.example"}, False),
    (EMAIL, "zoe@mail.example", {"body": "Write to zoe@mail.example"}, False),
    (NAME, "zoé b.", {"author_name": "ZOÉ  B."}, True),
    (NAME, "zoé", {"author_name": "Zoé B."}, False),
    (ADDRESS, "203.0.113.9", {"ip": "203.0.113.9"}, True),
    (ADDRESS, "203.0.113.9", {"ip": "203.0.113.90"}, False),
    (ADDRESS, "2001:db8::1", {"ip": "2001:DB8:0::1"}, True),
    (DOMAIN, "cheap.example", {"body": "https://cheap.example/x"}, True),
    (DOMAIN, "cheap.example", {"body": "See https://www.Cheap.Example."}, True),
    (DOMAIN, "cheap.example", {"body": "[x](https://a.cheap.example/)"}, True),
    (DOMAIN, "cheap.example", {"body": '<a href="http://cheap.example">x</a>'}, True),
    (DOMAIN, "cheap.example", {"body": "https://cheap.example:8080/"}, True),
    (DOMAIN, "cheap.example", {"body": "https://not-cheap.example/"}, False),
    (DOMAIN, "cheap.example", {"body": "https://cheap.example.org/"}, False),
    (DOMAIN, "cheap.example", {"body": "At cheap.example they said"}, False),
    (DOMAIN, "cheap.example", {"body": "At www.cheap.example they said"}, False),
    (DOMAIN, "cheap.example", {"body": "Ask bob@cheap.example"}, False),
    (DOMAIN, "cheap.example", {"body": "`https://cheap.example`"}, False),
    (DOMAIN, "cheap.example", {"body": "https://a.example/?//cheap.example"}, False),
    (DOMAIN, "cheap.example", {"author_url": "https://www.cheap.example/"}, True),
    (DOMAIN, "cheap.example", {"author_email": "zoe@in.cheap.example"}, True),
    (DOMAIN, "cheap.example", {"author_email": "zoe@cheap.example.org"}, False),
    (WORDS, "buy now", {"body": "BUY\n now!"}, True),
    (WORDS, "buy now", {"body": "buy **now**"}, True),
    (WORDS, "buy now", {"body": "buy know"}, False),
    (WORDS, "b.y", {"body": "buy"}, False),
    (WORDS, "buy now", {"author_name": "Buy Now"}, True),
    (WORDS, "shop", {"author_url": "https://shop.example/"}, True),
    (WORDS, "shop", {"author_email": "zoe@shop.example"}, True),
    (WORDS, "curl", {"browser": "curl/8"}, True),
    (WORDS, "203.0.113", {"ip": "203.0.113.9"}, True),
    (WORDS, "bed & board", {"body": "*Bed* & Board"}, True),
    (WORDS, "strong", {"body": "**Quite** <em>so</em>"}, False),
    (WORDS, "so. quite", {"body": "Quite so."}, False),
    (WORDS, "one two", {"body": "one\n\ntwo"}, True),
]


@pytest.fixture
def send(client):
    def send(ip="198.51.100.7", browser="Firefox", **typed):
        form = {
            "body": "Quite so.",
            "author_name": "Somebody",
            "author_email": "somebody@elsewhere.example",
        }
        return client.post(
            f"/comments/reply/{make_post().pk}/",
            form | typed,
            REMOTE_ADDR=ip,
            headers={"user-agent": browser},
        )

    return send


def matched_by_the_page(client, trait, value):
    asked = {"action": "block", "trait": trait, "values": value}
    return client.get(RULE, asked).context["count"]


@pytest.mark.parametrize(("trait", "value", "typed", "matches"), EXAMPLES)
def test_the_page_tells_what_the_rule_will_do(
    client, alice, send, trait, value, typed, matches
):
    SiteSettings(proof_of_work="never").save()
    send(**typed)
    client.force_login(alice)
    assert matched_by_the_page(client, trait, value) == matches
    Comment.objects.update(created_at="2006-11-30T12:00Z")
    client.post(RULE, {"action": "block", "trait": trait, "values": value, "make": "1"})
    client.logout()
    send(**typed)
    is_blocked = Comment.objects.order_by("pk").last().state == Comment.State.TRASH
    assert is_blocked == matches
