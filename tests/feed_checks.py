"""What the W3C's feed validator looks for, of what our feeds hold: faults in sentences.

https://validator.w3.org/feed/docs/ says what is checked; its code is in no registry.
"""

import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from defusedxml import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
WFW = "{http://wellformedweb.org/CommentAPI/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
THREAD = "{http://purl.org/syndication/thread/1.0}"
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
RELATIONS = set("self alternate enclosure replies hub next previous related".split())
RISKY = set("script style iframe object embed form input meta link base applet".split())


def faults_of_rss(document: bytes, location: str) -> list[str]:
    """An empty list is a valid feed. `location` is where it was fetched."""
    root = ElementTree.fromstring(document)
    channel = root.find("channel")
    said = []
    if (root.tag, root.get("version")) != ("rss", "2.0") or channel is None:
        return ["it is no RSS 2.0"]
    said += [
        f"the channel has no {name}"
        for name in ("title", "link", "description")
        if not channel.findtext(name)
    ]
    said += _once(
        channel, "title link description language lastBuildDate image".split()
    )
    said += _address(channel.findtext("link"))
    if not LANGUAGE.fullmatch(channel.findtext("language", "")):
        said.append("the language is none")
    said += _date(channel.findtext("lastBuildDate"), RFC_822)
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if [link.get("href") for link in own] != [location]:
        said.append("its own address is not where it was fetched")
    said += _links(channel.findall(f"{ATOM}link"))
    said += _image(channel)
    items = channel.findall("item")
    said += _unique(item.findtext("guid") for item in items)
    return said + [fault for item in items for fault in _item(item)]


def faults_of_atom(document: bytes, location: str) -> list[str]:
    root = ElementTree.fromstring(document)
    if root.tag != f"{ATOM}feed":
        return ["it is no Atom"]
    said = _entry(root, is_feed=True)
    own = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if [link.get("href") for link in own] != [location]:
        said.append("its own address is not where it was fetched")
    entries = root.findall(f"{ATOM}entry")
    said += _unique(entry.findtext(f"{ATOM}id") for entry in entries)
    has_author = root.find(f"{ATOM}author") is not None
    for entry in entries:
        said += _entry(entry, is_feed=False)
        if not has_author and entry.find(f"{ATOM}author") is None:
            said.append("nobody wrote an entry")
    return said


def faults_of_json(feed: dict, location: str) -> list[str]:
    """https://www.jsonfeed.org/version/1.1/"""
    said = [] if feed.get("version", "").endswith("/1.1") else ["the version is none"]
    said += ["the feed has no title"] if not feed.get("title") else []
    said += _address(feed.get("home_page_url"))
    if feed.get("feed_url") != location:
        said.append("its own address is not where it was fetched")
    for name in ("icon", "favicon", "next_url"):
        said += _address(feed[name]) if name in feed else []
    said += _unique(item.get("id") for item in feed["items"])
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or not item["id"]:
            said.append("an item has no id that is a text")
        if "content_html" not in item and "content_text" not in item:
            said.append("an item has no content")
        said += _address(item.get("url"))
        said += _markup(item.get("content_html", ""))
        for name in ("date_published", "date_modified"):
            said += _date(item.get(name), RFC_3339)
        for file in item.get("attachments", []):
            said += _file(file["url"], file["size_in_bytes"], file["mime_type"])
    return said


def _item(item) -> list[str]:
    said = _once(
        item, "title link description guid pubDate comments author enclosure".split()
    )
    said += _once(item, [CONTENT, f"{DC}creator", f"{SLASH}comments"])
    if not (item.findtext("title") or item.findtext("description")):
        said.append("an item has neither title nor description")
    said += _address(item.findtext("link"))
    said += _date(item.findtext("pubDate"), RFC_822)
    guid = item.find("guid")
    if guid is None or not guid.text:
        said.append("an item has no guid")
    elif guid.get("isPermaLink", "true") == "true":
        said += _address(guid.text)
    for name in ("comments", f"{WFW}commentRss"):
        said += _address(item.findtext(name)) if item.find(name) is not None else []
    count = item.findtext(f"{SLASH}comments", "0")
    said += [] if count.isdecimal() else [f"“{count}” is no number of comments"]
    said += ["a category is empty" for one in item.findall("category") if not one.text]
    for file in item.findall("enclosure"):
        said += _file(file.get("url"), file.get("length"), file.get("type"))
    said += _markup(item.findtext("description", ""))
    return said + _markup(item.findtext(CONTENT, ""))


