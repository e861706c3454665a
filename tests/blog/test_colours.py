"""Every colour of every theme can be read, and so can the keeper's, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import colours, stylesheets, themes
from blog.models import SiteSettings

TEXT = ("ink", "ink-quiet", "accent")
SMALL = ("good", "warning", "bad")
PAPERS = ("paper", "paper-deep", "accent-wash")
any_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def tokens(theme, accent=""):
    sheet = stylesheets.of(SiteSettings(theme=theme, accent=accent))
    return colours.tokens(sheet.css)


def contrast(known, name, paper, scheme):
    return colours.contrast(known[name][scheme], known[paper][scheme])


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("theme", themes.THEMES)
def test_every_text_can_be_read(theme, scheme):
    known = tokens(theme)
    for name in TEXT:
        assert contrast(known, name, "paper", scheme) >= 7, name
    for name in (*TEXT, *SMALL):
        for paper in PAPERS:
            assert contrast(known, name, paper, scheme) >= 4.5, (name, paper)
    assert contrast(known, "ink", "selection", scheme) >= 4.5
    for name in known:
        if name.startswith("code-"):
            assert contrast(known, name, "paper-deep", scheme) >= 4.5, name


@pytest.mark.parametrize("theme", themes.THEMES)
def test_what_the_reader_chose_holds_for_every_rule(theme):
    """A rule that asks the device would not hear of it."""
    assert "prefers-color-scheme" not in stylesheets.of(SiteSettings(theme=theme)).css


@pytest.mark.parametrize("theme", themes.THEMES)
@given(accent=any_colour)
def test_any_accent_can_be_read(theme, accent):
    rule = colours.accent_rule(accent, stylesheets.of(SiteSettings(theme=theme)).css)
    known = tokens(theme) | colours.tokens(rule)
    for scheme in (0, 1):
        assert contrast(known, "accent", "paper", scheme) >= 7
        for paper in PAPERS:
            assert contrast(known, "accent", paper, scheme) >= 4.5
        for name in ("ink", "ink-quiet"):
            assert contrast(known, name, "accent-wash", scheme) >= 4.5


@pytest.mark.parametrize("theme", themes.THEMES)
def test_the_keepers_accent_comes_last_in_the_sheet(theme):
    before, after = tokens(theme), tokens(theme, "#1e90ff")
    assert before["accent"] != after["accent"]
    assert before["ink"] == after["ink"]


@given(colour=any_colour)
def test_a_colour_comes_back_from_oklch(colour):
    assert colours._hex(colours._parsed(colour)) == colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("oklch(100% 0 0)", "oklch(0% 0 0)", 21),
    ],
)
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
