"""Words of other packages that people meet here and that have no translation of theirs.

Nothing imports this: it is read by what collects the sentences of the source.
"""

from django.utils.translation import gettext_noop as _

# django-tasks-db
_("Task Result")
_("Task Results")
# django-mptt, in languages it does not speak
_("Expand tree")
_("Collapse tree")
_("Delete selected %(verbose_name_plural)s")
_("Successfully deleted %(count)d items.")