def _entry(entry, *, is_feed: bool) -> list[str]:
    said = [
        f"it has no {name}"
        for name in ("id", "title", "updated")
        if not entry.findtext(f"{ATOM}{name}")
    ]
    names = "id title updated published content summary icon logo subtitle".split()
    said += _once(entry, [f"{ATOM}{name}" for name in names])
    if not urlsplit(entry.findtext(f"{ATOM}id", "")).scheme:
        said.append("an id is no address")
    said += _date(entry.findtext(f"{ATOM}updated"), RFC_3339)
    links = entry.findall(f"{ATOM}link")
    said += _links(links)
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in links
        if link.get("rel", "alternate") == "alternate"
    ]
    said += (
        ["two links lead to the same"] if len(set(alternates)) < len(alternates) else []
    )
    if is_feed:
        return said
    if entry.find(f"{ATOM}content") is None and not alternates:
        said.append("an entry has neither content nor a link")
    for name in ("content", "summary"):
        text = entry.find(f"{ATOM}{name}")
        if text is not None and text.get("type") == "html":
            said += _markup(text.text or "")
    for answered in entry.findall(f"{THREAD}in-reply-to"):
        said += (
            [] if urlsplit(answered.get("ref", "")).scheme else ["it answers nothing"]
        )
    said += [
        "a category has no term"
        for one in entry.findall(f"{ATOM}category")
        if not one.get("term")
    ]
    return said


def _links(links) -> list[str]:
    said = []
    for link in links:
        relation = link.get("rel", "alternate")
        said += (
            [] if relation in RELATIONS else [f"nobody knows the relation {relation}"]
        )
        said += _address(link.get("href"))
        if relation == "enclosure":
            said += _file(link.get("href"), link.get("length"), link.get("type"))
    return said


def _image(channel) -> list[str]:
    image = channel.find("image")
    if image is None:
        return []
    said = _address(image.findtext("url"))
    for name in ("title", "link"):
        if image.findtext(name) != channel.findtext(name):
            said.append(f"the image has another {name} than the channel")
    if (
        int(image.findtext("width", "88")) > 144
        or int(image.findtext("height", "31")) > 400
    ):
        said.append("the image is larger than RSS allows")
    return said


def _once(element, names) -> list[str]:
    return [f"more than one {name}" for name in names if len(element.findall(name)) > 1]


def _unique(ids) -> list[str]:
    return [
        f"two have the id {one}" for one, count in Counter(ids).items() if count > 1
    ]


def _address(address) -> list[str]:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return [f"“{address}” is no address"]
    is_whole = parts.scheme in ("http", "https") and parts.netloc
    is_clean = (
        is_whole and address.isascii() and not re.search(r"[\s<>\"{}|\\^`]", address)
    )
    return [] if is_clean else [f"“{address}” is no whole address"]


def _date(text, form: re.Pattern) -> list[str]:
    if not (text and form.fullmatch(text)):
        return [f"“{text}” is no date"]
    try:
        parsedate_to_datetime(text) if form is RFC_822 else datetime.fromisoformat(text)
    except ValueError:
        return [f"“{text}” is no day there ever was"]
    return []


def _file(address, size, mime_type) -> list[str]:
    said = _address(address)
    said += [] if str(size).isdecimal() and int(size) else [f"a file has {size} bytes"]
    return said + (
        [] if MIME_TYPE.fullmatch(mime_type or "") else ["a file has no type"]
    )


def _markup(markup: str) -> list[str]:
    """What would need our page, or do something at the reader's."""
    reader = _Reader()
    reader.feed(markup)
    return reader.said


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in RISKY:
            self.said.append(f"<{tag}> is not for feeds")
        for name, value in attributes:
            if name.startswith("on") or name == "style":
                self.said.append(f"{name} is not for feeds")
            if name in ("href", "src") and not urlsplit(value or "").scheme:
                self.said.append(f"“{value}” is relative")
