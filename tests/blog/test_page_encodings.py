"""The encodings of pages: known by their names, and always readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.page_encodings import codec_for, is_of_pages


@pytest.mark.parametrize("name", ["UTF-8", "latin1", "windows-1251", "Shift_JIS"])
def test_an_encoding_of_pages_is_one(name):
    assert is_of_pages(name)


@pytest.mark.parametrize(
    "name",
    ["hex", "idna", "punycode", "unicode_escape", "utf-7", "utf-16", "", "\0", "x"],
)
def test_what_python_has_besides_is_none(name):
    assert not is_of_pages(name)


@given(st.lists(st.binary(max_size=30)), st.lists(st.text(max_size=8)))
def test_all_of_it_can_be_read_in_what_is_chosen(texts, names):
    codec = codec_for(texts, [*names, "shift_jis", "euc-kr"])
    for text in texts:
        text.decode(codec)


@given(st.text())
def test_utf8_is_known_without_a_name(text):
    assert codec_for([text.encode(errors="ignore")], []) == "utf-8"
