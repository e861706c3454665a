"""Where static files are served from: hashed names, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Whose modules import each other by their hashed names, the only ones there are."""

    support_js_module_import_aggregation = True
