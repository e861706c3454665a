"""In which language what is said to whom: the blog's, a person's, a post's own.

Readers get the blog's language, every one of them: what browsers ask for is not looked
at, so a public page is the same for everybody. At the desk each has their own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import translation
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from blog.models import SiteSettings, User

Work = TypeVar("Work", bound=Callable[..., Any])

# The shape of a tag of BCP 47 (RFC 5646, 2.1): a language, perhaps a script, a region,
# variants, extensions. Whether its parts are registered is not asked. Of languages, two
# letters or three: longer ones are for times to come.
is_tag = RegexValidator(
    r"\A[a-zA-Z]{2,3}(?:-[a-zA-Z]{3}){0,3}(?:-[a-zA-Z]{4})?"
    r"(?:-(?:[a-zA-Z]{2}|\d{3}))?(?:-(?:[a-zA-Z0-9]{5,8}|\d[a-zA-Z0-9]{3}))*"
    r"(?:-[a-wyzA-WYZ0-9](?:-[a-zA-Z0-9]{2,8})+)*(?:-x(?:-[a-zA-Z0-9]{1,8})+)?\Z",
    _("A language is written as de, pt-BR or ar: “%(value)s” is none."),
)
# What is written from right to left: scripts, and languages by the script they have
# where none is named.
_RTL_SCRIPTS = frozenset("adlm arab hebr mand nkoo rohg samr syrc thaa".split())
_RTL_LANGUAGES = frozenset(
    "ar arc ckb dv fa he ks ku-iq nqo pnb ps rhg sd syr ug ur yi".split()
)

# The blog's language, as far as whoever works just now knows it already.
_known: ContextVar[str] = ContextVar("blogs_language", default="")


def wordless(view: Work) -> Work:
    """Marks a view that says nothing to people: nobody asks for the blog's language."""
    view.is_wordless = True  # type: ignore[attr-defined]
    return view


def of_site(site: "SiteSettings") -> str:
    """The blog's: as the keeper chose it, else as the blog was set up."""
    is_there = site.language in dict(settings.LANGUAGES)
    return site.language if is_there else settings.LANGUAGE_CODE


def of_blog() -> str:
    """The blog's, where no settings are at hand. One query, unless it is known."""
    # Imported here: what posts are called and say is derived in this language.
    from blog.models import SiteSettings

    return _known.get() or of_site(SiteSettings.current())


def of_user(user: "User | None", site: "SiteSettings") -> str:
    """Theirs, where they chose one; else the blog's, as for whoever has no account."""
    if user is not None and user.language in dict(settings.LANGUAGES):
        return user.language
    return of_site(site)


@contextmanager
def blogs(language: str) -> Iterator[None]:
    """The blog's language is on, and known to all that is done meanwhile."""
    token = _known.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _known.reset(token)


def in_the_blogs(work: Work) -> Work:
    """Decorates what is done after a request: it speaks the blog's language."""

    @wraps(work)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        with blogs(of_blog()):
            return work(*args, **kwargs)

    return spoken  # type: ignore[return-value]


@contextmanager
def written_in(tag: str) -> Iterator[bool]:
    """What is said now goes into a text of the language `tag`; whether there are words.

    English where there is no translation into it.
    """
    code = translated_as(tag)
    with translation.override(code or "en"):
        yield bool(code)


def translated_as(tag: str) -> str:
    """The translation for a text of the language `tag`; empty where there is none."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    parts = tag.lower().replace("_", "-").split("-")
    for end in range(len(parts), 0, -1):
        if code := known.get("-".join(parts[:end])):
            return code
    return ""


def is_rtl(tag: str) -> bool:
    """Whether a language is written from right to left: by its script, if it says one."""
    language, *rest = tag.lower().split("-")
    for part in rest:
        if len(part) == 1:  # an extension begins
            break
        if len(part) == 4 and part.isalpha():
            return part in _RTL_SCRIPTS
    return (
        language in _RTL_LANGUAGES or "-".join([language, *rest[:1]]) in _RTL_LANGUAGES
    )


def direction(tag: str) -> str:
    """For `dir=`."""
    return "rtl" if is_rtl(tag) else "ltr"


def normal(typed: str) -> str:
    """A tag as RFC 5646, 2.1.1 would have it: pt-BR, zh-Hant. Raises ValidationError."""
    tag = typed.strip().replace("_", "-")
    if not tag:
        return ""
    try:
        is_tag(tag)
    except ValidationError:
        raise ValidationError(str(is_tag.message) % {"value": typed}) from None
    language, *rest = tag.lower().split("-")
    plain = next((i for i, part in enumerate(rest) if len(part) == 1), len(rest))
    return "-".join([language, *map(_cased, rest[:plain]), *rest[plain:]])


def _cased(part: str) -> str:
    """A script or a region as it is written; before any extension."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part
