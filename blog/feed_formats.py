"""Feeds as they are written: RSS 2.0, Atom and JSON Feed 1.1, from the same entries.

Django's feed generators write the XML; here stands what they leave out.
"""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import (
    Atom1Feed,
    Enclosure,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc3339_date,
)
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from blog import feed_pages, xml_text
from blog.feed_entries import Answers, Channel, Entry, Written

# As wide as the small and the large icon of a feed are to be.
ICON_PIXELS = (32, 512)
_IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True)
class Format:
    """`path` follows `…/feed/`."""

    name: str
    path: str
    content_type: str
    make: "Callable[..., _Parts]"

    @property
    def is_xml(self) -> bool:
        return "+xml" in self.content_type

    def write(self, channel: Channel, *, is_shown: bool = False) -> bytes:
        """The whole document. The same entries give the same bytes.

        One that `is_shown` by a browser holds in its XML what people see of it, as its
        entries do that were `written` so.
        """
        feed = self.make(
            **_plain(
                title=channel.title,
                link=channel.address,
                description=channel.about or channel.title,
                subtitle=channel.about or None,
                language=channel.language,
                feed_url=channel.own_address,
                feed_guid=channel.feed_address,
                author_name=channel.author,
            ),
            updated=channel.updated_at,
            is_shown=is_shown,
            channel=channel,
        )
        out = io.StringIO()
        feed.write(out, "utf-8")
        return out.getvalue().encode("utf-8", "replace")

    def written(self, entry: Entry, *, is_shown: bool = False) -> Written:
        """An entry as it stands in the document, whatever stands around it."""
        feed = self.make(title="", link="", description="", is_shown=is_shown)
        _add(feed, entry)
        return Written(feed.item_text(), entry.updated_at, entry.changed_at)


def _add(feed: SyndicationFeed, entry: Entry) -> None:
    feed.add_item(
        **_plain(
            title=entry.title,
            link=entry.address,
            # By the book a description is HTML.
            description=escape(entry.summary),
            summary=entry.summary,
            content=entry.content,
            author_name=entry.author or None,
            author_link=entry.author_address or None,
            unique_id=entry.guid,
            language=entry.language,
            comments=entry.answers.page if entry.answers else None,
            picture=entry.picture,
        ),
        unique_id_is_permalink=False,
        categories=[xml_text.allowed(name) for name in entry.subjects],
        pubdate=entry.published_at,
        updateddate=entry.updated_at,
        enclosures=[
            Enclosure(file.address, str(file.size), file.mime_type)
            for file in entry.files
        ],
        answers=entry.answers,
        answered=entry.answered,
    )


def _plain(**texts: str | None) -> dict[str, Any]:
    """What is written into a document, without what no XML can hold."""
    return {
        name: text if text is None else xml_text.allowed(text)
        for name, text in texts.items()
    }


class _Parts(SyndicationFeed):
    """A feed whose entries were written before it, each by itself."""

    def item_text(self) -> str:
        """The one item that was added, as it stands in the document."""
        raise NotImplementedError


class _XmlParts(_Parts):
    def item_text(self) -> str:
        out = io.StringIO()
        handler = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
        super().write_items(handler)  # type: ignore[misc]
        return out.getvalue()

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        for entry in self.feed["channel"].entries:
            # What a writer of XML writes as it is.
            handler.ignorableWhitespace(entry.text)


class _Rss(_XmlParts, Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        return self.feed["updated"]

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
            "xmlns:wfw": "http://wellformedweb.org/CommentAPI/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "Quillback")
        for attributes in _links(self.feed["channel"]):
            handler.addQuickElement("atom:link", None, attributes)
        _add_image(handler, self.feed)
        if self.feed["is_shown"]:
            feed_pages.head(handler, self.feed)

    def add_stylesheets(self, handler: SimplerXMLGenerator) -> None:
        if self.feed["is_shown"]:
            feed_pages.stylesheets(handler, self.feed["channel"].sheet)

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        # No more than one may stand here; the first is the one to listen to.
        super().add_item_elements(
            handler, item | {"enclosures": item["enclosures"][:1]}
        )
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])
        if item["language"]:
            handler.addQuickElement("dc:language", item["language"])
        if answers := item["answers"]:
            handler.addQuickElement("wfw:commentRss", answers.feed)
            handler.addQuickElement("slash:comments", str(answers.count))
        if self.feed["is_shown"]:
            feed_pages.entry(handler, item)


