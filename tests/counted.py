"""Counts how often a page is made, and has whoever makes it wait for the test."""

import os
import time
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from config import shared_pages

PATH = "/opensearch.xml"
# Who waits for others to make it does so for as long as the test takes.
shared_pages.PATIENCE_SECONDS = 60
_PAUSE_SECONDS = 0.01


class CountedMiddleware:
    """Writes the number of its process into the file `COUNTED`, for each making of `PATH`.

    While a file of that name with `.held` at its end lies there, the page is not made.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response
        self._count = Path(os.environ["COUNTED"])
        self._held = self._count.with_suffix(".held")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            with self._count.open("a") as count:
                count.write(f"{os.getpid()}\n")
            while self._held.exists():
                time.sleep(_PAUSE_SECONDS)
        return self.get_response(request)
