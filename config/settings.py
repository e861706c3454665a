"""All settings. Everything a keeper may change comes from the environment.

The variables are described in docs/deploy.md; every one is optional.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django_prose_editor.config import html_tags
from js_asset import static_lazy

from blog.players import FRAME_HOSTS
from config import secret

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# It holds accounts and addresses: nobody else on the machine need look into it.
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    SECRET_KEY = env.str("SECRET_KEY", default="") or secret.read_or_make(
        DATA_DIR / "secret_key"
    )
except OSError as error:
    raise ImproperlyConfigured(
        f"The data folder can’t be used (DATA_DIR is {DATA_DIR}): {error.strerror}."
    ) from error

DEBUG = env.bool("DEBUG", default=False)

# Where the blog is read. Its scheme decides whether cookies are for HTTPS only.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
_LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(
        f"SITE_URL is “{SITE_URL}”; it must be a whole address: https://blog.example.org"
    )
ALLOWED_HOSTS = [
    _site.hostname,
    *_LOOPBACK_HOSTS,
    *env.list("ALLOWED_HOSTS", default=[]),
]

INSTALLED_APPS = [
    "blog.apps.BlogConfig",
    "comments.apps.CommentsConfig",
    "mptt",
    "taggit",
    "imagekit",
    "reversion",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Last: when it makes the roles, every app has its permissions.
    "config.apps.QuillbackConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "blog.middleware.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "blog.middleware.CompressTextMiddleware",
    "blog.middleware.BlogsLanguageMiddleware",
    "blog.middleware.RefuseNulMiddleware",
    "blog.middleware.ThemeMiddleware",
    "comments.middleware.OwnIsPrivateMiddleware",
    "comments.middleware.OfferPingsMiddleware",
    "blog.middleware.RedirectMovedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "blog.middleware.OwnLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "config.letting_go.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "blog.theme_templates.CachedLoader",
                    [
                        "blog.theme_templates.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.middleware.site",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/quillback.sqlite3")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["ENGINE"] = "blog.sqlite3"
    # Seconds. Opened anew from time to time: what is known of the tables' sizes, by
    # which SQLite chooses its ways, is read then.
    _database["CONN_MAX_AGE"] = 600
    _database.setdefault("OPTIONS", {}).update(
        {
            # A transaction takes the write lock when it begins. A deferred one
            # takes it at its first write and is refused if anyone wrote between.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,  # seconds
            "init_command": (
                "PRAGMA journal_mode = WAL;"
                "PRAGMA synchronous = NORMAL;"
                # Not mapped into memory: what each thread's connection maps would count
                # as the process's own, and the system keeps the file at hand anyway.
                "PRAGMA temp_store = MEMORY;"
                # Of the file, in kibibytes: each thread's connection has its own, and
                # with four times as much no page is made any faster.
                "PRAGMA cache_size = -512;"
            ),
        }
    )
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    if _database["ENGINE"] == "django.db.backends.postgresql":
        _database["ENGINE"] = "blog.postgresql"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": _REDIS_URL,
        }
        if _REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Tasks lie in the database, so that one and what it is about are stored together.
# On SQLite that is the one way; a larger site runs `manage.py db_worker` processes.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "config.static_storage.HashedStorage"
        ),
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are read by few and take as long to compress as all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *"jpg jpeg png gif webp avif zip gz br woff woff2".split(),
    "map",
)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
# How a revision of a post is written down.
SERIALIZATION_MODULES = {
    "json": "blog.fixture_format",
    "revision": "blog.revision_format",
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- People -------------------------------------------------------------------

AUTH_USER_MODEL = "blog.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:login"

# --- After publishing ---------------------------------------------------------

# Called with a post in the transaction in which somebody published, changed, withdrew
# or deleted it. Named here, because the blog does not know who wants to hear of it.
AFTER_PUBLISHING = ["comments.tasks.follow_soon", "blog.websub.tell_soon"]

# Called with the keys of the posts that are about to be deleted for ever, before any of
# them is locked.
BEFORE_DELETING = ["comments.holding.hold_below"]

# Called with a post, what became of it (`blog.reviewing.Step`), who did it and the words
# sent along, in the transaction in which it was sent for review, sent back or published.
AFTER_REVIEWING = ["comments.notify.reviews.about_reviewed"]

# Whoever was told of a post hears of a change so much later: ten saves in a row are one.
PING_UPDATE_SECONDS = 60

# --- The page cache ---------------------------------------------------------------

# Which rows public pages are made of: lists of `blog.public_tables.PublicTable`.
PUBLIC_TABLES = [
    "blog.public_tables.OF_BLOG",
    "comments.public_tables.OF_COMMENTS",
]
# How much each server process keeps of them, ready to be sent; 0: nothing.
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_BYTES", default=16 * 1024 * 1024)

# --- Finding ------------------------------------------------------------------

# What can be found, each a `blog.search.sources.Source`.
SEARCH_SOURCES = ["blog.search.posts.SOURCE", "comments.search.SOURCE"]

# Asked to tell subscribers of feeds at once: https://www.w3.org/TR/websub/
WEBSUB_HUB = env.str("WEBSUB_HUB", default="")

# --- Spam ---------------------------------------------------------------------

# Off without a key. With one, strangers' comments are sent to Akismet.
AKISMET_KEY = env.str("AKISMET_KEY", default="")

# --- Language and time --------------------------------------------------------

# The blog's, until its keeper chooses one in the settings.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
# What there are translations into, by the names they have for themselves. How to add
# one: docs/languages.md.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
if LANGUAGE_CODE not in dict(LANGUAGES):
    # As much of it as Django says in that language; the rest in English.
    LANGUAGES.append((LANGUAGE_CODE, LANGUAGE_CODE))
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Mail ---------------------------------------------------------------------

_EMAIL_URL = env.str("EMAIL_URL", default="")
if _EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "config.mail_log.EmailBackend"
EMAIL_TIMEOUT = 30  # seconds; without it a dead server would hold the worker for ever
_mail_host = "localhost" if _site.hostname in _LOOPBACK_HOSTS else _site.hostname
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"blog@{_mail_host}")

# --- The editor -----------------------------------------------------------------

# What we teach it, by the modules that hold it. What may be served is not decided here,
# but in blog/markup.py: hence no rules for a sanitiser.
# Modules of ours, and what the editor's configuration calls what they give it. Where
# the library has one of that name, ours takes its place.
_EDITOR_MODULES = {
    "at-rest": ["AtRest"],
    "clear": ["Clear"],
    "code-block": ["CodeBlock"],
    "embed": ["Embed"],
    "focusing": ["Focusing"],
    "footnote": ["Footnote"],
    "gallery": ["Gallery"],
    "inline-image": ["InlineImage"],
    "links": ["Link"],
    "lists": ["OrderedList"],
    "more": ["More"],
    "paste": ["Paste"],
    "picture": ["Picture"],
    "quotes": ["Blockquote", "Citation"],
    "tables": ["Table"],
    "toolbar": ["Menu"],
    "uploading": ["Uploading"],
}
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy(f"blog/editor/{module}.js")],
        "extensions": {name: html_tags([]) for name in names},
    }
    for module, names in _EDITOR_MODULES.items()
]

# --- Tags ---------------------------------------------------------------------

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "blog.tag_input.split"
TAGGIT_STRING_FROM_TAGS = "blog.tag_input.join"

# --- Safety -------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        # Authors show pictures that lie elsewhere; visitors' comments can't.
        "img-src": [SELF, "data:", "https:"],
        "font-src": [SELF],
        "media-src": [SELF, "https:"],
        "connect-src": [SELF],
        # Players, opened by whoever presses the button of one.
        "frame-src": FRAME_HOSTS,
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"

_IS_HTTPS = _site.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if _IS_HTTPS else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "blog.views.errors.csrf_failure"
# The first proxy in front tells by this header that its visitor came by HTTPS.
# A server without a proxy must not believe it: set it only behind one.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whether the keeper's other subdomains speak HTTPS only is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not _IS_HTTPS and _site.hostname in {"127.0.0.1", "localhost", "::1"}:
    # On this machine alone there is no HTTPS to insist on. Any other address
    # that is not https:// keeps the warnings.
    SILENCED_SYSTEM_CHECKS += [
        "security.W004",
        "security.W008",
        "security.W012",
        "security.W016",
    ]

# A post with hundreds of categories is real; a form with more fields is not.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Warns, with a traceback, of each malformed header a stranger's server sends;
    # what became of a fetch stands beside the ping.
    "loggers": {"urllib3": {"level": "ERROR"}},
}
