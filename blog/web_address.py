"""One spelling for each address on the web, so that the same page is known again."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_HOST_LENGTH = 253
# Of an address or a path, in any column that holds one.
MAX_ADDRESS_LENGTH = 2000
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f\\]")


class NoAddress(ValueError):
    """It is no absolute http(s) address; the message says why, in a sentence."""


def normal(url: str) -> str:
    """`url` in ASCII, without a fragment, as any browser would ask for it.

    Host in lower case and in its IDNA form, without the port that goes without
    saying; what is not ASCII percent-encoded. Two addresses of one spelling are one
    page. Raises NoAddress.
    """
    parts = split(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise NoAddress(gettext("The address has to begin with http:// or https://."))
    if "@" in parts.netloc:
        raise NoAddress(gettext("There is a login in the address."))
    try:
        path, query = _encoded(parts.path or "/"), _encoded(parts.query)
    except UnicodeEncodeError:
        raise NoAddress(gettext("There is half a character in the address.")) from None
    return urlunsplit((parts.scheme, _place(parts), path, query, ""))


def split(url: str) -> SplitResult:
    """Its parts, with a port that is a number. Raises NoAddress."""
    # Asked first: what splits addresses drops some of these without a word.
    if _NOT_IN_ADDRESSES.search(url):
        raise NoAddress(
            gettext("There is a blank or a control character in the address.")
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise NoAddress(
            gettext("This is no address: %(error)s.") % {"error": error}
        ) from None
    return parts


def _place(parts: SplitResult) -> str:
    host = _host(parts.hostname or "")
    if parts.port in (None, DEFAULT_PORTS[parts.scheme]):
        return host
    return f"{host}:{parts.port}"


def _host(name: str) -> str:
    name = name.removesuffix(".")
    if ":" in name:
        return f"[{name}]"
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError:
            raise NoAddress(gettext("The address names no host that can be.")) from None
    if "" in name.split(".") or len(name) > MAX_HOST_LENGTH:
        raise NoAddress(gettext("The address names no host."))
    return name


def _encoded(text: str) -> str:
    """Percent-encoded where it has to be, each escape in upper case."""
    return _ESCAPE.sub(lambda escape: escape[0].upper(), iri_to_uri(text) or "")
