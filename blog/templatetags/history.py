"""What templates of the desk tell of revisions."""

from django import template

from blog import revision_notes

register = template.Library()


@register.filter
def told(note: str) -> str:
    """The note of a revision in the reader's language."""
    return revision_notes.told(note)
