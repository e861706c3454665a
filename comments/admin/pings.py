"""The pings of other blogs, and ours to them: what became of each."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string

from comments.admin.filters import PostFilter
from comments.admin.read_only import ReadOnlyAdmin
from comments.models import IncomingPing, OutgoingPing
from comments.pings import standing


class PingAdmin(ReadOnlyAdmin):
    """What both lists have in common."""

    list_display = ["page", "on_post", "protocol", "standing", "moment"]
    show_full_result_count = False

    class Media:
        css = {"all": ["comments/admin/pings.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("post")
        return rows.defer("post__body", "post__body_html")


@admin.register(OutgoingPing)
class OutgoingPingAdmin(PingAdmin):
    """Those of one's own posts; of every post for who may change every post."""

    seen_by = "blog.change_post"
    list_filter = ["state", "protocol", PostFilter]
    search_fields = ["target_url", "post__title"]
    search_help_text = "In addresses and titles of posts"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        pings = super().get_queryset(request)
        if request.user.has_perm("blog.change_others_post"):
            return pings
        return pings.filter(post__author=request.user)

    @admin.display(description="page", ordering="target_url")
    def page(self, ping: OutgoingPing) -> str:
        return _cell("address", url=ping.target_url)

    @admin.display(description="from")
    def on_post(self, ping: OutgoingPing) -> str:
        return _cell("post", ping=ping, post=ping.post)

    @admin.display(description="state", ordering="state")
    def standing(self, ping: OutgoingPing) -> str:
        return _cell("standing", ping=ping, sentence=standing.of_sent(ping))

    @admin.display(description="since", ordering="created_at")
    def moment(self, ping: OutgoingPing) -> str:
        return standing.date_of(ping.created_at)


@admin.register(IncomingPing)
class IncomingPingAdmin(PingAdmin):
    """For moderators, with the response each became."""

    seen_by = "comments.moderate_comment"
    list_display = ["page", "on_post", "kind", "standing", "moment"]
    list_filter = ["state", "kind", PostFilter]
    search_fields = ["source_url", "post__title", "ip_address"]
    search_help_text = "In addresses and titles of posts"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        pings = super().get_queryset(request).select_related("comment")
        return pings.defer("comment__body", "comment__body_html")

    @admin.display(description="page", ordering="source_url")
    def page(self, ping: IncomingPing) -> str:
        return _cell("address", url=ping.source_url)

    @admin.display(description="on")
    def on_post(self, ping: IncomingPing) -> str:
        return _cell("post", ping=ping, post=ping.post)

    @admin.display(description="state", ordering="state")
    def standing(self, ping: IncomingPing) -> str:
        return _cell("standing", ping=ping, sentence=standing.of_received(ping))

    @admin.display(description="last told", ordering="asked_at")
    def moment(self, ping: IncomingPing) -> str:
        return standing.date_of(ping.asked_at)


def _cell(name: str, **given: object) -> str:
    return render_to_string(f"admin/comments/ping/_{name}.html", given)
