"""Always trusting and blocking from the queue: shown first, then made, then undone."""

import pytest
from django.core.exceptions import ValidationError

from comments import rules
from comments.models import Comment, Rule
from tests.builders import make_comment, make_post, make_user

LIST = "/admin/comments/comment/"
RULE = LIST + "rule/"
RULES = "/admin/comments/rule/"
State, Trait = Comment.State, Rule.Trait


@pytest.fixture
def post(db):
    return make_post("The talks")


def hold(post, body=None, **fields):
    return make_comment(post, body, state=State.PENDING, **fields)


def make_rule(client, trait, values, action="block", **data):
    asked = {"action": action, "trait": trait, "values": values, "make": "1"}
    return client.post(RULE, asked | {"with_held": "on"} | data, follow=True)


def states():
    return dict(Comment.objects.values_list("body", "state"))


def test_a_row_offers_to_trust_and_to_block(moderator, post):
    hold(
        post,
        '<a href="https://www.cheap.example/x">Buy</a>',
        author_name="Zoe & Co",
        author_email="zoe@example.org",
        ip_address="203.0.113.9",
    )
    html = moderator.get(LIST).content.decode()
    for query in (
        "action=trust&amp;trait=email&amp;values=zoe%40example.org",
        "action=block&amp;trait=name&amp;values=Zoe%20%26%20Co",
        "action=block&amp;trait=address&amp;values=203.0.113.9",
        "action=block&amp;trait=domain&amp;values=cheap.example",
    ):
        assert f"{RULE}?{query}" in html


def test_a_rule_shows_what_it_matches_before_it_is_made(moderator, post):
    hold(post, "held", author_email="zoe@example.org")
    make_comment(post, "fine", author_email="zoe@example.org")
    hold(post, "other")
    response = moderator.get(
        f"{RULE}?action=block&trait=email&values=zoe%40example.org"
    )
    assert (response.context["count"], response.context["held_count"]) == (2, 1)
    assert not Rule.objects.exists()


def test_blocking_moves_the_held_ones_and_is_undone_as_one(moderator, alice, post):
    hold(post, "held", author_email="zoe@example.org")
    make_comment(post, "fine", author_email="zoe@example.org")
    hold(post, "other")
    make_rule(moderator, Trait.EMAIL, " Zoe@Example.org ")
    rule = Rule.objects.get()
    assert (rule.value, rule.action, rule.created_by) == (
        "zoe@example.org",
        "block",
        alice,
    )
    assert states() == {"held": "trash", "fine": "approved", "other": "pending"}
    moderator.post(LIST + "undo/", {"undo": "latest"})
    assert states() == {"held": "pending", "fine": "approved", "other": "pending"}
    assert not Rule.objects.exists()


def test_blocking_can_leave_the_held_ones_alone(moderator, post):
    hold(post, "held", author_email="zoe@example.org")
    make_rule(moderator, Trait.EMAIL, "zoe@example.org", with_held="")
    assert Rule.objects.exists()
    assert states() == {"held": "pending"}
    # A rule that moved nothing can be undone too.
    moderator.post(LIST + "undo/", {"undo": "latest"})
    assert not Rule.objects.exists()


def test_trusting_approves_what_that_person_has_waiting(moderator, post):
    hold(post, "held", author_email="zoe@example.org")
    hold(post, "other")
    response = make_rule(moderator, Trait.EMAIL, "zoe@example.org", action="trust")
    assert states() == {"held": "approved", "other": "pending"}
    assert "1 held comment is approved" in response.content.decode()
    post.refresh_from_db()
    assert post.comment_count == 1


def test_only_an_email_address_is_trusted(moderator, post):
    response = make_rule(moderator, Trait.NAME, "Zoe", action="trust")
    assert "Only an e-mail address can be trusted." in response.content.decode()
    assert not Rule.objects.exists()


