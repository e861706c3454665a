"""Every kind of page, in every theme, has no fault the Nu HTML checker knows of.

The checker is no part of the development dependencies, because it needs Java: `vnu` on
the path, or the file that NU_JAR names, from `npm install vnu-jar`.
"""

import json
import os
import shutil
import subprocess

import pytest
from django.test import Client

from blog import themes
from tests.page_types import LOGIN, POST, make_everything

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
MISSING = (
    "the Nu HTML checker was not found: put vnu on the path, or name vnu.jar in NU_JAR"
)


@pytest.fixture(scope="module")
def checker() -> list[str]:
    """How it is called."""
    if found := shutil.which("vnu"):
        return [found]
    jar = os.environ.get("NU_JAR")
    java = shutil.which("java")
    if not jar or not java:
        pytest.skip(MISSING)
    return [java, "-jar", jar]


@pytest.mark.parametrize("theme", themes.THEMES)
def test_the_checker_finds_nothing(checker, client, theme, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, path in make_everything(theme=theme).items():
        _keep(folder, name, client.get(path))
    post = client.get(POST).context["post"]
    faulty = client.post(f"/comments/reply/{post.pk}/", {}, headers=SAME_ORIGIN)
    _keep(folder, "faults", faulty)
    _keep(folder, "no token", Client(enforce_csrf_checks=True).post(LOGIN))
    assert _found(checker, sorted(folder.iterdir())) == []


def _keep(folder, name, response):
    assert response.headers["Content-Type"].startswith("text/html"), name
    (folder / f"{name}.html").write_bytes(response.content)


def _found(checker, files) -> list[str]:
    arguments = ["--format", "json", "--exit-zero-always", "--stdout"]
    done = subprocess.run(
        [*checker, *arguments, *files], capture_output=True, text=True, check=True
    )
    return sorted(
        f"{message['url'].rpartition('/')[2]}: {message['message']} "
        f"[{message.get('extract', '')}]"
        for message in json.loads(done.stdout)["messages"]
    )
