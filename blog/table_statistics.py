"""What the database knows of its own tables: by it, it chooses which index to read."""

from django.db import connection

# Rows looked at in each index: enough to tell them apart, over in a moment however
# many there are.
ANALYSIS_LIMIT = 400


def refresh() -> None:
    """Look at all tables anew.

    PostgreSQL does so by itself. SQLite never does unasked, and without it takes the
    index that filters for the one that sorts: a home page of 100,000 posts then
    sorts them all.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ANALYSIS_LIMIT}")
            cursor.execute("ANALYZE")
