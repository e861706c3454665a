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
from config.settings import DATA_DIR, STORAGES

# WhiteNoise warns of a missing folder, and here a warning is an error.
Path(DATA_DIR, "static").mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