class _Atom(_XmlParts, Atom1Feed):
    def latest_post_date(self) -> datetime:
        return self.feed["updated"]

    def write(self, outfile: Any, encoding: str) -> None:
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        if self.feed["is_shown"]:
            feed_pages.stylesheets(handler, self.feed["channel"].sheet)
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        threads = {"xmlns:thr": "http://purl.org/syndication/thread/1.0"}
        return super().root_attributes() | threads

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "Quillback")
        channel = self.feed["channel"]
        for attributes in _links(channel):
            handler.addQuickElement("link", None, attributes)
        if channel.icons:
            handler.addQuickElement("icon", channel.icons[0])
            handler.addQuickElement("logo", channel.icons[-1])
        if self.feed["is_shown"]:
            feed_pages.head(handler, self.feed)

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        super().add_item_elements(
            handler, item | {"unique_id": _iri(item["unique_id"])}
        )
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})
        if answers := item["answers"]:
            handler.addQuickElement("link", "", _replies(answers))
        if answered := item["answered"]:
            guid, address = answered
            of = {"ref": _iri(guid), "href": address, "type": "text/html"}
            handler.addQuickElement("thr:in-reply-to", "", of)
        if self.feed["is_shown"]:
            feed_pages.entry(handler, item)


def _links(channel: Channel) -> list[dict[str, str]]:
    """WebSub, section 4, and RFC 5005, section 3: what Atom has for it, RSS borrows."""
    named = (
        ("hub", channel.hub),
        ("next", channel.older),
        ("previous", channel.newer),
    )
    return [{"rel": rel, "href": address} for rel, address in named if address]


def _add_image(handler: SimplerXMLGenerator, feed: dict[str, Any]) -> None:
    """What of the icons RSS takes: no more than 144 pixels wide."""
    if not feed["channel"].icons:
        return
    handler.startElement("image", AttributesImpl({}))
    handler.addQuickElement("url", feed["channel"].icons[0])
    handler.addQuickElement("title", feed["title"])
    handler.addQuickElement("link", feed["link"])
    for side in ("width", "height"):
        handler.addQuickElement(side, str(ICON_PIXELS[0]))
    handler.endElement("image")


def _iri(guid: str) -> str:
    """What Atom takes for an id: the guid itself, or an address made of it."""
    return guid if _IRI.fullmatch(guid) else f"urn:quillback:{quote(guid, safe='')}"


def _replies(answers: Answers) -> dict[str, str]:
    link = {
        "rel": "replies",
        "type": ATOM.content_type.partition(";")[0],
        "href": f"{answers.feed}{ATOM.path}",
        "thr:count": str(answers.count),
    }
    if answers.count and answers.changed_at:
        link["thr:updated"] = rfc3339_date(answers.changed_at)
    return link


class _Json(_Parts):
    """JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""

    def write(self, outfile: Any, encoding: str) -> None:
        feed, channel = self.feed, self.feed["channel"]
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "next_url": channel.older,
            "description": feed["subtitle"],
            "icon": channel.icons[-1] if channel.icons else None,
            "favicon": channel.icons[0] if channel.icons else None,
            "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else [],
            "language": feed["language"],
            "authors": [{"name": feed["author_name"], "url": feed["link"]}],
        }
        begun = json.dumps(_given(document), ensure_ascii=False).removesuffix("}")
        items = ", ".join(entry.text for entry in channel.entries)
        outfile.write(f'{begun}, "items": [{items}]}}')

    def item_text(self) -> str:
        return json.dumps(_given(self._item(self.items[0])), ensure_ascii=False)

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        author = _given({"name": item["author_name"], "url": item["author_link"]})
        text = None if item["content"] else item["summary"]
        return {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item["content"],
            "content_text": text,
            "summary": item["summary"],
            "image": item["picture"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [author] if author else None,
            "tags": item["categories"],
            "language": item["language"],
            "attachments": [
                {
                    "url": file.url,
                    "mime_type": file.mime_type,
                    "size_in_bytes": int(file.length),
                }
                for file in item["enclosures"]
            ],
        }


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; a text that is empty on purpose stays."""
    return {
        name: value
        for name, value in fields.items()
        if value or (name == "content_text" and value is not None)
    }


RSS = Format("RSS", "", "application/rss+xml; charset=utf-8", _Rss)
ATOM = Format("Atom", "atom/", "application/atom+xml; charset=utf-8", _Atom)
# By its definition JSON is UTF-8: there is no charset to name.
JSON = Format("JSON Feed", "json/", "application/feed+json", _Json)
FORMATS = {format_.path.rstrip("/") or "rss": format_ for format_ in (RSS, ATOM, JSON)}
