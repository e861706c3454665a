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
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {TAKE_AWAY}")
        assert [row[3].split()[0] for row in cursor.fetchall()] == ["SEARCH"]


def looked_at() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl FROM sqlite_stat1")
        return {name for (name,) in cursor.fetchall()}
