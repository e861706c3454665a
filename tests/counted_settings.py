"""The shipped settings, and a page whose makings are counted."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

MIDDLEWARE.insert(0, "tests.counted.CountedMiddleware")
