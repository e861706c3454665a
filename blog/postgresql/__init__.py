"""Django's PostgreSQL, with connections that begin as this blog needs them."""
