"""YAML that is written here is read as it was; YAML of others is text and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.transfer import yaml_text, yaml_write
from blog.transfer.yaml_text import BrokenYAML

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.lists(
    st.sampled_from(["\n", " ", "  ", "a", "- ", ": ", "#", "'", '"', "|", "~", "no"])
).map("".join)
KEYS = st.from_regex(r"[a-z_]{1,10}", fullmatch=True)


@given(
    st.dictionaries(
        KEYS,
        TEXTS
        | st.lists(TEXTS, max_size=4)
        | st.lists(st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3), max_size=3)
        | st.dictionaries(KEYS, TEXTS, min_size=1, max_size=3),
        min_size=1,
    )
)
def test_what_is_written_is_read_again(said):
    assert yaml_text.load(yaml_write.dumped(said)) == said


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text):
    with suppress(BrokenYAML):
        yaml_text.load(text)


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system [ls]", "!x y", "!!int abc", "!!set {a}"]
)
def test_tags_make_nothing(text):
    found = yaml_text.load(f"a: {text}")
    assert isinstance(found["a"], str | list | dict)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x b\nc: *x", "repeats"),
        ("[" * 100_000, "nested too deep"),
        ("- " * 100_000, "nested too deep"),
        ("? [a]\n: b", "a key is no text"),
        ("a: b: c", "mapping values"),
    ],
)
def test_what_is_refused(text, sentence):
    with pytest.raises(BrokenYAML, match=sentence):
        yaml_text.load(text)
