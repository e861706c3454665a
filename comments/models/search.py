"""Comments in the search's index."""

from django.utils.translation import gettext_lazy as _

from blog.models.search import SearchEntry


class CommentEntry(SearchEntry):
    """A comment in the index, whatever its state."""

    class Meta:
        verbose_name = _("indexed comment")
        verbose_name_plural = _("indexed comments")
