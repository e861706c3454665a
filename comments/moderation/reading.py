"""What the checks and the filter read of a comment: its text, whom it links to."""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from blog import html_text
from comments.moderation.classifier import Sample

# In what our own sanitiser wrote: values stand in double quotes, attributes in any
# order, and a title may hold a bracket.
_HREF = re.compile(r'<a(?: (?!href=)[\w-]+="[^"]*")* href="([^"]*)"')


class Source(NamedTuple):
    """The page a ping tells of; empty for a comment."""

    url: str = ""
    title: str = ""
    site: str = ""


NO_SOURCE = Source()


def sample_of(
    rendered: str, name: str, url: str, email: str, source: Source = NO_SOURCE
) -> Sample:
    """What the filter reads of a comment as served and of what its writer said.

    A ping's title and site are its words as well, and its page is its website: what
    it calls its author's is a link like others.
    """
    said = [source.title, source.site, html_text.text_of(rendered)]
    page = domain_of(source.url)
    linked = (*_linked_domains(rendered), *([domain_of(url)] if page else []))
    return Sample(
        text="\n".join(filter(None, said)),
        name=name,
        link_domains=tuple(filter(None, linked)),
        site_domain=page or domain_of(url),
        email_domain=email.rpartition("@")[2].lower(),
    )


def domain_of(url: str) -> str:
    """`example.org` of `https://www.Example.org/page`; empty where there is none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").strip(".")


def domains_of(sample: Sample) -> set[str]:
    """Every domain it names, and those above: a rule about one covers what is below."""
    named = {*sample.link_domains, sample.site_domain, sample.email_domain} - {""}
    return {domain for name in named for domain in _upwards(name)}


def _linked_domains(rendered: str) -> Iterator[str]:
    for address in _HREF.findall(rendered):
        if domain := domain_of(html.unescape(address)):
            yield domain


def _upwards(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])
