"""Moves a blog in, in stages; it joins what each app stores of it.

Terms, files at hand, posts with what was said below them, then what needs all posts,
last the search.
Whatever is here already is found again, so a move that was stopped goes on from where
it was.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

from django.db import transaction

from blog import languages, table_statistics, trees
from blog.models import Redirect
from blog.search import index
from blog.transfer import ahead, captures, markdown, naming, old_lists, wxr
from blog.transfer.links import Links
from blog.transfer.load import Loader
from blog.transfer.media import Files, Where
from blog.transfer.records import BlogRecord, PostRecord, Report
from blog.transfer.terms import Terms
from comments import transfer
from comments.models import Comment
from config import moving_report, rehearsing
from config.moving_progress import Progress

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
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    where: Where | None = None,
    *,
    is_dry_run: bool = False,
    is_quiet: bool = False,
) -> Report:
    """Store `blog` with these of its posts and its files; what became of them."""
    report = Report()
    progress = Progress(report, is_quiet=is_quiet)
    terms = Terms(blog, report)
    files = Files(
        blog, report, terms, where or Where(), progress.bar, is_dry_run=is_dry_run
    )
    if not is_dry_run:
        naming.take(blog)
    # Every text is rendered in it: nobody asks for it each time.
    with languages.blogs(languages.of_blog()):
        if is_dry_run:
            with rehearsing.nothing_kept():
                _store(blog, posts, terms, files, report, progress)
        else:
            _store(blog, posts, terms, files, report, progress)
            with progress.stage("statistics"):
                table_statistics.refresh()
            _index(progress)
    return report


def _store(
    blog: BlogRecord,
    posts: Iterable[PostRecord],
    terms: Terms,
    files: Files,
    report: Report,
    progress: Progress,
) -> None:
    redirects = Redirect.objects.count()
    with progress.stage("terms"), transaction.atomic():
        terms.make_all()
    with progress.stage("files"):
        files.load()
    loader, links = Loader(terms, report, files.lead_image), Links(blog)
    with progress.stage("posts"):
        shown = progress.posts(ahead.of(blog, posts), blog.post_count)
        while batch := list(islice(shown, BATCH_POSTS)):
            _store_batch(batch, loader, links, terms, files, report)
    with progress.stage("links"):
        loader.settle()
        old_lists.leave(blog, terms)
        links.settle()
    report.made["redirect"] += Redirect.objects.count() - redirects
    with progress.stage("missing files"):
        files.settle()


def _store_batch(
    batch: list[PostRecord],
    loader: Loader,
    links: Links,
    terms: Terms,
    files: Files,
    report: Report,
) -> None:
    with transaction.atomic():
        # Before any post, as everybody who writes to both locks them.
        trees.lock(Comment)
        files.prepare(batch)
        links.prepare(batch)
        stored = loader.load(batch)
        files.wait(batch, stored)
        links.wait(batch, stored)
        transfer.load_responses(batch, stored, report, terms.user)
    report.doubts += moving_report.doubts(batch)
    for post in batch:
        report.census.add(post)


def _index(progress: Progress) -> None:
    """Whoever searches next finds it all."""
    with progress.stage("search"), progress.bar("texts", None) as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        index.finish(told)
