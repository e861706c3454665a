from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import tag_input

NAMES = st.text(
    st.characters(codec="utf-8", categories=["L", "P", "S", "Zs"]), min_size=1
)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("North Korea", ["North Korea"]),
        ("north korea, sanctions", ["north korea", "sanctions"]),
        (" a ,, b ,", ["a", "b"]),
        ('"talks, six-party", aid', ["talks, six-party", "aid"]),
        ("", []),
    ],
)
def test_commas_alone_part_tags(typed, names):
    assert tag_input.split(typed) == names


@given(st.lists(NAMES.map(str.strip).filter(bool), unique=True))
def test_what_is_shown_for_editing_is_read_back_as_it_was(names):
    tags = [SimpleNamespace(name=name) for name in names]
    assert tag_input.split(tag_input.join(tags)) == sorted(names)
