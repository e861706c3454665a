"""Posts and pages: what their lists and their forms show."""

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from blog.admin import panel
from blog.admin.filters import (
    AuthorFilter,
    CategoryFilter,
    DateFilter,
    StateFilter,
    TagFilter,
)
from blog.admin.link_choices import link_choices
from blog.admin.markdown_paste import markdown
from blog.admin.page_tree import PageTreeAdmin
from blog.admin.write_form import PageForm, PostForm
from blog.admin.writing import WritingAdmin
from blog.models import Category, Page, Post, SiteSettings
from blog.models.post_dates import LAST_DATE
from blog.search.desk import SearchedByWords


@admin.register(Post)
class PostAdmin(SearchedByWords, WritingAdmin):
    form = PostForm
    list_display = [
        "shown_title",
        "state",
        "author",
        "filed_in",
        "conversation",
        "shown_date",
    ]
    list_filter = [
        StateFilter,
        DateFilter,
        CategoryFilter,
        AuthorFilter,
        TagFilter,
    ]
    list_select_related = ["author", "review_by"]
    search_source = "post"
    search_help_text = _("In titles, texts and tags")
    ordering = [LAST_DATE.desc(), "-pk"]
    sections = [
        panel.REVIEW,
        panel.PUBLISH,
        panel.CATEGORIES,
        panel.TAGS,
        panel.PICTURE,
        panel.EXCERPT,
        panel.ADDRESS,
        panel.DISCUSSION,
        panel.ELSEWHERE,
        panel.PREVIEW,
        panel.TOLD,
    ]

    def get_urls(self) -> list:
        asked = {"link-choices": link_choices, "markdown": markdown}
        own = [
            path(
                f"{name}/",
                self.admin_site.admin_view(view),
                name=f"blog_{view.__name__}",
            )
            for name, view in asked.items()
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        in_order = Prefetch("categories", Category.objects.in_tree_order())
        return super().get_queryset(request).posts().prefetch_related(in_order)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        site = SiteSettings.current()
        return {
            "comments_open": site.comments_open_by_default,
            "pings_open": site.pings_open_by_default,
        } | super().get_changeform_initial_data(request)

    @admin.display(description=_("categories"), empty_value="")
    def filed_in(self, post: Post) -> str:
        return ", ".join(category.name for category in post.categories.all())


@admin.register(Page)
class PageAdmin(PageTreeAdmin):
    form = PageForm
    list_display = ["shown_title", "state", "shown_path", "place", "shown_date"]
    list_filter = [StateFilter]
    list_select_related = ["author", "review_by"]
    search_fields = ["title", "body", "path"]
    ordering = ["path"]
    sections = [
        panel.REVIEW,
        panel.PUBLISH,
        panel.PLACE,
        panel.PICTURE,
        panel.EXCERPT,
        panel.ADDRESS,
        panel.DISCUSSION,
        panel.ELSEWHERE,
        panel.PREVIEW,
        panel.TOLD,
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        closed = {"comments_open": False, "pings_open": False}
        return closed | super().get_changeform_initial_data(request)

    @admin.display(description=_("title"), ordering="path")
    def shown_title(self, page: Page) -> str:
        depth = min(page.path.count("/"), 9)
        return format_html('<span class="level-{}">{}</span>', depth, page.headline)

    @admin.display(description=_("address"), ordering="path")
    def shown_path(self, page: Page) -> str:
        return f"/{page.path}/"
