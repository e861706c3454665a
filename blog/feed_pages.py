"""What a feed shows to who opens it in a browser: elements of XHTML among its own.

Browsers style XML by CSS, but follow no link in it unless it is one of XHTML. XSLT,
which made pages of feeds, is on its way out of all of them. Programs get none of this.
"""

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.templatetags.static import static
from django.utils.feedgenerator import Stylesheet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi, gettext
from django.utils.xmlutils import SimplerXMLGenerator

XHTML = "http://www.w3.org/1999/xhtml"


def stylesheets(handler: SimplerXMLGenerator, sheet: str) -> None:
    """Before the document's first element: the blog's own, and what makes it a page."""
    for address in (sheet, static("blog/css/feed.css")):
        link = Stylesheet(address, mimetype="text/css")
        handler.processingInstruction("xml-stylesheet", str(link))


def head(handler: SimplerXMLGenerator, feed: dict[str, Any]) -> None:
    """What this address is for, and the way to the page."""
    attributes = {"xmlns": XHTML, "lang": feed["language"], "dir": _direction()}
    handler.startElement("header", AttributesImpl(attributes))
    handler.addQuickElement("title", feed["title"])
    viewport = "width=device-width, initial-scale=1"
    handler.addQuickElement("meta", None, {"name": "viewport", "content": viewport})
    handler.addQuickElement("h1", feed["title"], {"dir": "auto"})
    if feed["subtitle"]:
        handler.addQuickElement(
            "p", feed["subtitle"], {"class": "feed-about", "dir": "auto"}
        )
    sentence = gettext(
        "This is a feed. Give its address to a feed reader, and that will tell you when "
        "there is something new here."
    )
    handler.addQuickElement("p", sentence)
    # An address is read from the left, wherever what surrounds it is not.
    address = {"class": "feed-address", "dir": "ltr"}
    handler.addQuickElement("p", feed["feed_url"], address)
    _link(handler, "p", gettext("To the page itself"), feed["link"])
    handler.endElement("header")


def entry(handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
    attributes = {"xmlns": XHTML, "dir": _direction()}
    if item["language"]:
        attributes["lang"] = item["language"]
    handler.startElement("article", AttributesImpl(attributes))
    _link(handler, "h2", item["title"], item["link"])
    day = date_format(localtime(item["pubdate"]), "DATE_FORMAT")
    byline = " · ".join(filter(None, (day, item["author_name"])))
    handler.addQuickElement("p", byline, {"class": "feed-byline"})
    handler.addQuickElement("p", item["summary"], {"dir": "auto"})
    handler.endElement("article")


def _direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


def _link(handler: SimplerXMLGenerator, around: str, words: str, address: str) -> None:
    handler.startElement(around, AttributesImpl({"dir": "auto"}))
    handler.addQuickElement("a", words, {"href": address})
    handler.endElement(around)
