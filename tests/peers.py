"""Whole blogs on this machine: the server as shipped, each on a data folder of its own.

They are used as people use them: over HTTP, with forms.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.blogs import environment

# Costs nothing when all is well.
PATIENCE_SECONDS = 90
_LOGIN = re.compile(r"name +(\S+)\n +password +(\S+)")
_NOT_SENT = {"submit", "button", "file", "image", "reset"}


class NoWebmentionMiddleware:
    """Takes the offer of webmentions off every page, as on a blog of 2006."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.pop("Link", None)
        if response.get("Content-Type", "").startswith("text/html"):
            page = re.sub(rb'<link rel="webmention"[^>]*>', b"", response.content)
            response.content = page
            response["Content-Length"] = str(len(page))
        return response


class Peer:
    """One blog, its server, and its author at the desk."""

    def __init__(self, folder: Path, port: int, ports: list[int], speaks: str = ""):
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment(folder) | {
            "SITE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "tests.peer_settings",
            "PEER_PORTS": ",".join(str(port) for port in ports),
            "PEER_SPEAKS": speaks,
        }
        self._process: subprocess.Popen | None = None
        self.desk = requests.Session()
        self.desk.trust_env = False

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--bind", f"127.0.0.1:{self.port}"],
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self._answers, "the server")

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)
        self._process = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whoever asks it anything waits for the answer meanwhile."""
        os.killpg(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._process.pid, signal.SIGCONT)

    # --- What its author does

    def log_in(self, told: str) -> None:
        """With the login that setup told."""
        page = f"{self.url}/admin/login/"
        name, password = _LOGIN.search(told).groups()
        given = {"username": name, "password": password}
        assert "Log out" in self._send(page, given, button=None).text

    def set(self, **values: str | bool) -> None:
        """Change site settings."""
        answer = self._send(f"{self.url}/admin/blog/sitesettings/1/change/", values)
        assert "The settings are saved." in answer.text

    def publish(self, title: str, body: str, **values: str | bool) -> str:
        """Write a post; its address."""
        values |= {"title": title, "body": body}
        form = f"{self.url}/admin/blog/post/add/?html"
        answer = self._send(form, values, "_publish")
        assert "is published." in answer.text, answer.text
        self._last_form = answer.url
        return self.url + _page(answer).css_first(".viewsitelink").attributes["href"]

    def edit(self, **values: str | bool) -> None:
        """Change the post that was published last."""
        answer = self._send(f"{self._last_form}?html", values, "_save")
        assert "is updated." in answer.text, answer.text

    def withdraw(self) -> None:
        """Take back the post that was published last."""
        answer = self._send(f"{self._last_form}?html", {}, "_draft")
        assert "is saved as a draft." in answer.text, answer.text

    def told(self) -> str:
        """What stands beside the post that was published last."""
        return _page(self.desk.get(self._last_form)).css_first(".told-rows").text()

    # --- What anybody sees

    def responses(self, post: str) -> list[str]:
        """The pings below a post, as text."""
        page = _page(requests.get(post, timeout=PATIENCE_SECONDS))
        return [" ".join(ping.text().split()) for ping in page.css(".ping")]

    def _send(
        self, url: str, values: dict[str, str | bool], button: str | None = "_save"
    ) -> requests.Response:
        """Fill in the form of a page and press a button."""
        answer = self.desk.get(url, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        # The one with the most fields: others log out, or choose a theme.
        form = max(_page(answer).css("form"), key=lambda form: len(form.css("[name]")))
        data = _filled_in(form, values)
        if button:
            data.append((button, "1"))
        answer = self.desk.post(
            answer.url,
            data=data,
            headers={"Referer": answer.url},
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        return answer

    def _answers(self) -> bool:
        assert self._process.poll() is None, "The server has ended."
        try:
            return requests.get(f"{self.url}/readyz", timeout=PATIENCE_SECONDS).ok
        except requests.ConnectionError:
            return False


def wait_for(is_there, what: str, seconds: float = PATIENCE_SECONDS):
    """What `is_there` returns, as soon as that is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := is_there():
            return found
        time.sleep(0.1)
    raise AssertionError(f"Waited {seconds} s for {what}.")


def _page(answer: requests.Response) -> LexborHTMLParser:
    return LexborHTMLParser(answer.text)


def _filled_in(form: LexborNode, values: dict[str, str | bool]) -> list[tuple]:
    """What a browser would send of the form, with `values` typed in."""
    data = []
    for field in form.css("input[name], textarea[name], select[name]"):
        name = field.attributes["name"]
        if name not in values:
            data += [(name, value) for value in _as_it_stands(field)]
    typed = [(name, value) for name, value in values.items() if value is not False]
    return data + [(name, "on" if value is True else value) for name, value in typed]


def _as_it_stands(field: LexborNode) -> list[str]:
    kind = field.attributes.get("type") or "text"
    if field.tag == "textarea":
        return [field.text()]
    if field.tag == "select":
        chosen = field.css("option[selected]") or field.css("option")[:1]
        is_one = "multiple" not in field.attributes
        chosen = chosen if is_one else field.css("option[selected]")
        return [option.attributes.get("value") or "" for option in chosen]
    if kind in _NOT_SENT:
        return []
    if kind in ("checkbox", "radio") and "checked" not in field.attributes:
        return []
    otherwise = "on" if kind in ("checkbox", "radio") else ""
    return [field.attributes.get("value") or otherwise]
