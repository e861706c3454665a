"""A text that no index can be made of."""

from blog.search import entries
from tests.builders import make_post


def posts_of_which_one_breaks(monkeypatch):
    """Five posts, of which the fourth breaks what makes entries."""
    posts = [make_post(f"tea {number}") for number in range(5)]
    line_of = entries.line_of

    def break_at_one(document):
        if "3" in document.title:
            raise RecursionError
        return line_of(document)

    monkeypatch.setattr(entries, "line_of", break_at_one)
    return posts
