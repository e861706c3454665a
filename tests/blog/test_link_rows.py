"""Menu and blogroll are edited as rows; nothing that was typed is lost."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from blog.admin.link_rows import MAX_ROWS, LinksField
from blog.models import SiteSettings
from tests.blog.test_admin_site import SETTINGS, settings_form
from tests.builders import make_user

PARTS = ["name", "url"]
ABOUT = {"name": "About", "url": "/about/"}
HOME = {"name": "Home", "url": "/"}


@pytest.fixture
def keeper(client, db):
    client.force_login(make_user("kit", role="Administrator"))
    return client


def rows(field, *links, places=None, removed=()):
    """What a browser sends for these rows."""
    sent = {f"{field}-count": len(links)}
    for number, link in enumerate(links):
        row = f"{field}-{number}"
        sent |= {f"{row}-{part}": text for part, text in link.items()}
        sent[f"{row}-place"] = (places or range(1, 99))[number]
        if number in removed:
            sent[f"{row}-removed"] = "on"
    return sent


def save(client, **sent):
    return client.post(SETTINGS, settings_form(client) | sent)


def test_rows_are_kept_in_the_order_of_their_numbers(keeper):
    save(keeper, **rows("menu", ABOUT, HOME, {}, places=[2, 1, ""]))
    assert SiteSettings.current().menu == [HOME, ABOUT]


def test_a_blogroll_keeps_its_words(keeper):
    link = {"name": "Dmitri", "url": "https://d.example/", "description": "a | b"}
    save(keeper, **rows("blogroll", link))
    assert SiteSettings.current().blogroll == [link]


def test_what_was_ticked_is_removed_and_what_was_emptied(keeper):
    SiteSettings(menu=[ABOUT, HOME, ABOUT]).save()
    empty = {"name": " ", "url": ""}
    save(keeper, **rows("menu", ABOUT, HOME, empty, removed=[0]))
    assert SiteSettings.current().menu == [HOME]


def test_a_form_that_knows_no_rows_leaves_them(keeper):
    SiteSettings(menu=[ABOUT]).save()
    form = settings_form(keeper, title="The Long Table")
    keeper.post(SETTINGS, {key: form[key] for key in form if "menu" not in key})
    site = SiteSettings.current()
    assert (site.title, site.menu) == ("The Long Table", [ABOUT])


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"name": "About", "url": ""}, "an address is missing"),
        ({"name": "", "url": "/about/"}, "a name is missing"),
        ({"name": "About", "url": "javascript:alert(1)"}, "is no address"),
        ({"name": "About", "url": "//evil.example/"}, "is no address"),
        ({"name": "About", "url": "about"}, "is no address"),
        ({"name": "About", "url": "x" * 3000}, "is no address"),
    ],
)
def test_a_wrong_row_is_named_and_all_come_back(keeper, link, words):
    response = save(keeper, **rows("menu", HOME, {}, link))
    form = response.context["adminform"].form
    assert [error.partition(words)[0][:7] for error in form.errors["menu"]] == [
        "Row 2: "
    ]
    assert words in form.errors["menu"][0]
    assert form["menu"].value() == [HOME, link]
    page = response.content.decode()
    assert page.count('aria-invalid="true"') == 1
    assert not SiteSettings.objects.exists()


def test_a_description_alone_is_not_thrown_away(keeper):
    words = {"name": "", "url": "", "description": "from the coast"}
    response = save(keeper, **rows("blogroll", words))
    assert "from the coast" in response.content.decode()
    assert "Row 1: a name is missing." in response.content.decode()


def test_too_many_rows_are_refused_in_words(keeper):
    with pytest.raises(ValidationError, match=f"at most {MAX_ROWS}"):
        LinksField(parts=PARTS).clean([HOME] * (MAX_ROWS + 1))


@pytest.mark.parametrize("count", ["", "x", "-1", "²", "9" * 30])
def test_an_odd_count_breaks_nothing(keeper, count):
    sent = rows("menu", HOME) | {"menu-count": count}
    assert save(keeper, **sent).status_code in {200, 302}


texts = st.text(max_size=20) | st.sampled_from(["/", "https://a.example/", "/a b/"])
links = st.lists(st.fixed_dictionaries({"name": texts, "url": texts}), max_size=6)


@given(links, st.lists(st.text(max_size=3) | st.just("2"), min_size=6, max_size=6))
def test_whatever_is_typed_is_kept_or_comes_back(typed, places):
    field = LinksField(parts=PARTS)
    sent = {key: str(value) for key, value in rows("m", *typed, places=places).items()}
    value = field.widget.value_from_datadict(sent, {}, "m")
    stripped = [{part: text.strip() for part, text in link.items()} for link in typed]
    filled = [link for link in stripped if any(link.values())]
    key = lambda link: sorted(link.items())  # noqa: E731
    assert sorted(value, key=key) == sorted(filled, key=key)
    try:
        kept = field.clean(value)
    except ValidationError:
        return
    assert kept == list(value)
    assert all(link["name"] and link["url"] for link in kept)
