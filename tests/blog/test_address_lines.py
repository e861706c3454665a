"""Addresses one a line: what is kept can be told, and is kept as it is."""

from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from blog.admin.address_lines import MAX_ADDRESSES, AddressLinesField

lines = st.lists(
    st.text() | st.sampled_from(["https://a.example/", " http://b.example/?c=1 ", ""])
)


@given(lines.map("\n".join))
def test_whatever_is_typed_is_kept_as_addresses_or_refused(typed):
    field = AddressLinesField(required=False)
    try:
        kept = field.clean(typed)
    except ValidationError:
        return
    assert field.clean(kept) == kept
    assert len(kept.splitlines()) <= MAX_ADDRESSES
    assert all(line.startswith(("http", "HTTP")) for line in kept.splitlines())
