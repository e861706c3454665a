"""What whatever watches the server asks."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from blog.languages import wordless


@wordless
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@wordless
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers. 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError:
        return HttpResponse(
            "the database does not answer\n", content_type="text/plain", status=503
        )
    return HttpResponse("ok\n", content_type="text/plain")
