"""Django's SQLite, with connections that may be kept from one request to the next."""