def test_a_contrary_rule_is_refused_in_words(moderator, post):
    make_rule(moderator, Trait.EMAIL, "zoe@example.org", action="trust")
    response = make_rule(moderator, Trait.EMAIL, "zoe@example.org")
    assert "remove it first" in response.content.decode()
    assert Rule.objects.get().action == "trust"


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("trust_writers", {"a@example.org", "b@example.org"}),
        ("block_addresses", {"203.0.113.1", "203.0.113.2"}),
        ("block_domains", {"one.example", "two.example"}),
    ],
)
def test_bulk_actions_ask_about_all_at_once(moderator, post, action, values):
    chosen = [
        hold(post, author_email="a@example.org", ip_address="203.0.113.1",
             author_url="https://one.example/"),
        hold(post, author_email="b@example.org", ip_address="203.0.113.2",
             author_url="https://www.two.example/"),
    ]  # fmt: skip
    data = {"action": action, "_selected_action": [row.pk for row in chosen]}
    response = moderator.post(LIST, data)
    form = response.context["form"]
    assert set(form["values"].value().split()) == values
    assert not Rule.objects.exists()
    asked = {name: form[name].value() for name in ("action", "trait", "values")}
    make_rule(moderator, **asked)
    assert set(Rule.objects.values_list("value", flat=True)) == values
    moved = {row.state for row in Comment.objects.all()}
    assert moved == {"approved" if action == "trust_writers" else "trash"}


@pytest.mark.parametrize(
    ("trait", "value", "matched"),
    [
        (Trait.NAME, "zoé b.", True),
        (Trait.NAME, "zoé", False),
        (Trait.DOMAIN, "cheap.example", True),
        (Trait.DOMAIN, "shop.cheap.example", True),
        (Trait.DOMAIN, "eap.example", False),
        (Trait.DOMAIN, "cheap.exam", False),
        (Trait.DOMAIN, "mail.example", True),
        (Trait.WORDS, "buy now", True),
        (Trait.WORDS, "buy  more", False),
        (Trait.WORDS, "b.y", False),
        (Trait.ADDRESS, "203.0.113.9", True),
        (Trait.ADDRESS, "203.0.113.90", False),
        (Trait.EMAIL, "zoe@mail.example", True),
        (Trait.EMAIL, "oe@mail.example", False),
    ],
)
def test_what_a_rule_matches(post, trait, value, matched):
    make_comment(
        post,
        "BUY NOW at https://shop.cheap.example/x",
        author_name="ZOÉ  B.",
        author_email="zoe@mail.example",
        ip_address="203.0.113.9",
    )
    value = rules.normalised(trait, value)
    found = Comment.objects.filter(rules.matching(trait, value))
    assert found.exists() is matched


@pytest.mark.parametrize(
    ("trait", "given", "stored"),
    [
        (Trait.DOMAIN, "https://WWW.Cheap.example/a?b", "cheap.example"),
        (Trait.DOMAIN, "cheap.example:8080", "cheap.example"),
        (Trait.ADDRESS, " 2001:DB8:0::1 ", "2001:db8::1"),
        (Trait.NAME, "  Bob   B. ", "bob b."),
    ],
)
def test_values_are_stored_in_one_form(trait, given, stored):
    assert rules.normalised(trait, given) == stored


@pytest.mark.parametrize(
    ("trait", "given"),
    [
        (Trait.DOMAIN, "nodots"),
        (Trait.DOMAIN, "http://[bad"),
        (Trait.ADDRESS, "203.0.113.999"),
        (Trait.EMAIL, "nobody"),
        (Trait.WORDS, "  "),
    ],
)
def test_values_that_are_none_are_refused(trait, given):
    with pytest.raises(ValidationError):
        rules.normalised(trait, given)


def test_rules_are_listed_added_and_removed(moderator, alice):
    added = {"action": "block", "trait": "domain", "value": "http://www.Cheap.example/"}
    moderator.post(RULES + "add/", added)
    rule = Rule.objects.get()
    assert (rule.value, rule.created_by) == ("cheap.example", alice)
    assert "cheap.example" in moderator.get(RULES).content.decode()
    moderator.post(
        RULES, {"action": "delete_selected", "_selected_action": [rule.pk], "post": "1"}
    )
    assert not Rule.objects.exists()


def test_a_bad_rule_is_refused_beside_its_field(moderator):
    added = {"action": "block", "trait": "address", "value": "here"}
    html = moderator.post(RULES + "add/", added).content.decode()
    assert "is not an IP address" in html


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_rules_are_for_moderators(client, post, role):
    client.force_login(make_user("carol", role=role))
    assert client.get(RULES).status_code == 403
    assert client.get(RULE).status_code == 403
    assert make_rule(client, Trait.EMAIL, "zoe@example.org").status_code == 403
    assert not Rule.objects.exists()
