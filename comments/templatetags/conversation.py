"""The conversation in templates. Each tag says what it costs."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest
from django.template.base import Template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from blog import fragments, late_pieces, markup, structured_data
from blog.addresses import fixed
from blog.models import Post, SiteSettings, User
from blog.numbers import number_or_none
from blog.prepared import Prepared, Slot
from comments import (
    avatars,
    drawing,
    likes,
    owning,
    script_words,
    talk_data,
    threads,
    told,
)
from comments.addresses import trackback_door, webmention_door, xmlrpc_door
from comments.forms import CommentForm
from comments.models import Comment
from comments.policy import REGISTERED_ONLY, why_closed, why_pings_closed
from comments.thread_pages import NoSuchPage

register = template.Library()
register.simple_tag(script_words.of_folding, name="folding_words")
register.simple_tag(script_words.of_form, name="form_words")

RECENT_COUNT = 5
# Its fields with all they hold; roughly.
BYTES_OF_FORM = 30_000


@register.inclusion_tag("comments/_section.html", takes_context=True)
def comment_section(context: Context, post: Post) -> dict[str, Any]:
    """The thread below `post`, its pings, and the form. Four queries at most.

    More only where one comment is looked for: `?replytocom=12` puts the form under
    comment 12, as in WordPress; `?own=…` shows visitors their own comment, held or
    not, and lets them change it a while. `thread` in the context is a page that was read already;
    `comment_form` is a form that came back with errors.
    """
    return _section(context, post)


@register.filter
def likes_in_words(count: int) -> str:
    """`3 bloggers like this`."""
    if count == 0:
        return ""
    if count == 1:
        return gettext("One blogger likes this")
    words = ngettext(
        "%(count)s blogger likes this", "%(count)s bloggers like this", count
    )
    return words % {"count": count}


@register.simple_tag(takes_context=True)
def drawn_talk(context: Context) -> SafeString:
    """The responses of a page, each by `_response.html`. No query.

    The form stands below the one it answers, and what its writer may do with it below
    the visitor's own.
    """
    below: dict[int, dict[str, SafeString]] = {}
    own, answered = context["own"], context["reply_to"]
    if own:
        below[own.pk] = {"own_links": _drawn(context, "comments/_own_links.html")}
    if answered and not context["closed"]:
        form = _drawn(context, "comments/_form.html")
        below.setdefault(answered.pk, {})["form"] = form
    teller = told.Teller(below, takes_answers=not context["closed"])
    things = map(teller.of_response, context["thread"].talk)
    template = _template(context, "comments/_response.html")
    drawn = drawing.draw(template, "response", things)
    return late_pieces.put(context["request"], drawn)


@register.simple_tag(takes_context=True)
def drawn_pings(context: Context) -> SafeString:
    """The pings that stand alone, each by `_ping.html`. No query."""
    teller = told.Teller({}, takes_answers=False)
    things = map(teller.of_ping, context["thread"].elsewhere)
    drawn = drawing.draw(_template(context, "comments/_ping.html"), "ping", things)
    return late_pieces.put(context["request"], drawn)


def _drawn(context: Context, name: str) -> SafeString:
    return _template(context, name).render(context)


def _template(context: Context, name: str) -> Template:
    """The theme's own, where it has one."""
    return context.template.engine.get_template(name)  # type: ignore[union-attr]


def _section(context: Context, post: Post) -> dict[str, Any]:
    """What the conversation's section shows; read once for a page, head and body."""
    request = context["request"]
    remembered = getattr(request, "_conversation", None)
    if remembered is None or remembered["post"] is not post:
        remembered = request._conversation = _read_section(context, post)
    return remembered


def _likes(request: HttpRequest, post: Post) -> likes.Likes:
    """Read once for a page, head and body."""
    remembered = getattr(request, "_likes", None)
    if remembered is None:
        remembered = likes.of(post, SiteSettings.of(request))
        request._likes = remembered  # type: ignore[attr-defined]
    return remembered


