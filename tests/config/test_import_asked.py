"""What a move asks for is found by an index: no batch reads all that came before it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from blog import table_statistics
from tests.builders import make_comment, make_post
from tests.old_blog import HOME, OldBlog

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "connection.vendor != 'sqlite'", reason="PostgreSQL knows how many rows it has"
    ),
]

POSTS = 12
# One of these is equal to few rows. What is of one kind or one blog are most of them.
_NARROW = re.compile(
    r"(?:guid|slug|path|published_on|family|number|page|parent_id|post_id|rowid)=\?"
)
_TABLE = re.compile(r"(?:SCAN|SEARCH) (?:blog_post|blog_oldfile|comments_comment)\b")
# Asked for as many as a batch names. Pages a blog has few of.
_OF_A_BATCH = re.compile(r"IN \((?:%s, ){4}")
_OF_PAGES = '"blog_post"."path" IN'


@contextmanager
def wide_reads() -> Iterator[list[str]]:
    """How SQLite reads posts, files and comments where it does not go straight to some."""
    found: list[str] = []

    def explain(
        execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any
    ) -> Any:
        is_of_batch = sql.startswith("SELECT") and _OF_A_BATCH.search(sql)
        if is_of_batch and _OF_PAGES not in sql:
            with connection.cursor() as cursor:
                # Below this very wrapper.
                cursor.cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                steps = [step for *_, step in cursor.cursor.fetchall()]
            found.extend(
                f"{step}: {sql[:60]} {sql[sql.find('WHERE') :][:200]}"
                for step in steps
                if _TABLE.match(step) and not _NARROW.search(step)
            )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


def export(tmp_path: Path) -> Path:
    blog = OldBlog()
    for number in range(1, POSTS + 1):
        beside = number % POSTS + 1
        blog.file(100 + number, f"boat-{number}.jpg", parent=number)
        blog.post(
            number,
            f'<p><a href="{HOME}/2009/04/03/post-{beside}/">One</a>, '
            f'<a href="{HOME}/post-{beside}/">the same</a>, '
            f'<a href="{HOME}/?p={beside}">again</a>, '
            f'<a href="{HOME}/?attachment_id={100 + beside}">its boat</a> and '
            f'<img src="{blog.uploads(f"boat-{number}-300x200.jpg")}"></p>',
            lead=100 + number,
        )
    return blog.write(tmp_path / "export.xml")


@pytest.mark.parametrize("is_known", [False, True])
def test_no_batch_reads_all_that_grows_with_the_blog(tmp_path: Path, *, is_known: bool):
    if is_known:  # as on the day after it was set up
        make_comment(make_post())
        table_statistics.refresh()
    with wide_reads() as found:
        call_command(
            "import_blog", export(tmp_path), media_later=True, stdout=StringIO()
        )
    assert not found, "\n".join(found)
