"""Feeds as feed readers and parsers of JSON read them, for the tests."""

import json

import feedparser
import pytest

from blog.models import SiteSettings

SITE = "https://blog.example"
XML_FEEDS = ("/feed/", "/feed/atom/")
FEEDS = (*XML_FEEDS, "/feed/json/")


@pytest.fixture
def blog_example(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False


def keep(**fields) -> None:
    site = SiteSettings.current()
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()


def parsed(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    headers = {"content-type": answer.headers["Content-Type"]}
    found = feedparser.parse(answer.content, response_headers=headers)
    assert not found.bozo, found.get("bozo_exception")
    return found


def as_json(client, address):
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/feed+json"
    return json.loads(answer.content)


def entries(client, address):
    """Title and content of each entry, whatever the format."""
    if "/json/" in address:
        return [
            (item["title"], item.get("content_html", item.get("content_text")))
            for item in as_json(client, address)["items"]
        ]
    return [
        (entry.title, entry.content[0].value if "content" in entry else "")
        for entry in parsed(client, address).entries
    ]


def titles(client, address):
    return [title for title, _ in entries(client, address)]
