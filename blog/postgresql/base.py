"""A connection to PostgreSQL that has no query compiled to machine code."""

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        """As Django does, and without JIT.

        Where PostgreSQL has it, as Debian's does, it compiles each query that looks
        dear to it, each time: 8 to 30 ms for one that takes two. As a statement, since
        pgbouncer refuses it among the parameters of a connection.
        """
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("SET jit = off")
