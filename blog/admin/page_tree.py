"""The list of pages as a tree, and the buttons that move a page in it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse

from blog import page_order
from blog.admin.writing import WritingAdmin, WritingList
from blog.models import Page
from blog.page_order import Way

SAID = {
    Way.UP: "“{page}” stands before its neighbour now.",
    Way.DOWN: "“{page}” stands after its neighbour now.",
    Way.IN: "“{page}” stands below “{page.parent}” now: {url}",
    Way.OUT: "“{page}” stands one level higher now: {url}",
}


class PageTree(WritingList):
    """Each page is followed by those below it, unless another order was asked for."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if ORDER_VAR in self.params:
            return
        rank = page_order.ranks()
        pks = sorted(self.queryset.values_list("pk", flat=True), key=rank.__getitem__)
        if self.multi_page and not self.show_all:
            pks = Paginator(pks, self.list_per_page).page(self.page_num).object_list
        found = self.queryset.in_bulk(pks)
        self.result_list = [found[pk] for pk in pks]
        # Among some of the pages nobody could tell what a step goes past.
        ways = page_order.ways() if not (self.params or self.query) else {}
        for page in self.result_list:
            may_change = self.model_admin.has_change_permission(request, page)
            page.ways = ways.get(page.pk, []) if may_change else []


class PageTreeAdmin(WritingAdmin):
    """What the list of pages has besides what posts have, too."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[PageTree]:
        return PageTree

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/move/", wrap(self.move), name="blog_page_move"),
            *super().get_urls(),
        ]

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = self.get_object(request, str(pk))
        if request.method != "POST" or not (
            page and self.has_change_permission(request, page)
        ):
            raise PermissionDenied
        way = request.POST.get("move")
        moved = (
            page_order.move(page, Way(way), request.user) if way in list(Way) else None
        )
        if moved is None:
            sentence = f"“{page}” can't go there: there is nothing to go past."
            self.message_user(request, sentence, messages.WARNING)
        else:
            url = moved.get_absolute_url()
            said = SAID[Way(way)].format(page=moved, url=url)
            self.message_user(request, said)
            self.log_change(request, moved, [{"changed": {"fields": ["Place"]}}])
        url = reverse("admin:blog_page_changelist")
        return HttpResponseRedirect(f"{url}#page-{pk}")

    @admin.display(description="place")
    def place(self, page: Page) -> str:
        return render_to_string("admin/blog/page/_place.html", {"page": page})
