"""The queue: what was said, what waits, and what becomes of it."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join

from blog import markup
from blog.models import Post
from comments import posting
from comments.admin_views import judging, replying
from comments.models import Comment

State = Comment.State
# In the order of the tabs, with the words on them.
TABS = [
    (State.PENDING, "Held"),
    (State.APPROVED, "Approved"),
    (State.SPAM, "Spam"),
    (State.TRASH, "Trash"),
]
ALL = "all"
EXCERPT_WORDS = 40


class StateFilter(admin.SimpleListFilter):
    """Shown as tabs above the list. Without one: the held, if there are any."""

    title = "state"
    parameter_name = "state"
    template = "admin/comments/comment/_nothing.html"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        return [*TABS, (ALL, "All")]

    def chosen(self, queryset: QuerySet) -> str:
        if self.value() in dict(self.lookup_choices):
            return self.value()
        return State.PENDING if queryset.pending().exists() else ALL

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        self.state = self.chosen(queryset)
        return queryset if self.state == ALL else queryset.filter(state=self.state)


class PostFilter(admin.SimpleListFilter):
    """Appears only where the list was opened for one post."""

    title = "post"
    parameter_name = "post"

    def lookups(self, request: HttpRequest, model_admin: object) -> list:
        asked = self.used_parameters.get(self.parameter_name, "")
        if not asked.isdecimal():
            return []
        return [(str(post.pk), post.headline) for post in Post.objects.filter(pk=asked)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(post=self.value()) if self.value() else queryset


class Queue(ChangeList):
    """Newest first, without the long texts a list does not show."""

    def get_queryset(self, request: HttpRequest, **kwargs) -> QuerySet:
        queryset = super().get_queryset(request, **kwargs)
        return queryset.defer(
            "post__body", "post__body_html", "parent__body", "parent__body_html"
        )


class CommentForm(forms.ModelForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.fields["body"].widget = forms.Textarea(
                attrs={"rows": 10, "class": "prose"}
            )


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    form = CommentForm
    list_display = ["said", "in_answer_to", "standing", "shown_date", "verbs"]
    list_display_links = None
    list_filter = [StateFilter, "kind", PostFilter]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-created_at", "-pk"]
    search_fields = ["author_name", "author_email", "body", "ip_address"]
    search_help_text = "In names, e-mail addresses, texts and IP addresses"
    actions = ["approve", "mark_as_spam", "move_to_trash"]
    readonly_fields = ["post", "parent", "kind", "why", "sender", "shown_date"]
    fieldsets = [
        (None, {"fields": ["body"], "classes": ["paper"]}),
        ("Writer", {"fields": ["author_name", "author_email", "author_url"]}),
        ("Standing", {"fields": ["state", "why"]}),
        ("Place", {"fields": ["post", "parent", "kind", "shown_date", "sender"]}),
    ]

    formfield_overrides = {
        models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}
    }

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
        return rows.select_related(
            "post", "post__author", "author", "parent", "parent__author"
        )

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return Queue

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            context["tabs"] = list(_tabs(context["cl"]))
            context["narrowings"] = list(_narrowings(context["cl"]))
            context["title"] = "Comments"
        return response

    @admin.display(description="comment")
    def said(self, comment: Comment) -> str:
        excerpt = markup.first_words(comment.body_html, EXCERPT_WORDS, " …")
        return _cell("said", comment, excerpt=excerpt)

    @admin.display(description="in answer to")
    def in_answer_to(self, comment: Comment) -> str:
        return _cell("in_answer_to", comment)

    @admin.display(description="state", ordering="state")
    def standing(self, comment: Comment) -> str:
        return _cell("standing", comment, reasons=_reasons(comment))

    @admin.display(description="date", ordering="created_at")
    def shown_date(self, comment: Comment) -> str:
        return _cell("date", comment)

    @admin.display(description="")
    def verbs(self, comment: Comment) -> str:
        return _cell("verbs", comment)

    # --- Judging

    @admin.action(description="Approve", permissions=["moderate"])
    def approve(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge(request, comments, State.APPROVED)

    @admin.action(description="Mark as spam", permissions=["moderate"])
    def mark_as_spam(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge(request, comments, State.SPAM)

    @admin.action(description="Move to the trash", permissions=["moderate"])
    def move_to_trash(self, request: HttpRequest, comments: QuerySet) -> None:
        judging.judge(request, comments, State.TRASH)

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        own = [
            path("undo/", wrap(judging.undo), name="comments_comment_undo"),
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

    @admin.display(description="why")
    def why(self, comment: Comment) -> str:
        return format_html_join("", "<p>{}</p>", ((text,) for text in comment.reasons))

    @admin.display(description="sent from")
    def sender(self, comment: Comment) -> str:
        return _cell("sender", comment)

    def view_on_site(self, comment: Comment) -> str:
        return comment.get_absolute_url()

    def get_fieldsets(self, request: HttpRequest, obj: Comment | None = None) -> list:
        if obj is None or not obj.is_ping:
            return self.fieldsets
        ping = (
            "Page that links here",
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
            comment.save(update_fields=[*texts, "body_html", "edited_at"])
        if "state" in form.changed_data:
            stored = Comment.objects.get(pk=comment.pk)
            reason = judging.reason_for(wanted, request.user)
            posting.decide([stored], wanted, reason, by=request.user)


def _reasons(comment: Comment) -> list[str]:
    """Why it stands as it does, without the word that stands above them."""
    label = comment.get_state_display()
    told = [reason.removeprefix(f"{label}: ") for reason in comment.reasons]
    return [reason for reason in told if reason != label]


def _cell(name: str, comment: Comment, **more: object) -> str:
    template = f"admin/comments/comment/_{name}.html"
    return render_to_string(template, {"comment": comment, **more})


def _narrowings(queue: ChangeList) -> Iterable[list[dict]]:
    """The other filters, each a line of links below the tabs."""
    for spec in queue.filter_specs:
        if not isinstance(spec, StateFilter):
            yield list(spec.choices(queue))


def _tabs(queue: ChangeList) -> Iterable[dict[str, object]]:
    """What the tabs above the list show. One query."""
    counts = dict(Comment.objects.order_by().values_list("state").annotate(Count("pk")))
    counts[ALL] = sum(counts.values())
    shown = [spec for spec in queue.filter_specs if isinstance(spec, StateFilter)]
    current = shown[0].state
    for state, label in [*TABS, (ALL, "All")]:
        yield {
            "label": label,
            "count": counts.get(state, 0),
            "url": queue.get_query_string({"state": state}, ["p"]),
            "is_current": state == current,
        }
