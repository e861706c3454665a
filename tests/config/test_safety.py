import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.core.management import call_command

from config import secret
from tests.builders import make_post


def manage(*arguments, **environment):
    left_out = ("DEBUG", "SITE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
    env = {name: value for name, value in os.environ.items() if name not in left_out}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "new" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret.read_or_make(path), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]


def test_debug_is_off_unless_asked_for(tmp_path):
    script = "from django.conf import settings; print(settings.DEBUG)"
    run = manage("shell", "--no-imports", "-c", script, DATA_DIR=str(tmp_path))
    assert run.stdout.strip() == "False", run.stderr


@pytest.mark.parametrize("site", ["", "https://blog.example.org"])
def test_the_deploy_check_has_nothing_to_say(tmp_path, site):
    environment = {"DATA_DIR": str(tmp_path)} | ({"SITE_URL": site} if site else {})
    run = manage("check", "--deploy", "--fail-level", "WARNING", **environment)
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def test_a_public_address_without_https_keeps_its_warnings(tmp_path):
    run = manage(
        "check", "--deploy", DATA_DIR=str(tmp_path), SITE_URL="http://blog.example.org"
    )
    assert "security.W008" in run.stderr


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_every_page_has_a_strict_policy(client):
    response = client.get(make_post().get_absolute_url())
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_a_host_nobody_named_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["blog.example.org"]
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
