"""The access log: a line for each request, with nothing in it that is anybody's secret."""

import ipaddress
import re
import sys
from urllib.parse import quote

from django.utils import timezone

from config.serving.requests import Request

# Addresses of which a part is a key: who has it may do what its owner may.
_KEY = re.compile(
    r"^(/preview/|/comments/(?:judge|unjudge|confirm|leave|own)/|/webmention/)[^/]+"
)


def log(request: Request, status: int, byte_count: int, seconds: float) -> None:
    """Write the line: whence, when, what, the answer, its bytes, the milliseconds."""
    scope = request.scope
    path = quote(_KEY.sub(r"\1…", scope.path), safe="/:@!$&'()*+,;=~…")
    when = timezone.localtime().strftime("%d/%b/%Y:%H:%M:%S %z")
    sys.stdout.write(
        f"{_network(request.address)} - - [{when}] "
        f'"{scope.method} {path} HTTP/{scope.http_version}" '
        f"{status} {byte_count} {seconds * 1000:.1f}\n"
    )
    sys.stdout.flush()


def _network(address: str) -> str:
    """Where somebody is, roughly: the address without what tells one from the next."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return "-"
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False).network_address)
