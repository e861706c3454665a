"""The project's settings with a data folder of the test run's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "DATA_DIR" not in os.environ:
    # Set in the environment, so that pytest-xdist's workers share it.
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="quillback-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DATABASES, STORAGES

# WhiteNoise warns of a missing folder, and here a warning is an error.
Path(DATA_DIR, "static").mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: in memory all threads of the live server share one connection, and what
    # one page asks at the same time as another fails as "table is locked".
    DATABASES["default"]["TEST"] = {
        "NAME": str(DATA_DIR / f"test-{os.getpid()}.sqlite3")
    }
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
