"""Moves a blog in, in stages; it joins what each app stores of it.

Terms, posts with what was said below them, then what needs all posts. Whatever is
here already is found again, so a move that was stopped goes on from where it was.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

from django.db import transaction
from tqdm import tqdm

from blog import table_statistics, trees
from blog.transfer import captures, markdown, wxr
from blog.transfer.load import Loader
from blog.transfer.records import BlogRecord, PostRecord, Report
from blog.transfer.terms import Terms
from comments import transfer
from comments.models import Comment
from config import moving_report

# A reader has `recognises(source)` and `read(source)`. The first that recognises
# a source reads it; captures take what is left, any text being one.
READERS: dict[str, ModuleType] = {
    "wxr": wxr,
    "markdown": markdown,
    "captures": captures,
}
# Stored at once: what is killed between two batches goes on with the next.
BATCH_POSTS = 50


def read(source: Path, name: str | None = None) -> BlogRecord:
    """What `source` says, by the reader called `name`. Raises SourceRefused."""
    recognising = (reader for reader in READERS.values() if reader.recognises(source))
    reader = READERS[name] if name else next(recognising, captures)
    return reader.read(source)


def signed(posts: Iterable[PostRecord], login: str) -> Iterator[PostRecord]:
    """With `login` as who wrote what names nobody."""
    for post in posts:
        post.author = post.author or login
        yield post


def move_in(
    blog: BlogRecord, posts: Iterable[PostRecord], *, is_dry_run: bool = False
) -> Report:
    """Store `blog` with these of its posts; what became of them."""
    report = Report()
    # With rate and time left, where somebody looks on.
    shown = iter(tqdm(posts, total=blog.post_count, unit=" posts", disable=None))
    if is_dry_run:
        with transaction.atomic():
            _store(blog, shown, report)
            transaction.set_rollback(True)
    else:
        _store(blog, shown, report)
        table_statistics.refresh()
    return report


def _store(blog: BlogRecord, posts: Iterator[PostRecord], report: Report) -> None:
    terms = Terms(blog, report)
    with transaction.atomic():
        terms.make_all()
    loader = Loader(terms, report)
    while batch := list(islice(posts, BATCH_POSTS)):
        with transaction.atomic():
            # Before any post, as everybody who writes to both locks them.
            trees.lock(Comment)
            stored = loader.load(batch)
            transfer.load_responses(batch, stored, report, terms.user)
        report.doubts += moving_report.doubts(batch)
    loader.settle()