def _read_section(context: Context, post: Post) -> dict[str, Any]:
    request = context["request"]
    site = SiteSettings.of(request)
    user = getattr(request, "user", None)
    form = context.get("comment_form") or _empty_form(request, site, user)
    answered_pk = _answered_pk(request, form)
    token = request.GET.get("own", "")
    own_pk = owning.read(token)
    thread = context.get("thread") or _read_thread(request, post, answered_pk, own_pk)
    closed = why_closed(post, site, user)
    answered = thread.find(answered_pk)
    reply_to = answered if answered and answered.can_be_replied_to else None
    return {
        # For what is kept of the form.
        "request": request,
        "post": post,
        "site": site,
        "thread": thread,
        "form": form,
        "reply_to": reply_to,
        # As it is for whoever is not logged in, and has typed and answered nothing.
        "is_fresh": not (form.user or form.is_bound or form.initial or reply_to),
        "closed": closed,
        "user": form.user,
        "login_helps": closed == REGISTERED_ONLY,
        "unseen_note": _unseen_note(thread, own_pk),
        "own": _own(thread, own_pk, token, site),
        "takes_pings": not why_pings_closed(post, site),
    }


@register.inclusion_tag("comments/_likes.html", takes_context=True)
def post_likes(context: Context, post: Post) -> dict[str, Any]:
    """Who likes `post`, and the button to do so, or the way to log in. One query.

    Another for a reader who is logged in; two where more like it than are named.
    """
    request = context["request"]
    if not (SiteSettings.of(request).shows_likes and post.is_public):
        return {}
    user = getattr(request, "user", None)
    reader = user if user is not None and user.is_authenticated else None
    return {
        "post": post,
        "likes": _likes(request, post),
        "is_reader": reader is not None,
        "is_liked": reader is not None and likes.has_liked(post, reader),
    }


@register.simple_tag(takes_context=True)
def talked_of_as_data(context: Context, post: Post) -> SafeString:
    """A public post as JSON-LD, with the first comments of its page and its likes.

    No query of its own: what it reads, the page shows as well.
    """
    request = context["request"]
    site = SiteSettings.of(request)
    said = structured_data.of_post(post, site)
    if not said:
        return SafeString("")
    if post.has_conversation:
        said |= talk_data.of_talk(_section(context, post)["thread"])
    if site.shows_likes:
        said |= talk_data.of_likes(_likes(request, post).count)
    return markup.data_block(structured_data.as_text(said))


@register.inclusion_tag("comments/_ping_offers.html", takes_context=True)
def ping_offers(context: Context, post: Post) -> dict[str, str]:
    """Where other blogs tell of a link to `post`, for the head. No query of its own."""
    if why_pings_closed(post, SiteSettings.of(context["request"])):
        return {}
    return {"pingback": xmlrpc_door(), "webmention": webmention_door()}


@register.inclusion_tag("comments/_trackback_offer.html")
def trackback_offer(post: Post) -> dict[str, str]:
    """Where trackbacks to `post` go, as TrackBack 1.2 has it. No query."""
    return {
        "title": post.headline,
        "permalink": settings.SITE_URL + post.get_absolute_url(),
        "trackback": trackback_door(post),
    }


@register.filter
def in_comment(value: str) -> SafeString:
    """As an XML attribute inside an HTML comment, which any two hyphens could end."""
    return markup.trusted(escape(value).replace("--", "&#45;&#45;"))


@register.simple_tag
def tell_address(post: Post) -> str:
    """Where somebody types the address of a page that links to `post`."""
    target = urlencode({"target": settings.SITE_URL + post.get_absolute_url()})
    return f"{fixed('comments:webmention')}?{target}"


@register.simple_tag
def recent_comments() -> list[Comment]:
    """The newest public comments with their posts. One query."""
    return _RECENT.objects(now=timezone.now())


def _recent() -> QuerySet:
    return (
        Comment.objects.public(Slot("now", DateTimeField()))
        .filter(kind=Comment.Kind.COMMENT)
        .select_related("post", "author")
        .defer("body", "post__body", "post__body_html")
        .order_by("-created_at", "-pk")[:RECENT_COUNT]
    )


