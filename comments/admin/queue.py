"""The queue: what was said, what waits, and what becomes of it."""

import re
from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.search.desk import SearchedByWords
from comments import posting
from comments.admin import filters
from comments.admin_views import context, judging, replying, ruling
from comments.models import Comment, Rule

State = Comment.State

_ADDRESS = re.compile("[0-9a-f.:]+", re.IGNORECASE)


class Queue(ChangeList):
    """A page of rows in the order that was asked for, each with its context."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list:
        asked = request.GET.get(filters.OrderFilter.parameter_name, "")
        order: list[str | OrderBy] = filters.ORDERS.get(
            asked, filters.ORDERS[filters.NEWEST]
        )[1]
        return list(order)

    def get_results(self, request: HttpRequest) -> None:
        """As Django has it, but a page that is gone shows the last there is."""
        # By keys alone: the texts of skipped rows are never read.
        narrow = self.queryset.select_related(None).values_list("pk", flat=True)
        if self.query or any(map(filters.reads_all, self.filter_specs)):
            # No index helps here, so it is read once for counting and cutting both.
            narrow = list(narrow)
        paginator = Paginator(narrow, self.list_per_page)
        page = paginator.get_page(self.page_num)
        pks = list(page.object_list)
        found = self.model_admin.get_queryset(request).in_bulk(pks)
        self.page_num = page.number
        self.paginator = paginator
        self.result_count = paginator.count
        self.result_list = [found[pk] for pk in pks]
        self.rows = context.rows(self.result_list)
        self.multi_page = paginator.num_pages > 1
        self.can_show_all = self.show_full_result_count = False
        self.full_result_count = None
        self.show_admin_actions = bool(pks)


class CommentForm(forms.ModelForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.fields["body"].widget = forms.Textarea(
                attrs={"rows": 10, "class": "prose"}
            )


@admin.register(Comment)
class CommentAdmin(SearchedByWords, admin.ModelAdmin):
    form = CommentForm
    list_display = ["__str__"]
    list_display_links = None
    list_filter = [
        filters.StateFilter,
        filters.KindFilter,
        filters.ReasonFilter,
        filters.LinksFilter,
        filters.OrderFilter,
        filters.PostFilter,
        filters.WriterFilter,
        filters.AccountFilter,
        filters.AddressFilter,
    ]
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    search_source = "comment"
    actions = [
        "approve",
        "mark_as_spam",
        "move_to_trash",
        "hold",
        "trust_writers",
        "block_addresses",
        "block_domains",
    ]
    readonly_fields = [
        "post",
        "parent",
        "kind",
        "why",
        "decided",
        "sender",
        "shown_date",
    ]
    fieldsets = [
        (None, {"fields": ["body"], "classes": ["paper"]}),
        (_("Writer"), {"fields": ["author_name", "author_email", "author_url"]}),
        (_("Standing"), {"fields": ["state", "why", "decided"]}),
        (_("Place"), {"fields": ["post", "parent", "kind", "shown_date", "sender"]}),
    ]

    formfield_overrides = {
        models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}
    }

    class Media:
        css = {"all": ["comments/admin/queue.css"]}

    # --- Who may do what

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody: moderation deletes nothing."""
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    # --- The list

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).with_context()
        return rows.select_related("parent__author").defer(
            "post__body", "post__body_html", "parent__body", "body"
        )

    def get_object(self, request: HttpRequest, object_id, from_field=None):
        """The form shows the text as it was written."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.refresh_from_db(fields=["body"])
        return found

    def found_exactly(self, text: str) -> Q | None:
        """A mail address or the beginning of an IP address: no words of a comment."""
        if "@" in text:
            return Q(author_email__icontains=text)
        is_address = bool(_ADDRESS.fullmatch(text)) and set(text) & {".", ":"}
        return Q(ip_address__startswith=text) if is_address else None

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return Queue

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        seen = judging.now_seen()
        response = super().changelist_view(request, extra_context)
        given = getattr(response, "context_data", None) or {}
        if "cl" in given:
            specs = given["cl"].filter_specs
            given["tabs"] = list(_tabs(given["cl"]))
            given["choosers"] = filters.choosers(specs)
            given["narrowings"] = filters.narrowings(specs)
            # An empty queue is good news, an empty search is not.
            given["is_narrowed"] = bool(set(request.GET) - {"state", "order", "p"})
            given["is_narrowed"] |= request.GET.get("state") not in {None, "pending"}
            given["title"] = gettext("Comments")
            given["seen"] = seen
        return response

    # --- Judging

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge_all(request, comments, State.APPROVED)

    @admin.action(description=_("Mark as spam"), permissions=["moderate"])
    def mark_as_spam(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge_all(request, comments, State.SPAM)

    @admin.action(description=_("Move to the trash"), permissions=["moderate"])
    def move_to_trash(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge_all(request, comments, State.TRASH)

    @admin.action(description=_("Back to held"), permissions=["moderate"])
    def hold(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge_all(request, comments, State.PENDING)

    @admin.action(description=_("Always trust these writers"), permissions=["moderate"])
    def trust_writers(self, request: HttpRequest, comments: QuerySet) -> HttpResponse:
        return ruling.ask(request, Rule.Action.TRUST, Rule.Trait.EMAIL, comments)

    @admin.action(description=_("Block these IP addresses"), permissions=["moderate"])
    def block_addresses(self, request: HttpRequest, comments: QuerySet) -> HttpResponse:
        return ruling.ask(request, Rule.Action.BLOCK, Rule.Trait.ADDRESS, comments)

    @admin.action(description=_("Block these domains"), permissions=["moderate"])
    def block_domains(self, request: HttpRequest, comments: QuerySet) -> HttpResponse:
        return ruling.ask(request, Rule.Action.BLOCK, Rule.Trait.DOMAIN, comments)

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        own = [
            path("undo/", wrap(judging.undo), name="comments_comment_undo"),
            path("rule/", wrap(ruling.rule), name="comments_comment_rule"),
            path(
                "<int:pk>/reply/", wrap(replying.reply), name="comments_comment_reply"
            ),
        ]
        own += [
            path(
                f"<int:pk>/{verb}/",
                wrap(judging.judge_one),
                {"state": state},
                name=f"comments_comment_{verb}",
            )
            for verb, state in judging.VERBS.items()
        ]
        return own + super().get_urls()

    # --- Editing

    @admin.display(description=_("why"))
    def why(self, comment: Comment) -> str:
        return format_html_join(
            "", "<p>{}</p>", ((text,) for text in comment.told_reasons)
        )

    @admin.display(description=_("decided"))
    def decided(self, comment: Comment) -> str:
        """Who moved it and when, the latest first. Two queries."""
        decisions = comment.decisions.select_related("moderator")
        standing = set(decisions.standing().values_list("pk", flat=True))
        return _cell("decided", comment, decisions=decisions, standing=standing)

    @admin.display(description=_("date"))
    def shown_date(self, comment: Comment) -> str:
        return _cell("date", comment)

    @admin.display(description=_("sent from"))
    def sender(self, comment: Comment) -> str:
        return _cell("sender", comment)

    def view_on_site(self, comment: Comment) -> str:
        return comment.get_absolute_url()

    def get_fieldsets(self, request: HttpRequest, obj: Comment | None = None) -> list:
        if obj is None or not obj.is_ping:
            return self.fieldsets
        ping = (
            gettext("Page that links here"),
            {"fields": ["source_url", "source_title", "source_site"]},
        )
        return [self.fieldsets[0], ping, *self.fieldsets[1:]]

    def save_model(self, request: HttpRequest, comment: Comment, form, change) -> None:
        """Texts are stored here, the state by the one function that counts."""
        wanted = comment.state
        texts = [name for name in form.changed_data if name != "state"]
        Comment.objects.lock_trees([comment.tree_id])
        if texts:
            comment.edited_at = timezone.now()
            derived = ["body_html", "text_key", "edited_at"]
            comment.save(update_fields=[*texts, *derived])
        if "state" in form.changed_data:
            stored = Comment.objects.get(pk=comment.pk)
            reason = judging.reason_for(wanted, request.user)
            posting.decide([stored], wanted, reason, by=request.user)


def _cell(name: str, comment: Comment, **more: object) -> str:
    template = f"admin/comments/comment/_{name}.html"
    return render_to_string(template, {"comment": comment, **more})


def _tabs(queue: ChangeList) -> Iterable[dict[str, object]]:
    """What the tabs above the list show. One query."""
    counts = Comment.objects.all().state_counts()
    counts[filters.ALL] = sum(counts.values())
    shown = [
        spec for spec in queue.filter_specs if isinstance(spec, filters.StateFilter)
    ]
    for state, label in [*filters.TABS, (filters.ALL, gettext("All"))]:
        yield {
            "label": label,
            "state": state,
            "count": counts[state],
            "url": queue.get_query_string({"state": state}, ["p"]),
            "is_current": state == shown[0].state,
        }
