"""What was said below the texts of a folder, where a site keeps it as data.

Staticman writes a file for each comment: `_data/comments/slug/entry.yml` for Jekyll,
`data/comments/slug/entry.yml` for Hugo.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from blog import xml_text
from blog.transfer import told_dates, yaml_text
from blog.transfer.markdown_fields import Text
from blog.transfer.markdown_folder import Folder, SetAside
from blog.transfer.records import Note, PostRecord, ResponseRecord, fitting_guid

_FOLDERS = (("_data", "comments"), ("data", "comments"))
_ENDINGS = frozenset([".yml", ".yaml", ".json"])
_PARENT = "replying_to reply_to replyto parent_id".split()
MAX_BYTES = 2**20


class Threads:
    """The comments of one folder, by the name of the text they stand below."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._paths_of: dict[str, list[PurePosixPath]] = {}
        for path in folder.files:
            is_comment = len(path.parts) == 4 and path.parts[:2] in _FOLDERS
            if is_comment and path.suffix.lower() in _ENDINGS:
                self._paths_of.setdefault(path.parts[2], []).append(path)

    def below(self, text: Text, post: PostRecord) -> list[ResponseRecord]:
        """Each behind what it answers, else in the order of time."""
        names = dict.fromkeys((text.path.stem, text.name, text.slug))
        found = next(
            (self._paths_of[one] for one in names if one in self._paths_of), []
        )
        told = [(path, said) for path in found if (said := self._said(path))]
        records = {str(path): _record(path, said, post) for path, said in told}
        called = {
            _text(said, "_id", "id") or path.stem: records[str(path)]
            for path, said in told
        }
        for path, said in told:
            above = called.get(_text(said, *_PARENT) or _text(said, "_parent"))
            own = records[str(path)]
            own.parent = above.guid if above and above is not own else None
        return list(_behind_parents(records.values()))

    def _said(self, path: PurePosixPath) -> dict[str, Any]:
        """Empty where it is none, or broken, which is told."""
        try:
            text = self._folder.text(path, MAX_BYTES)
            is_json = path.suffix.lower() == ".json"
            said = json.loads(text) if is_json else yaml_text.load(text)
        except SetAside as why:
            self._folder.warnings.append(why.note)
            return {}
        except yaml_text.BrokenYAML as broken:
            sentence = f"set aside: the YAML is broken: {broken.sentence}"
            self._folder.warnings.append(Note(sentence, str(path), broken.line))
            return {}
        except (ValueError, RecursionError):
            self._folder.warn("set aside: the JSON is broken", path, 1)
            return {}
        return said if isinstance(said, dict) else {}


def _record(
    path: PurePosixPath, said: dict[str, Any], post: PostRecord
) -> ResponseRecord:
    email, date = _text(said, "email"), _date(said)
    return ResponseRecord(
        guid=fitting_guid(f"{post.guid}#{_text(said, '_id', 'id') or path.stem}"),
        text=_text(said, "message", "body", "comment", "content"),
        text_format="markdown",
        created_at=date or post.written_at,
        date_is_estimated=date is None,
        author_name=_text(said, "name", "author"),
        # Staticman keeps a digest of most.
        author_email=email if "@" in email else "",
        author_url=_text(said, "url", "website", "site"),
        origin=str(path),
    )


def _text(said: dict[str, Any], *names: str) -> str:
    found = (said.get(name) for name in names)
    words = next((str(one) for one in found if isinstance(one, str | int) and one), "")
    return xml_text.allowed(words).strip()


def _date(said: dict[str, Any]) -> datetime | None:
    """Staticman writes seconds, or a date."""
    told = _text(said, "date", "created_at", "timestamp")
    if told.isdecimal() and len(told) in (10, 13):
        return datetime.fromtimestamp(int(told[:10]), UTC)
    found = told_dates.read(told)
    return found.at if found else None


def _behind_parents(records: Iterable[ResponseRecord]) -> Iterable[ResponseRecord]:
    """A circle is cut where it is come to first."""
    ordered = sorted(records, key=lambda one: (one.created_at, one.guid))
    known = {record.guid: record for record in ordered}
    given: set[str] = set()
    for record in ordered:
        branch: dict[str, ResponseRecord] = {}
        above: ResponseRecord | None = record
        while above and above.guid not in given and above.guid not in branch:
            branch[above.guid] = above
            above = known.get(above.parent or "")
        for one in reversed(branch.values()):
            if one.parent not in given:
                one.parent = None
            given.add(one.guid)
            yield one