_RECENT = Prepared(_recent)


@register.filter
def responses_in_words(count: int) -> str:
    """`No responses yet`, `One response`, `4 responses`."""
    if count == 0:
        return gettext("No responses yet")
    if count == 1:
        return gettext("One response")
    # Another sentence than for one: many languages say 21 as they say one.
    words = ngettext("%(count)s response", "%(count)s responses", count)
    return words % {"count": count}


@register.simple_tag
def responses_title(post: Post) -> str:
    """`4 Responses to “Talks”`. No query."""
    count, title = post.comment_count, post.headline
    if count == 0:
        return gettext("No responses yet")
    if count == 1:
        return gettext("One Response to “%(title)s”") % {"title": title}
    words = ngettext(
        "%(count)s Response to “%(title)s”", "%(count)s Responses to “%(title)s”", count
    )
    return words % {"count": count, "title": title}


@register.filter
def pings_in_words(count: int) -> str:
    """`12 pages link here`."""
    return ngettext("%(count)s page links here", "%(count)s pages link here", count) % {
        "count": count
    }


@register.filter
def more_pings_in_words(count: int) -> str:
    """`12 more pages link here`."""
    words = ngettext(
        "%(count)s more page links here", "%(count)s more pages link here", count
    )
    return words % {"count": count}


def _unseen_note(thread: threads.Thread, own_pk: int | None) -> str:
    """What its writer is told of a comment that is stored, but not for showing.

    What a rule took away says what a held one would: who writes spam learns nothing.
    One query, where there is such a comment.
    """
    if own_pk is None or thread.find(own_pk) is not None:
        return ""
    comment = Comment.objects.only("reasons").filter(pk=own_pk).first()
    if comment is None or comment.reasons == [owning.WITHDRAWN]:
        return gettext("Your comment is not here any more.")
    return gettext("Your comment has arrived. If it is approved, it will stand here.")


def _empty_form(request: HttpRequest, site: SiteSettings, user: Any) -> CommentForm:
    """Of all who are not logged in the same one, which nobody writes into."""
    if user is not None and user.is_authenticated:
        return CommentForm(site=site, user=user)
    kept = fragments.of(request)
    form: CommentForm | None = kept.get(CommentForm)
    if form is None:
        form = CommentForm(site=site)
        kept.keep(CommentForm, form, size=BYTES_OF_FORM)
    return form


def _own(
    thread: threads.Thread, pk: int | None, token: str, site: SiteSettings
) -> owning.Own | None:
    """The visitor's own comment, if they still may change it."""
    response = thread.find(pk)
    if response is None or not response.is_visible:
        return None
    until = owning.editable_until(response.row.created_at, site)
    return owning.Own(response.pk, token, until) if until else None


def _answered_pk(request: HttpRequest, form: CommentForm) -> int | None:
    """The comment the form is about to answer."""
    asked = request.GET.get("replytocom", "")
    return number_or_none(str(form["parent"].value() or asked))


def _read_thread(
    request: HttpRequest, post: Post, answered_pk: int | None, own_pk: int | None
) -> threads.Thread:
    """What the address asks for; what it can't have is as if not asked for."""

    def number(name: str) -> int | None:
        return number_or_none(request.GET.get(name, ""))

    wish = threads.Wish(
        page=number("cpage"),
        shown_pk=answered_pk,
        own_pk=own_pk,
        root_pk=number("thread"),
        after=number("after") or 0,
        pings_after=number("elsewhere") or 0,
    )
    site, kept = SiteSettings.of(request), fragments.of(request)
    try:
        return threads.read_thread(post, site, wish, kept)
    except NoSuchPage:
        return threads.read_thread(post, site, kept=kept)


@register.simple_tag(takes_context=True)
def avatar_of(context: Context, person: User) -> str:
    """The address of the picture beside a person's name; empty where none are shown.

    The one beside what they say under posts. No query.
    """
    site = context["site"]
    if not site.show_avatars:
        return ""
    key = avatars.key_of(person.email, person.public_name)
    return avatars.url_of(key, may_be_photo=site.use_gravatar)
