"""The list of pages as a tree, and the buttons that move a page in it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import page_order
from blog.admin.writing import WritingAdmin
from blog.admin.writing_list import WritingList
from blog.models import Page
from blog.numbers import number_or_none
from blog.page_order import Way, Where

SAID = {
    Way.UP: _("“%(page)s” stands before its neighbour now."),
    Way.DOWN: _("“%(page)s” stands after its neighbour now."),
    Way.IN: _("“%(page)s” stands below “%(parent)s” now: %(url)s"),
    Way.OUT: _("“%(page)s” stands higher now: %(url)s"),
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

    change_list_template = "admin/blog/page/change_list.html"

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
        moved, said = self._moved(request, page)
        if moved is None:
            sentence = gettext(
                "“%(page)s” can't go there: there is nothing to go past."
            ) % {"page": page}
            self.message_user(request, sentence, messages.WARNING)
        else:
            names = {"page": moved, "parent": moved.parent}
            names["url"] = moved.get_absolute_url()
            self.message_user(request, said % names)
            self.log_change(request, moved, [{"changed": {"fields": ["Place"]}}])
        url = reverse("admin:blog_page_changelist")
        return HttpResponseRedirect(f"{url}#page-{pk}")

    def _moved(self, request: HttpRequest, page: Page) -> tuple[Page | None, str]:
        """A step by a button, or wherever it was dragged; and the sentence for it."""
        way, where = request.POST.get("move"), request.POST.get("where")
        target = number_or_none(request.POST.get("target", ""))
        if way in list(Way):
            return page_order.move(page, Way(way), request.user), SAID[Way(way)]
        if where in list(Where) and target is not None:
            moved = page_order.put(page, Where(where), target, request.user)
            if moved and moved.parent_id != page.parent_id:
                return moved, SAID[Way.IN] if moved.parent_id else SAID[Way.OUT]
            return moved, gettext("“%(page)s” stands where you put it now.")
        return None, ""

    @admin.display(description=_("place"))
    def place(self, page: Page) -> str:
        context = {"page": page, "level": page.path.count("/")}
        return render_to_string("admin/blog/page/_place.html", context)
