"""Whatever a file says, it comes in whole or is refused in words; nothing comes in half."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from blog.models import Category, Page, Post
from blog.transfer import captures, wxr
from blog.transfer.records import BlogRecord, with_fitting_title
from comments.models import Comment
from tests.config.tables import every_row
from tests.mutations import mutated

pytestmark = pytest.mark.django_db

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
EXPORT = FIXTURES / "wordpress" / "harbour-log.xml"
CAPTURE = max(
    (FIXTURES / "captures").glob("*.txt"), key=lambda path: path.stat().st_size
)
few = hypothesis_settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def assert_whole(blog: BlogRecord) -> None:
    """All that was read is here, and what depends on it agrees."""
    posts = list(blog.posts)
    assert {post.guid for post in posts} == set(
        Post.objects.values_list("guid", flat=True)
    )
    said = {response.guid for post in posts for response in post.responses}
    assert said == set(Comment.objects.values_list("guid", flat=True))
    for post in posts:
        title = with_fitting_title(post).title
        assert Post.objects.get(guid=post.guid).title == title
    assert not [
        *Comment.objects.faults(),
        *Category.objects.faults(),
        *Page.objects.faults(),
    ]


def try_import(path: Path, reader) -> None:
    before = every_row()
    # What an example leaves is gone before the next.
    with transaction.atomic():
        try:
            call_command("import_blog", str(path), stdout=StringIO(), stderr=StringIO())
        except CommandError:
            assert every_row() == before
        else:
            assert_whole(reader.read(path))
        transaction.set_rollback(True)


@few
@given(content=mutated(EXPORT.read_bytes()))
def test_an_export_comes_in_whole_or_not_at_all(tmp_path, content):
    path = tmp_path / "export.xml"
    path.write_bytes(content)
    try_import(path, wxr if wxr.recognises(path) else captures)


@few
@given(content=mutated(CAPTURE.read_bytes()))
def test_a_capture_does_too(tmp_path, content):
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    try_import(path, captures)


@few
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all(tmp_path, content):
    path = tmp_path / "whatever"
    path.write_bytes(content)
    try_import(path, captures)


# --- Fixtures ---------------------------------------------------------------------

ROWS = json.loads((FIXTURES / "documents.json").read_text())
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["", "\0", "x" * 3000, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"]
    )
    | st.lists(st.text(max_size=5), max_size=3)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
)


@st.composite
def broken_rows(draw) -> list:
    rows = json.loads(json.dumps(ROWS))
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.sampled_from(rows))
        fields = row.get("fields")
        if isinstance(fields, dict) and fields and draw(st.integers(0, 3)):
            fields[draw(st.sampled_from(sorted(fields)))] = draw(VALUES)
        elif draw(st.booleans()):
            rows.remove(row)
        else:
            row[draw(st.sampled_from(["model", "pk", "fields"]))] = draw(VALUES)
    return rows


def try_loading(path: Path) -> None:
    before = every_row()
    with transaction.atomic():
        try:
            with transaction.atomic():
                call_command("loaddata", str(path), verbosity=0)
        except CommandError:
            assert every_row() == before
        else:
            assert not [*Comment.objects.faults(), *Category.objects.faults()]
        transaction.set_rollback(True)


@few
@given(rows=broken_rows())
def test_a_fixture_is_loaded_whole_or_refused(tmp_path, rows):
    path = tmp_path / "blog.json"
    path.write_text(json.dumps(rows))
    try_loading(path)


@few
@given(content=mutated(json.dumps(ROWS).encode()))
def test_a_fixture_that_was_mauled_is_too(tmp_path, content):
    path = tmp_path / "blog.json"
    path.write_bytes(content)
    try_loading(path)
