"""Files of the old blog: which are still to come, which are missing and why."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.images import UploadRefused
from blog.models import OldFile, Post
from blog.transfer import arriving, fetching

State = OldFile.State
NOT_HERE = (State.WAITING, State.MISSING)
MAX_TEXTS_NAMED = 20
_AGAIN = ngettext_lazy(
    "%(count)d file will be fetched again in a moment.",
    "%(count)d files will be fetched again, one after the other.",
    "count",
)
_GIVEN_UP = ngettext_lazy(
    "%(count)d file stays where it lies: texts show it from there.",
    "%(count)d files stay where they lie: texts show them from there.",
    "count",
)


class OldFileForm(forms.ModelForm):
    """The file itself, where somebody has it."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "If you have it: it takes the place of the one the old blog does not give, "
            "in every text that shows it."
        ),
    )
    upload: images.Upload | None = None

    def clean_file(self):
        sent = self.cleaned_data["file"]
        data = sent.read(images.MAX_UPLOAD_BYTES + 1)
        try:
            self.upload = arriving.examined(self.instance, data)
        except UploadRefused as refusal:
            raise ValidationError(str(refusal)) from None
        return sent


class Shown(admin.SimpleListFilter):
    """What has come is out of sight until it is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin) -> list:
        return State.choices

    def choices(self, changelist):
        first, *rest = super().choices(changelist)
        return [first | {"display": _("not here")}, *rest]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        state = self.value()
        return rows.filter(state=state) if state else rows.filter(state__in=NOT_HERE)


@admin.register(OldFile)
class OldFileAdmin(admin.ModelAdmin):
    """Written by the move; who may change what others wrote decides what is done."""

    form = OldFileForm
    list_display = ["name", "standing", "text_count", "next_try_at"]
    list_select_related = ["media"]
    list_filter = [Shown]
    list_per_page = 50
    search_fields = ["name", "url", "reason"]
    actions = ["fetch_again", "give_up"]
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(text_count=Count("uses"))

    def get_fields(self, request: HttpRequest, row: OldFile | None = None) -> list:
        known = ["there", "standing", "texts"]
        return known if row is None or row.media_id else [*known, "file"]

    def get_readonly_fields(self, request: HttpRequest, row: OldFile | None = None):
        return ["there", "standing", "texts"]

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        row = kwargs.get("obj")
        context["show_save"] = row is not None and row.media_id is None
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, row: OldFile, form, change) -> None:
        row.uploaded_by = row.uploaded_by or request.user
        arriving.keep(row, form.upload)

    @admin.display(description=_("in texts"), ordering="text_count")
    def text_count(self, row: OldFile) -> str:
        words = gettext("in texts")
        return format_html(
            '{} <span class="on-phones">{}</span>', row.text_count, words
        )

    @admin.display(description=_("old address"))
    def there(self, row: OldFile) -> str:
        return format_html(
            '<a href="{}" rel="noreferrer nofollow">{}</a>', row.url, row.url
        )

    @admin.display(description=_("state"), ordering="state")
    def standing(self, row: OldFile) -> str:
        if row.media_id:
            url = reverse("admin:blog_media_change", args=[row.media_id])
            return format_html('<a href="{}">{}</a>', url, row.media.name)
        label = str(State(row.state).label)
        return f"{label}: {row.reason}" if row.reason else label

    @admin.display(description=_("in texts"))
    def texts(self, row: OldFile) -> str:
        """Those that wait for it, with a way to each."""
        posts = Post.objects.filter(old_file_uses__file=row).order_by("pk")
        named = [
            (reverse(f"admin:blog_{post.kind}_change", args=[post.pk]), post.headline)
            for post in posts[:MAX_TEXTS_NAMED]
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', named) or "–"

    @admin.action(description=_("Fetch again"))
    def fetch_again(self, request: HttpRequest, rows: QuerySet) -> None:
        self.message_user(request, _AGAIN % {"count": fetching.again(rows)})

    @admin.action(description=_("Leave where they lie"))
    def give_up(self, request: HttpRequest, rows: QuerySet) -> None:
        self.message_user(request, _GIVEN_UP % {"count": fetching.give_up(rows)})

    def response_change(self, request: HttpRequest, row: OldFile):
        sentence = gettext("“%(file)s” is here, and in the texts that waited for it.")
        messages.success(request, sentence % {"file": row.name})
        return self.response_post_save_change(request, row)

    # --- Who

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Without a query: every page of the desk asks."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, row=None) -> bool:
        user = request.user
        return user.has_perm("blog.change_others_post") and user.has_perm(
            "blog.add_media"
        )

    def has_change_permission(self, request: HttpRequest, row=None) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row=None) -> bool:
        return False
