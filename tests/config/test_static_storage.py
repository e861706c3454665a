"""Static files as they are served: under hashed names, and whole."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

OURS = ("blog/", "comments/")
IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The folder `collectstatic` fills, as settings for production say."""
    folder = tmp_path_factory.mktemp("static")
    backend = "config.static_storage.HashedStorage"
    storages = {"staticfiles": {"BACKEND": backend}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_modules_import_what_is_there(served):
    imports = [
        (script, found)
        for script in served.rglob("*.js")
        for found in IMPORT.findall(script.read_text())
        if script.relative_to(served).as_posix().startswith(OURS)
    ]
    assert imports
    missing = [
        (script.name, found)
        for script, found in imports
        if not (script.parent / found).exists()
    ]
    assert missing == []


def test_every_script_of_ours_is_served_under_one_hashed_name(served):
    for prefix in OURS:
        source = Path(finders.find(prefix.rstrip("/")))
        names = [path.relative_to(source) for path in source.rglob("*.js")]
        for name in names:
            folder = served / prefix / name.parent
            assert len(list(folder.glob(f"{name.stem}.{'?' * 12}.js"))) == 1, name
