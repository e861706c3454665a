"""When the form was opened: a signed moment the browser fetches and sends along.

It is fetched and not written into the page, because the page is the same bytes for
everybody and may be a day old. It names nobody.
"""

import time

from django.core.signing import BadSignature, Signer

MAX_AGE_SECONDS = 24 * 60 * 60
MAX_TOKEN_LENGTH = 200

_signer = Signer(salt="comments.stamp")


def make() -> str:
    """A token that carries this moment, to the millisecond."""
    return _signer.sign(str(int(time.time() * 1000)))


def read(token: str) -> float | None:
    """Seconds since `token` was made; None for nothing, forged or older than a day."""
    if not token or len(token) > MAX_TOKEN_LENGTH:
        return None
    try:
        made_at = int(_signer.unsign(token)) / 1000
    except (BadSignature, ValueError):
        return None
    # Where two servers' clocks differ, it may come from the future.
    seconds = max(0.0, time.time() - made_at)
    return seconds if seconds <= MAX_AGE_SECONDS else None
