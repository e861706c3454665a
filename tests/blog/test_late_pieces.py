"""Long pieces stand in a page where a tag put them, whatever is in them."""

import pytest
from django.template import Context, Library
from django.template.engine import Engine
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from blog import late_pieces

register = Library()


@register.simple_tag(takes_context=True)
def piece(context, name):
    return late_pieces.put(context["request"], context["pieces"][name])


@pytest.fixture
def rendered(monkeypatch):
    """A page by the source of its template, whose tag `piece` puts one of `pieces`."""
    engine = Engine()
    engine.template_builtins.append(register)

    def of(source, request=None, **pieces):
        def to_string(name, context, request):
            template = engine.from_string(source)
            return template.render(Context(context | {"request": request}))

        monkeypatch.setattr(late_pieces, "render_to_string", to_string)
        request = RequestFactory().get("/")
        return late_pieces.render(request, "any", {"pieces": pieces}, 200)

    return of


def test_each_stands_where_it_was_put(rendered):
    page = rendered(
        "<h1>–</h1>{% piece 'b' %}, {% if pieces %}{% piece 'a' %}{% endif %}.",
        a=["<b>", "1</b>"],
        b=["é"],
    )
    assert page.content.decode() == "<h1>–</h1>é, <b>1</b>."


def test_a_theme_may_show_one_twice(rendered):
    page = rendered("{% piece 'a' as all %}{{ all }} {{ all }}", a=["x", "y"])
    assert page.content == b"xy xy"


def test_one_that_is_put_and_not_shown_is_not_there(rendered):
    assert rendered("-{% piece 'a' as all %}-", a=["x"]).content == b"--"


def test_a_page_without_any_is_as_it_is(rendered):
    assert rendered("{{ 1 }} &").content == b"1 &"


def test_outside_of_such_a_page_it_is_there_at_once():
    assert late_pieces.put(RequestFactory().get("/"), ["a", "b"]) == "ab"


def test_where_a_page_breaks_the_next_one_is_whole(rendered):
    request = RequestFactory().get("/")
    with pytest.raises(KeyError):
        rendered("{% piece 'nowhere' %}")
    assert late_pieces.put(request, ["a"]) == "a"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_is_in_one_is_not_looked_at(parts):
    request = RequestFactory().get("/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            late_pieces,
            "render_to_string",
            lambda name, context, request: f"<{late_pieces.put(request, parts)}>",
        )
        page = late_pieces.render(request, "any", {}, 200)
    assert page.content.decode() == f"<{''.join(parts)}>"
