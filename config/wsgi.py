"""The WSGI application: what `manage.py serve` serves, in each of its processes."""

import os

from django.core.wsgi import get_wsgi_application

from config.encodings import refuse_unreadable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = refuse_unreadable(get_wsgi_application())

# Need the apps, which are loaded now.
from config import page_cache, worker  # noqa: E402

application = page_cache.around(application)
worker.start_if_wanted()
