"""Moves a blog in, in stages; it joins what each app stores of it.

Terms, files at hand, posts with what was said below them, then what needs all posts,
last the search.
Whatever is here already is found again, so a move that was stopped goes on from where
it was.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from django.db import connection, transaction

from blog import languages, table_statistics, trees
from blog.models import Post, Redirect
from blog.search import index
from blog.transfer import ahead, captures, fitting, markdown, naming, old_lists, wxr
from blog.transfer.links import Links
from blog.transfer.load import Loader
from blog.transfer.media import Files, Where
from blog.transfer.records import (
    BlogRecord,
    Note,
    PostRecord,
    Report,
    SourceRefused,
)
from blog.transfer.rewriting import addresses_in
from blog.transfer.terms import Terms
from comments import incoming, transfer
from comments.incoming import Said
from comments.models import Comment
from config import apart, memory, moving_report, rehearsing
from config.moving_progress import Progress

# A reader has `recognises(source)` and `read(source)`. The first that recognises
# a source reads it; captures take what is left, any text being one.
READERS: dict[str, ModuleType] = {
    "wxr": wxr,
    "markdown": markdown,
    "captures": captures,
}
# Stored at once: what is killed between two batches goes on with the next.
# Of a large blog each batch writes nearly all pages of some indexes anew.
BATCH_POSTS = 250
BATCH_RESPONSES = 6000
# After so many new objects, in place of some hundreds.
RARELY = 50_000
# Of the database, so much is kept at hand. The search holds a part of itself, too.
POSTS_KIB, SEARCH_KIB = 48 * 1024, 32 * 1024
# 256 MiB on the disk.
LOG_PAGES = 64 * 1024


def read(source: Path, name: str | None = None) -> BlogRecord:
    """What `source` says, by the reader called `name`. Raises SourceRefused."""
    recognising = (reader for reader in READERS.values() if reader.recognises(source))
    reader = READERS[name] if name else next(recognising, None)
    if reader is None and source.is_dir():
        sentence = (
            "nothing in this folder is a blog: no Markdown file with front matter, "
            "no *.txt file; name an export of WordPress itself, not its folder"
        )
        raise SourceRefused([Note(sentence, str(source))])
    return (reader or captures).read(source)


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
    posts = fitting.fit(blog, posts, incoming.ROOMS)
    terms = Terms(blog, report)
    files = Files(
        blog, report, terms, where or Where(), progress.bar, is_dry_run=is_dry_run
    )
    if not is_dry_run:
        naming.take(blog)
    # Every text is rendered in it: nobody asks for it each time.
    with _rare_collections(), languages.blogs(languages.of_blog()):

        def store() -> Report:
            kept = rehearsing.nothing_kept() if is_dry_run else nullcontext()
            with _room_for_much(POSTS_KIB), kept:
                table_statistics.expect_many()
                _store(blog, posts, terms, files, report, progress)
            return report

        if not is_dry_run and apart.is_worth_it(blog.post_count):
            _store_apart(blog, store, report)
        else:
            store()
        if not is_dry_run:
            with _room_for_much(SEARCH_KIB):
                with progress.stage("statistics"):
                    table_statistics.refresh()
                _index(progress)
    return report


def _store_apart(blog: BlogRecord, store: Callable[[], Report], report: Report) -> None:
    """In another process: what it leaves behind is not there twice for the search."""
    told = ahead.lengths(blog)
    stored, grown = apart.done(lambda: (store(), ahead.grown(blog, told)))
    ahead.grow(blog, grown)
    vars(report).update(vars(stored))


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
    batches = _Batches(blog, terms, files, report)
    with progress.stage("posts"):
        read = ahead.of(blog, posts, _ready)
        shown = progress.posts(read, blog.post_count)
        for batch in _by_the_batch(shown):
            batches.store(batch)
    with progress.stage("links"):
        batches.loader.settle()
        old_lists.leave(blog, terms)
        batches.links.settle(transfer.lead_on)
    report.made["redirect"] += Redirect.objects.count() - redirects
    with progress.stage("missing files"):
        files.settle()


def _by_the_batch(
    posts: Iterable[tuple[PostRecord, "_Ready"]],
) -> Iterator[list[tuple[PostRecord, "_Ready"]]]:
    """What is stored in one transaction: so many posts, or fewer of which much is said."""
    batch: list[tuple[PostRecord, _Ready]] = []
    responses = 0
    for post, ready in posts:
        batch.append((post, ready))
        responses += len(post.responses)
        if len(batch) == BATCH_POSTS or responses >= BATCH_RESPONSES:
            yield batch
            batch, responses = [], 0
    if batch:
        yield batch


class _Ready(NamedTuple):
    """What is made of a post where it is read."""

    named: set[str]  # the addresses in its text
    # As plain tuples, which are half as long on their way from where they are made.
    said: list[tuple[Any, ...]]


def _ready(post: PostRecord) -> _Ready:
    said = list(map(tuple, incoming.said_below(post)))
    return _Ready(addresses_in(post.body), said)


class _Batches:
    """Stores posts with all that was said below them, so many at a time."""

    def __init__(
        self, blog: BlogRecord, terms: Terms, files: Files, report: Report
    ) -> None:
        self.loader = Loader(terms, report, files.lead_image)
        self.links = Links(blog)
        self._terms = terms
        self._files = files
        self._report = report

    def store(self, batch: list[tuple[PostRecord, _Ready]]) -> None:
        posts = [post for post, _ in batch]
        named: dict[str, set[str]] = {}
        for post, ready in batch:
            named.setdefault(post.guid, set()).update(ready.named)
        with transaction.atomic():
            # Before any post, as everybody who writes to both locks them.
            trees.lock(Comment)
            self._files.prepare(posts, named)
            retold = self.links.prepare(posts, named)
            stored = self.loader.load(posts)
            self._files.wait(posts, stored)
            self.links.wait(posts, stored)
            below = self._below(batch, stored, retold)
            transfer.load_responses(below, self._report, self._terms.user)
        self._report.doubts += moving_report.doubts(posts)
        for post in posts:
            self._report.census.add(post)

    def _below(
        self,
        batch: list[tuple[PostRecord, _Ready]],
        stored: Mapping[str, Post],
        retold: set[str],
    ) -> Iterator[tuple[int, Said]]:
        """Each response with the key of its post; made anew where a link was led on."""
        for post, ready in batch:
            is_other = post.guid in retold
            given = map(Said._make, ready.said)
            for each in incoming.said_below(post) if is_other else given:
                yield stored[post.guid].pk, each


def _index(progress: Progress) -> None:
    """Whoever searches next finds it all."""
    with progress.stage("search"), progress.bar("texts", None) as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        memory.give_back()  # very many texts are shared with another process
        index.finish(told)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Objects that hold each other in circles are looked for less often.

    Records come and go by the hundred thousand and are in none, and each search would
    look at all that the program itself consists of, too.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@contextmanager
def _room_for_much(kib: int) -> Iterator[None]:
    """What SQLite has by itself is for a few rows now and then.

    It keeps 2 MB of the database at hand, which a large blog's indexes exceed; and it
    brings what was written into the database's file after each few megabytes of it,
    though the next rows write the same pages of the indexes again: that took longer
    than all else.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # SQLite counts memory below nothing.
    room = {"cache_size": -kib, "wal_autocheckpoint": LOG_PAGES}
    usual = {name: _pragma(name) for name in room}
    for name, much in room.items():
        _pragma(f"{name} = {much}")
    try:
        yield
    finally:
        for name, little in usual.items():
            _pragma(f"{name} = {little}")
        _pragma("wal_checkpoint(TRUNCATE)")


def _pragma(told: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {told}")
        (value, *_) = cursor.fetchone() or (0,)
    return value
