"""A template drawn once for each kind of response says what it would say of each."""

from collections import namedtuple

import pytest
from django.template import Context, Engine, engines
from django.test import RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog import markup, themes
from blog.models import SiteSettings
from comments import drawing
from comments.drawing import CannotBeFilledIn, Thing
from comments.told import (
    PingHTML,
    PingKind,
    PingTexts,
    ResponseHTML,
    ResponseKind,
    ResponseTexts,
)

Name, Nothing = namedtuple("Name", "name"), namedtuple("Nothing", "")
# What could be taken for a place, or for what is put into one.
texts = st.text(max_size=20) | st.sampled_from(
    ["%s", "%(writer)s", "100 %", "{{ response }}", "\ue000writer\ue001", "<b>&'\""]
)


def filled(places):
    """Something for each of these places, or nothing."""
    return st.builds(places, *[st.just("") | texts for _ in places._fields])


def things(kinds, places, html):
    return st.builds(Thing, kinds, filled(places), filled(html))


responses = things(
    st.builds(
        ResponseKind,
        depth=st.integers(0, 9),
        indent=st.integers(0, 5),
        kind_label=st.sampled_from(["comment", "pingback"]),
        **{
            name: st.booleans()
            for name in ResponseKind._fields
            if name.startswith(("is_", "answers_"))
        },
    ),
    ResponseTexts,
    ResponseHTML,
)
pings = things(
    st.builds(
        PingKind,
        st.just("webmention"),
        st.sampled_from(["u-comment", "u-like"]),
        st.sampled_from(["", "liked this"]),
    ),
    PingTexts,
    PingHTML,
)


def template_of(theme, name):
    SiteSettings(theme=theme).save()
    with themes.for_request(RequestFactory().get("/")):
        return engines["django"].engine.get_template(name)


def one_by_one(template, name, things):
    def drawn(kind, texts, html):
        safe = {place: markup.trusted(text) for place, text in html._asdict().items()}
        told = kind._asdict() | texts._asdict() | safe
        return template.render(Context({name: told}))

    return "".join(drawn(*thing) for thing in things)


@pytest.mark.django_db
@pytest.mark.parametrize("theme", themes.THEMES)
@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("comments/_response.html", "response", responses),
        ("comments/_ping.html", "ping", pings),
    ],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_theme_says_the_same_of_many_as_of_each(
    theme, path, name, told, language
):
    template = template_of(theme, path)

    @hypothesis_settings(
        max_examples=40, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(st.lists(told, max_size=5))
    def says_the_same(some):
        drawn = drawing.draw(template, name, some)
        assert "".join(drawn) == one_by_one(template, name, some)

    with translation.override(language):
        says_the_same()


def test_what_is_drawn_for_one_kind_is_not_taken_for_another():
    template = Engine().from_string(
        "{% if x.name %}<{{ x.name }}>{% else %}–{% endif %}"
    )
    some = [
        Thing(PingKind("", "", ""), Name(name), Nothing())
        for name in ("a", "", "&", "")
    ]
    assert drawing.draw(template, "x", some) == ["<a>", "–", "<&amp;>", "–"]


@pytest.mark.parametrize(
    "source",
    [
        "{{ x.name|upper }}",
        "{{ x.name|slice:'2' }}",
        "{{ x.other }}",
        "{% if x.other %}there{% endif %}",
    ],
)
def test_a_template_that_needs_to_know_more_is_told_so(source):
    template = Engine().from_string(source)
    with pytest.raises(CannotBeFilledIn):
        drawing.draw(
            template, "x", [Thing(PingKind("", "", ""), Name("Ada"), Nothing())]
        )


def test_patterns_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(drawing, "MAX_PATTERNS", 3)
    template = Engine().from_string("{{ x.microformat }}{{ x.name }} ")
    some = [Thing(PingKind("", str(n), ""), Name("!"), Nothing()) for n in range(9)]
    assert drawing.draw(template, "x", some) == [f"{n}! " for n in range(9)]
    assert len(drawing._patterns[template]) <= 3
