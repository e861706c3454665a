"""A whole blog among others on this machine: the shipped settings, loopback opened.

`PEER_PORTS` are the ports of the other blogs. `PEER_SPEAKS=pingback` makes it one that
never heard of webmentions.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

FETCH_LOOPBACK_PORTS = {int(port) for port in os.environ["PEER_PORTS"].split(",")}
# Nobody saves twice in a row here.
PING_UPDATE_SECONDS = 0
if os.environ.get("PEER_SPEAKS") == "pingback":
    # It changes what the pages say: before they are compressed.
    compresses_at = MIDDLEWARE.index("blog.middleware.CompressTextMiddleware")
    MIDDLEWARE.insert(compresses_at + 1, "tests.peers.NoWebmentionMiddleware")
