"""The encodings of the web: known by their names, and always readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.charsets import codec_for, is_of_forms


@pytest.mark.parametrize("name", ["UTF-8", "latin1", "windows-1251", "Shift_JIS"])
def test_a_form_may_come_in_the_encoding_of_its_page(name):
    assert is_of_forms(name)


@pytest.mark.parametrize(
    "name",
    ["hex", "idna", "punycode", "unicode_escape", "utf-7", "utf-16", "", "\0", "x"],
)
def test_in_what_python_has_besides_none_comes(name):
    assert not is_of_forms(name)


@given(st.lists(st.binary(max_size=30)), st.lists(st.text(max_size=8)))
def test_all_of_it_can_be_read_in_what_is_chosen(texts, names):
    codec = codec_for(texts, [*names, "shift_jis", "euc-kr"])
    for text in texts:
        text.decode(codec)


@given(st.text())
def test_utf8_is_known_without_a_name(text):
    assert codec_for([text.encode(errors="ignore")], []) == "utf-8"
