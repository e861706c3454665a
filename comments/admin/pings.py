"""The pings of other blogs, and ours to them: what became of each."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog import permalinks
from blog.admin.read_only import ReadOnlyAdmin
from comments import tasks
from comments.admin.filters import PostFilter
from comments.admin_views import pinging
from comments.models import IncomingPing, OutgoingPing
from comments.pings import standing


class OfPostFilter(PostFilter):
    title = _("post")


class PingAdmin(ReadOnlyAdmin):
    """What both lists have in common."""

    change_list_template = "admin/comments/ping/change_list.html"
    # What stands where no row is.
    nothing: str
    list_display = ["page", "on_post", "protocol", "standing", "moment"]
    empty_value_display = ""

    class Media:
        css = {"all": ["comments/admin/pings.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("post")
        return rows.defer("post__body", "post__body_html")

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        more = {"nothing": self.nothing} | (extra_context or {})
        return super().changelist_view(request, more)


@admin.register(OutgoingPing)
class OutgoingPingAdmin(PingAdmin):
    """Those of one's own posts; of every post for who may change every post."""

    seen_by = "blog.change_post"
    nothing = _(
        "Nobody was told yet. The pages a post links to stand here when it is out."
    )
    list_filter = ["state", "protocol", OfPostFilter]
    actions = ["ping_again"]
    search_fields = ["target_url", "post__title"]
    search_help_text = _("In addresses and titles of posts")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        pings = super().get_queryset(request)
        if request.user.has_perm("blog.change_others_post"):
            return pings
        return pings.filter(post__author=request.user)

    def has_ping_permission(self, request: HttpRequest) -> bool:
        """What somebody else has published is no longer its writer's to announce."""
        return request.user.has_perm("blog.publish_post")

    @admin.action(description=_("Ping again"), permissions=["ping"])
    def ping_again(self, request: HttpRequest, pings: QuerySet) -> None:
        messages.info(request, pinging.tell_again(pings))

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        name = "comments_outgoingping"
        own = [
            path("of/<int:post_pk>/", wrap(pinging.beside), name=f"{name}_beside"),
            path("of/<int:post_pk>/again/", wrap(pinging.again), name=f"{name}_again"),
        ]
        return own + super().get_urls()

    @admin.display(description=_("page"), ordering="target_url")
    def page(self, ping: OutgoingPing) -> str:
        return _cell("address", url=ping.target_url)

    @admin.display(description=_("from"))
    def on_post(self, ping: OutgoingPing) -> str:
        return _cell("post", ping=ping, post=ping.post)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, ping: OutgoingPing) -> str:
        return _cell("standing", ping=ping, sentence=standing.of_sent(ping))

    @admin.display(description=_("since"), ordering="created_at")
    def moment(self, ping: OutgoingPing) -> str:
        return standing.date_of(ping.created_at)


@admin.register(IncomingPing)
class IncomingPingAdmin(PingAdmin):
    """For moderators, with the response each became."""

    seen_by = "comments.moderate_comment"
    nothing = _("No blog has said yet that it links here.")
    list_display = ["page", "on_post", "kind", "standing", "moment"]
    list_filter = ["state", "kind", OfPostFilter]
    actions = ["verify_again"]
    search_fields = ["source_url", "post__title", "ip_address"]
    search_help_text = _("In addresses and titles of posts")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        pings = super().get_queryset(request).select_related("comment")
        return pings.defer("comment__body", "comment__body_html")

    @admin.action(description=_("Verify again"))
    def verify_again(self, request: HttpRequest, pings: QuerySet) -> None:
        # A post of this blog is never asked for: its link is followed when it changes.
        rows = pings.order_by().values_list("pk", "source_url")
        pks = [pk for pk, url in rows if not permalinks.is_ours(url)]
        asked, now = IncomingPing.objects.filter(pk__in=pks), timezone.now()
        waiting = IncomingPing.State.WAITING
        # Somebody may be at one that waits: that stays theirs.
        count = asked.filter(state=waiting).update(due_at=now)
        count += asked.exclude(state=waiting).update(
            state=waiting, due_at=now, attempts=0, claimed_by="", claimed_at=None
        )
        for pk in pks:
            tasks.verify_ping.enqueue(pk)
        words = ngettext(
            "%(count)s page is looked at again.",
            "%(count)s pages are looked at again.",
            count,
        )
        messages.success(request, words % {"count": count})

    @admin.display(description=_("page"), ordering="source_url")
    def page(self, ping: IncomingPing) -> str:
        return _cell("address", url=ping.source_url)

    @admin.display(description=_("on"))
    def on_post(self, ping: IncomingPing) -> str:
        return _cell("post", ping=ping, post=ping.post)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, ping: IncomingPing) -> str:
        return _cell("standing", ping=ping, sentence=standing.of_received(ping))

    @admin.display(description=_("last told"), ordering="asked_at")
    def moment(self, ping: IncomingPing) -> str:
        return standing.date_of(ping.asked_at)


def _cell(name: str, **given: object) -> str:
    return render_to_string(f"admin/comments/ping/_{name}.html", given)
