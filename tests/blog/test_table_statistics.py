"""What SQLite knows of its tables, and of which it is better to know nothing."""

import pytest
from django.db import connection

from blog import table_statistics
from tests.builders import make_post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite is told"),
]
# What FTS5 does when it has made one segment of some.
TAKE_AWAY = "DELETE FROM blog_postentry_fts_data WHERE id >= 1 AND id <= 9"
# And a move before it stores some posts.
BY_NUMBER = f"""
    SELECT id, title FROM blog_post WHERE id IN ({", ".join("1234567")})
    ORDER BY published_at DESC, id DESC"""


def test_every_table_with_rows_is_looked_at():
    make_post()
    table_statistics.refresh()
    assert {"blog_post", "auth_group", "django_migrations"} <= looked_at()


def test_nothing_is_told_of_what_the_searchs_index_is_kept_in():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert "blog_postentry_fts_data" in looked_at()
    table_statistics.refresh()
    assert not [name for name in looked_at() if "_fts" in name]


def test_a_small_index_that_grows_is_not_read_whole_for_a_part_of_it():
    table_statistics.refresh()
    assert plan(TAKE_AWAY) == ["SEARCH"]


def test_who_writes_very_much_takes_a_small_table_for_a_large_one():
    for _ in range(3):
        make_post()
    table_statistics.refresh()
    known = looked_at()
    assert plan(BY_NUMBER) == ["SCAN"]
    table_statistics.expect_many()
    assert plan(BY_NUMBER) == ["SEARCH"]
    assert looked_at() == known
    table_statistics.refresh()
    assert plan(BY_NUMBER) == ["SCAN"]


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3].split()[0] for row in cursor.fetchall()]
    return [step for step in steps if step in ("SCAN", "SEARCH")]


def looked_at() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl FROM sqlite_stat1")
        return {name for (name,) in cursor.fetchall()}
