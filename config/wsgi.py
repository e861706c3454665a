"""The WSGI application: what `manage.py serve` serves, in each of its processes."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

# Need the apps, which are loaded now.
from config import page_cache, worker  # noqa: E402
from config.encodings import refuse_unreadable  # noqa: E402
from config.letting_go import Handler  # noqa: E402

application = page_cache.around(refuse_unreadable(Handler()))
worker.start_if_wanted()
