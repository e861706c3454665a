"""What posts and pages have in common: who may do what, buttons, actions."""

from collections.abc import Iterable

from csp.constants import NONCE
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import publishing
from blog.admin import panel
from blog.admin.addressing import Addressing
from blog.admin.beside import BesidePreview
from blog.admin.bulk import THROW_AWAY
from blog.admin.bulk_edit import BulkEdit
from blog.admin.conflicts import Conflicts
from blog.admin.copy_pages import CopyPages
from blog.admin.embedding import Embedding
from blog.admin.history import History
from blog.admin.keeping_changes import KeptChanges
from blog.admin.locking import EditLocks
from blog.admin.media_input import ChoosesPictures
from blog.admin.previewing import PreviewLinks
from blog.admin.review_note import RETURN
from blog.admin.write_buttons import buttons_for
from blog.admin.write_form import BUTTON_STATUS, OUT_STATUSES
from blog.admin.writing_list import WritingLines
from blog.models import Post

Status = Post.Status

TEXT = (None, {"fields": ["title", "body"]})
# The one style the editor's library writes into the page.
EDITOR_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


class WritingAdmin(
    Conflicts,
    KeptChanges,
    BesidePreview,
    CopyPages,
    Embedding,
    ChoosesPictures,
    History,
    PreviewLinks,
    EditLocks,
    Addressing,
    WritingLines,
    BulkEdit,
):
    """The base of both their admins."""

    change_form_template = "admin/blog/write.html"
    change_list_template = "admin/blog/writing_list.html"
    delete_confirmation_template = "admin/blog/writing_delete.html"
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ["address"]
    # What stands beside the text: `panel.PUBLISH` and so on, in this order.
    sections: list[panel.Section] = []

    class Media:
        js = [
            Script("blog/admin/write/page.js", type="module"),
            Script("blog/admin/autosave.js", type="module"),
        ]

    # --- Who may do what

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        posts = super().get_queryset(request)
        if request.user.has_perm("blog.change_others_post"):
            return posts
        return posts.filter(author=request.user)

    def has_change_permission(self, request: HttpRequest, post: Post | None = None):
        if not super().has_change_permission(request, post):
            return False
        if post is None:
            return True
        user = request.user
        is_own = post.author_id == user.pk
        if not (is_own or user.has_perm("blog.change_others_post")):
            return False
        # What somebody else has published is no longer its writer's to change.
        return self.has_publish_permission(request) or post.status not in OUT_STATUSES

    def has_delete_permission(self, request: HttpRequest, post: Post | None = None):
        """For ever, and only out of the trash."""
        if not super().has_delete_permission(request, post):
            return False
        if post is None:
            return True
        is_thrown = post.status == Status.TRASH
        return is_thrown and self.has_change_permission(request, post)

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs, request: HttpRequest):
        """A post is named and what hangs below it counted; it all goes together."""
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        named = [entry for entry in deleted if not isinstance(entry, list)]
        return named, counts, set(), protected

    # --- The write page

    @admin.display(description=_("address"))
    def address(self, post: Post) -> str:
        if not post.pk:
            return gettext("It gets one when it is saved.")
        url = post.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, url)

    def view_on_site(self, post: Post) -> str:
        return post.get_absolute_url()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"author": request.user.pk} | super().get_changeform_initial_data(
            request
        )

    def get_form(self, request: HttpRequest, obj: Post | None = None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        known = {"user": request.user, "as_html": "html" in request.GET}
        return type(form.__name__, (form,), known)

    def get_fieldsets(self, request: HttpRequest, post: Post | None = None) -> list:
        """The named fieldsets, without what this person may not decide."""
        hidden = set()
        if not self.has_publish_permission(request):
            hidden |= {"visibility", "is_sticky", "password"}
            hidden |= {"featured_image", "social_image"}
        if not request.user.has_perm("blog.change_others_post"):
            hidden.add("author")
        if not self.has_review_note(request, post):
            hidden.add("review_note")
        if post is None or not post.date_is_estimated:
            hidden.add("date_is_estimated")
        return [
            (name, options | {"fields": kept})
            for name, options in panel.fieldsets(TEXT, self.sections)
            if (kept := [field for field in options["fields"] if field not in hidden])
        ]

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs):
        """Without the pencils and crosses beside a choice: one came to write."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        wrapper = getattr(field, "widget", None)
        if isinstance(wrapper, RelatedFieldWidgetWrapper):
            field.widget = wrapper.widget
        return field

    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        is_publishing = request.method == "POST" and "_publish" in request.POST
        if is_publishing and not self.has_publish_permission(request):
            raise PermissionDenied
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        if found := context["adminform"].form.meanwhile:
            return self.conflict_page(request, context["adminform"].form, found)
        post = kwargs.get("obj")
        may_publish = self.has_publish_permission(request)
        context["buttons"] = buttons_for(
            post,
            may_publish=may_publish,
            is_own=post is None or post.author_id == request.user.pk,
        )
        context["may_save"] = (
            self.has_change_permission(request, post)
            if post
            else self.has_add_permission(request)
        )
        context["state"] = self.state(post) if post else ""
        # The text is what the page is for; breadcrumbs lead away from it.
        context["is_nav_sidebar_enabled"] = False
        context["title"] = _title(self.model().kind, is_new=post is None)
        context["subtitle"] = None
        context["throw_away"] = THROW_AWAY
        form = context["adminform"].form
        # Said above the form, each with a link, instead of "the error below".
        context["faults"] = list(_faults(form))
        context["errors"] = None
        was_public_at = form.initial.get("published_at")
        context["was_scheduled"] = (
            post is not None
            and post.status == Status.PUBLISHED
            and was_public_at is not None
            and was_public_at > timezone.now()
        )
        has_editor = hasattr(context["media"], "with_nonce")
        if has_editor:
            context["media"] = context["media"].with_nonce(str(request.csp_nonce))
        response = super().render_change_form(request, context, *args, **kwargs)
        # Only now: the sections ask for what others put into the page.
        text, sections = panel.shown(self.sections, response.context_data)
        response.context_data |= {"text": text, "sections": sections}
        if has_editor:
            # For this page alone: its import map by nonce, its style by hash.
            response._csp_update = {
                "script-src": [NONCE],
                "style-src": [EDITOR_STYLE_HASH],
            }
        return response

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        same_kind = Post.objects.filter(kind=self.model().kind)
        if same_kind.filter(pk=_number(object_id)).exists():
            is_page = self.model().kind == Post.Kind.PAGE
            sentence = (
                gettext("That page belongs to somebody else.")
                if is_page
                else gettext("That post belongs to somebody else.")
            )
            self.message_user(request, sentence, messages.WARNING)
            name = f"admin:{opts.app_label}_{opts.model_name}_changelist"
            return HttpResponseRedirect(reverse(name))
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def save_model(self, request: HttpRequest, post: Post, form, change) -> None:
        if not change and "author" not in form.fields:
            post.author = request.user
        publishing.save_post(post, request.user, form.save_m2m)
        self.forget_working_copies(request, post)

    def save_related(self, request: HttpRequest, form, formsets, change) -> None:
        """Nothing more: categories and tags are stored with the post."""

    def delete_model(self, request: HttpRequest, post: Post) -> None:
        publishing.delete([post], request.user)

    def delete_queryset(self, request: HttpRequest, posts: QuerySet) -> None:
        publishing.delete(posts, request.user)

    def response_add(self, request: HttpRequest, post: Post, post_url_continue=None):
        return self._answer(request, post) or super().response_add(request, post)

    def response_change(self, request: HttpRequest, post: Post) -> HttpResponse:
        return self._answer(request, post) or super().response_change(request, post)

    def _answer(self, request: HttpRequest, post: Post) -> HttpResponse | None:
        """Stay where one writes, and say what became of it."""
        pressed = {"_save", *BUTTON_STATUS} & set(request.POST)
        if not pressed or "_popup" in request.POST:
            return None
        # drafts.js takes a success for the sign that all is stored.
        # A template, because blog's Python does not know of other blogs.
        context = {"post": post, "said": _what_happened(post, pressed)}
        said = render_to_string("admin/blog/_saved.html", context, request)
        self.message_user(request, said, messages.SUCCESS)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[post.pk]))


def _title(kind: str, *, is_new: bool) -> str:
    if kind == Post.Kind.PAGE:
        return gettext("Write a page") if is_new else gettext("Edit page")
    return gettext("Write a post") if is_new else gettext("Edit post")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


def _faults(form) -> Iterable[tuple[str, str, str]]:
    """Label, the id to go to and the sentence of each error of a form."""
    for name, errors in form.errors.items():
        field = None if name == NON_FIELD_ERRORS else form[name]
        label, id_ = (field.label, field.id_for_label) if field else ("", "")
        for sentence in errors:
            yield label, id_, sentence


def _what_happened(post: Post, pressed: set[str]) -> str:
    link = format_html('<a href="{}">{}</a>', post.get_absolute_url(), post.headline)
    if "_review" in pressed:
        return format_html(gettext("“{post}” is waiting for an editor now."), post=link)
    if RETURN in pressed:
        return format_html(
            gettext("“{post}” went back to its writer, with your note."), post=link
        )
    if post.status == Status.PRIVATE:
        return format_html(
            gettext("“{post}” is saved, for you and the editors alone."), post=link
        )
    if post.is_scheduled:
        date = date_format(timezone.localtime(post.published_at), "DATETIME_FORMAT")
        return format_html(
            gettext("“{post}” will appear on {date}."), post=link, date=date
        )
    if "_publish" in pressed:
        return format_html(gettext("“{post}” is published."), post=link)
    if post.is_public:
        return format_html(gettext("“{post}” is updated."), post=link)
    return format_html(gettext("“{post}” is saved as a draft."), post=link)
