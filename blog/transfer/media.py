"""The files of a blog that moves in: known by what they were there, stored, shown.

A row for each (`OldFile`) says whether it is here. What was not at hand is fetched at
the end, or by and by; the texts show it from where it lies until it comes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from tqdm import tqdm

from blog import images, old_names, pictures
from blog.images import UploadRefused
from blog.models import Media, OldFile, OldFileUse, Post, User
from blog.models.old_file import MAX_NAME_LENGTH, OldFileQuerySet
from blog.old_names import OldBlog
from blog.transfer import arriving, fetching, media_folder
from blog.transfer.known_files import KnownFile, KnownFiles
from blog.transfer.media_folder import MediaFolder
from blog.transfer.records import BlogRecord, MediaRecord, Note, PostRecord, Report
from blog.transfer.rewriting import Named
from blog.transfer.terms import Terms
from blog.web_address import MAX_ADDRESS_LENGTH

State = OldFile.State
BATCH_ROWS = 500
WORKER_WAITS = timedelta(hours=1)
# Shows how many of so many files are done.
Bar = Callable[[str, int | None], tqdm]


def _no_bar(name: str, total: int | None) -> tqdm:
    return tqdm(disable=True)


@dataclass(frozen=True)
class Where:
    """Where files are looked for: in a folder, on the web, there by and by."""

    folder: Path | None = None
    is_later: bool = False

    @property
    def asks_the_web(self) -> bool:
        return self.folder is None or self.is_later


class Files:
    """The files of one blog, from before its first text to after its last."""

    def __init__(
        self,
        blog: BlogRecord,
        report: Report,
        terms: Terms,
        where: Where,
        bar: Bar = _no_bar,
        *,
        is_dry_run: bool = False,
    ) -> None:
        self._blog = blog
        self._report = report
        self._terms = terms
        self._where = where
        self._bar = bar
        self._is_dry_run = is_dry_run
        self._folder = MediaFolder(where.folder) if where.folder else None
        files = (record.url for record in blog.media)
        self._old = OldBlog(blog.url, files, blog.folder)
        self._known = KnownFiles(self._old)
        self._here_before = 0
        # By the guid of each text prepared last, the addresses in it.
        self._named: Named = {}

    def load(self) -> None:
        """Note what files the source tells of, and store those that are at hand."""
        records = iter(self._blog.media)
        paths: dict[str, str] = {}
        while batch := list(islice(records, BATCH_ROWS)):
            with transaction.atomic():
                OldFile.objects.bulk_create(self._rows(batch), ignore_conflicts=True)
            named = ((self._old.name(one.url), one.path) for one in batch)
            paths |= {name: path for name, path in named if name and path}
        self._here_before = self._own_rows().filter(state=State.HERE).count()
        self._take_at_hand(paths)

    def prepare(self, records: Sequence[PostRecord], named: Named) -> None:
        """Give the texts the addresses here of what is here. Three queries for all."""
        self._named = named
        self._look_up(records)
        if self._known.is_any_here:
            for record in records:
                record.body = self._known.shown(record.body)

    def _look_up(self, records: Iterable[PostRecord]) -> None:
        addresses = set().union(*self._named.values())
        leads = {record.lead_image_url for record in records}
        numbers = {record.lead_image for record in records}
        self._known.look_up(addresses | leads, filter(None, numbers))

    def new_address(self, address: str) -> str | None:
        """Where a file that was named so is here; of the texts prepared last."""
        return self._known.new_address(address)

    def lead_image(self, record: PostRecord) -> int | None:
        """The number here of a record's picture, if it is here; of those prepared."""
        found = self._lead(record)
        return found.media if found else None

    def _lead(self, record: PostRecord) -> KnownFile | None:
        if record.lead_image and (found := self._known.numbered(record.lead_image)):
            return found
        return self._known.of(record.lead_image_url) if record.lead_image_url else None

    def wait(self, records: Sequence[PostRecord], stored: Mapping[str, Post]) -> None:
        """Note which of those prepared show what is not here yet, told of or not."""
        waiting: dict[tuple[int, int], OldFileUse] = {}
        untold = self._note_untold(set().union(*self._named.values()))
        self._known.look_up_families(untold)
        for record in records:
            post = stored.get(record.guid)
            if post is None:
                continue
            for address in self._named[record.guid]:
                if (found := self._known.of(address)) and not found.address:
                    use = OldFileUse(file_id=found.pk, post=post)
                    waiting[found.pk, post.pk] = use
            lead = self._lead(record)
            if lead and not lead.media and post.featured_image_id is None:
                use = OldFileUse(file_id=lead.pk, post=post, is_lead=True)
                waiting[lead.pk, post.pk] = use
        OldFileUse.objects.bulk_create(waiting.values(), ignore_conflicts=True)

    def settle(self) -> None:
        """Look for all that is not here yet; then say what is missing."""
        self._take_at_hand({})
        if self._where.asks_the_web and not (self._where.is_later or self._is_dry_run):
            rows = self._awaited()
            with self._bar("files", rows.count()) as bar:
                fetching.fetch_all(_each(rows), bar.update)
        self._tell()

    def _awaited(self) -> QuerySet[OldFile]:
        """What is not here, and nobody said that it stays where it is."""
        return self._own_rows().exclude(state__in=[State.HERE, State.LEFT])

    # --- What there is

    def _rows(self, records: Iterable[MediaRecord]) -> Iterator[OldFile]:
        records = list(records)
        here = self._here_already(records)
        for record in records:
            name, url = self._old.name(record.url), self._old.url(record.url)
            media = here.get(record.guid) or here.get(record.url)
            if not name or len(name) > MAX_NAME_LENGTH or len(url) > MAX_ADDRESS_LENGTH:
                self._report.warnings.append(
                    Note(f"a file has no address it could be found by: {record.url}")
                )
                continue
            yield OldFile(
                home=self._old.home,
                name=name,
                family=old_names.family(name),
                url=url,
                page=self._old.page(record.link)[:MAX_NAME_LENGTH],
                number=record.number,
                title=record.title,
                alt=record.alt,
                caption=record.caption,
                created_at=record.created_at,
                uploaded_by=self._uploader(record),
                shown_url=self._first_address(record),
                media_id=media,
                state=State.HERE if media else State.WAITING,
                next_try_at=None if media else self._first_try_at(),
            )

    def _here_already(self, records: Sequence[MediaRecord]) -> dict[str, int]:
        """By address, what came from there before, or was exported from here.

        A path alone may be anybody's: what it names is known by its bytes.
        """
        whole = ("http://", "https://")
        records = [one for one in records if one.url.startswith(whole)]
        names = {one.url: pictures.name_of(one.url) for one in records}
        addresses = {one.url for one in records} | {one.guid for one in records}
        rows = Media.objects.filter(
            Q(source_url__in=addresses) | Q(file__in=filter(None, names.values()))
        )
        found = dict(rows.exclude(source_url="").values_list("source_url", "pk"))
        by_name = dict(rows.values_list("file", "pk"))
        found |= {url: by_name[name] for url, name in names.items() if name in by_name}
        return found

    def _first_address(self, record: MediaRecord) -> str:
        """Where it was first known to be, if that is elsewhere: it may still be there."""
        is_other = record.guid != record.url and bool(self._old.name(record.guid))
        is_address = record.guid.startswith(("http://", "https://"))
        return record.guid[:MAX_ADDRESS_LENGTH] if is_other and is_address else ""

    def _uploader(self, record: MediaRecord) -> User | None:
        return self._terms.user(record.author) if record.author else None

    def _first_try_at(self) -> datetime | None:
        if not self._where.asks_the_web:
            return None
        # Whoever imports fetches them himself; if he is ended, the worker goes on.
        wait = timedelta() if self._where.is_later else WORKER_WAITS
        return timezone.now() + wait

    def _note_untold(self, addresses: Iterable[str]) -> set[str]:
        """Rows for pictures that texts show and no record tells of; their families."""
        rows: dict[str, OldFile] = {}
        for address in sorted(addresses):
            if self._old.is_own(address) and self._known.of(address) is None:
                row = self._untold(address)
                if len(row.name) <= MAX_NAME_LENGTH:
                    rows.setdefault(row.name, row)
        OldFile.objects.bulk_create(rows.values(), ignore_conflicts=True)
        return {row.family for row in rows.values()}

    def _untold(self, address: str) -> OldFile:
        name, url = self._old.name(address), self._old.url(address)
        original = old_names.original_of(name)
        return OldFile(
            home=self._old.home,
            name=original,
            family=old_names.family(name),
            url=old_names.original_of(url)[:MAX_ADDRESS_LENGTH],
            shown_url=url[:MAX_ADDRESS_LENGTH] if original != name else "",
            next_try_at=self._first_try_at(),
        )

    # --- At hand

    def _take_at_hand(self, paths: Mapping[str, str]) -> None:
        """Store what lies in the folder, or where the reader found it."""
        if not (self._folder or paths):
            return
        rows = self._awaited()
        with self._bar("files", rows.count()) as bar:
            for row in _each(rows):
                path = self._path(row, paths)
                if row.media is not None:  # it is here, but not in all texts
                    arriving.came(row, row.media)
                elif path is not None:
                    self._take(row, path)
                elif not self._where.asks_the_web:
                    self._set_aside(row, gettext("It is not in the folder."))
                bar.update()

    def _path(self, row: OldFile, paths: Mapping[str, str]) -> Path | None:
        if found := paths.get(row.name):
            return Path(found)
        if self._folder is None:
            return None
        shown = self._old.name(row.shown_url) if row.shown_url else ""
        return self._folder.find(row.name) or (
            self._folder.find(shown) if shown else None
        )

    def _take(self, row: OldFile, path: Path) -> None:
        try:
            data = media_folder.read(path, images.MAX_UPLOAD_BYTES)
            if self._is_dry_run:
                arriving.examined(row, data)
                OldFile.objects.filter(pk=row.pk).update(state=State.HERE)
            else:
                arriving.take(row, data)
        except (OSError, UploadRefused) as error:
            self._set_aside(row, str(error))

    def _set_aside(self, row: OldFile, reason: str) -> None:
        if (row.state, row.reason) != (State.MISSING, reason):
            arriving.set_aside(row, reason)

    # --- In the end

    def _tell(self) -> None:
        rows = self._own_rows()
        here, before = rows.filter(state=State.HERE).count(), self._here_before
        lacking = rows.exclude(state__in=[State.HERE, State.LEFT]).exclude(reason="")
        named = lacking.order_by("pk").values_list("url", "reason")
        self._report.missing_files = list(named)
        counts = {
            "stored": here - before,
            "already here": before,
            "still to come": rows.to_come().count(),
            "missing": rows.missing().count(),
        }
        self._report.files.update({fate: n for fate, n in counts.items() if n})

    def _own_rows(self) -> OldFileQuerySet:
        return OldFile.objects.filter(home=self._old.home)


def _each(rows: QuerySet[OldFile]) -> Iterator[OldFile]:
    """One after the other, whatever is written meanwhile."""
    pk = 0
    while batch := list(rows.filter(pk__gt=pk).order_by("pk")[:BATCH_ROWS]):
        yield from batch
        pk = batch[-1].pk
