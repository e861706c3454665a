"""What search engines and other machines ask for."""

from itertools import chain

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from blog import fragments, stretches, xml_text
from blog.models import SiteSettings
from blog.sitemaps import MAX_ADDRESSES, SECTIONS, Section, document

XML = "application/xml; charset=utf-8"
OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"
MAX_SHORT_NAME = 16  # by the specification
_LIST = "list of sitemaps"
# A link that holds a secret, or a form's address, is nothing to be found by.
KEPT_OUT = [
    "/admin/",
    "/accounts/",
    "/preview/",
    "/unlock/",
    "/*?replytocom=",
    "/search/suggest/",
]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots are asked to leave alone, and where the sitemap is.

    A blog that search engines are to stay away from is not closed here: who may
    not fetch a page never reads on it that it is not to be listed.
    """
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT)]
    if not SiteSettings.of(request).hides_from_search:
        lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Everything in one file, or where that is too much, the list of the files."""
    _refuse_if_hidden(request)
    kept = fragments.of(request)
    text = kept.get(_LIST)
    if text is None:
        counted = stretches.of(request)
        sections = {name: section(counted) for name, section in SECTIONS.items()}
        if sum(one.count() for one in sections.values()) <= MAX_ADDRESSES:
            return _of_text(_whole(sections))
        context = {"parts": _parts(sections)}
        text = render_to_string("sitemaps/index.xml", context, request)
        kept.keep(_LIST, text)
    return _of_text(text)


@require_safe
@conditional_page
def sitemap_part(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """One file of a section; 404 where there is none."""
    _refuse_if_hidden(request)
    if section not in SECTIONS:
        raise Http404("There is no such sitemap.")
    kept, key = fragments.of(request), ("sitemap", section, number)
    text = kept.get(key)
    if text is None:
        asked = SECTIONS[section](stretches.of(request))
        items = asked.part(number) if number else []
        if not items:
            raise Http404("There is no such sitemap.")
        text = document(asked.entries(items))
        if asked.is_kept:
            kept.keep(key, text)
    return _of_text(text)


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches this blog from its own address bar.

    https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
    """
    context = {
        "short_name": SiteSettings.of(request).title[:MAX_SHORT_NAME].strip(),
        "home": settings.SITE_URL,
    }
    response = _xml(request, "opensearch.xml", context)
    response["Content-Type"] = OPENSEARCH
    return response


@require_safe
@conditional_page
def rsd(request: HttpRequest) -> HttpResponse:
    """Really Simple Discovery 1.0: what desktop clients may write with. There is nothing.

    What other blogs call at, pingback and webmention, each post says itself.
    """
    response = _xml(request, "rsd.xml", {})
    response["Content-Type"] = "application/rsd+xml; charset=utf-8"
    return response


def _refuse_if_hidden(request: HttpRequest) -> None:
    if SiteSettings.of(request).hides_from_search:
        raise Http404("This blog is not to be found by search engines.")


def _whole(sections: dict[str, Section]) -> str:
    every = (section.entries(section.items()) for section in sections.values())
    return document(chain.from_iterable(every))


def _parts(sections: dict[str, Section]) -> list[str]:
    return [
        reverse("sitemap_part", args=[name, number])
        for name, section in sections.items()
        for number in section.files()
    ]


def _xml(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    return _of_text(render_to_string(template, context, request))


def _of_text(text: str) -> HttpResponse:
    response = HttpResponse(xml_text.allowed(text), content_type=XML)
    # The file itself is no page to be listed.
    response["X-Robots-Tag"] = "noindex"
    return response
