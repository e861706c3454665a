"""The form posts and pages are written in."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField

from blog import languages, page_paths
from blog.admin import addressing, body
from blog.admin.address_lines import AddressLinesField
from blog.admin.category_fields import CategoriesField
from blog.admin.conflict_form import ConflictForm
from blog.admin.media_input import desk_attributes
from blog.admin.review_note import RETURN, ReviewNote
from blog.admin.unsaved_form import UnsavedForm
from blog.admin.visibility import ChoosesVisibility, VisibilityField
from blog.admin.widgets import CategoryTree, LocalDateTimeInput, TagInput
from blog.language_input import TagInput as LanguageInput
from blog.models import Category, Page, Post, User
from blog.slugs import MAX_TAG_LENGTH

Status = Post.Status
# The buttons that say what becomes of it; "_save" leaves its state alone.
BUTTON_STATUS = {
    "_publish": Status.PUBLISHED,
    "_draft": Status.DRAFT,
    "_review": Status.PENDING,
    RETURN: Status.DRAFT,
}
PINGS_HELP = _("Other blogs may announce links to this post.")
SENDS_HELP = _(
    "When it is published, changed or taken back: by webmention or pingback."
)
IMPORTED_HELP = _(
    "Off because it was imported: the pages it links to were told long ago."
)
# How the guid of what was written here begins: `new_guid` makes them.
OWN_GUID = "urn:uuid:"
OUT_STATUSES = frozenset([Status.PUBLISHED, Status.PRIVATE])


class CategoryChoice(CategoriesField):
    widget = CategoryTree


class PageChoice(forms.ModelChoiceField):
    """Pages by their place, indented."""

    def label_from_instance(self, page: Page) -> str:
        return "\u2003" * page.path.count("/") + page.headline


class WriteForm(ConflictForm, ReviewNote, ChoosesVisibility, UnsavedForm):
    """What posts and pages have in common. `user` is set by the admin."""

    user: User

    body = body.BodyField(label=_("Text"), required=False)
    published_at = forms.DateTimeField(
        required=False,
        widget=LocalDateTimeInput,
        help_text=_("Empty: the moment it is published. A date to come schedules it."),
    )
    visibility = VisibilityField()
    trackback_urls = AddressLinesField(
        label=_("Send trackbacks to"),
        required=False,
        help_text=_("One address a line, for blogs that can’t be told any other way."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.choose_body_widget()
            self.fields["body"].widget.attrs |= desk_attributes(self.user)
        if "pings_open" in self.fields:
            self.fields["pings_open"].help_text = PINGS_HELP
        if "sends_pings" in self.fields:
            self.fields["sends_pings"].help_text = _sends_help(self.instance)
        if "published_at" in self.fields:
            zone = timezone.get_current_timezone_name()
            self.fields["published_at"].label = gettext("Date and time (%(zone)s)") % {
                "zone": zone
            }
        if was := self.initial.get("published_at"):
            self.initial["published_at"] = was.replace(second=0, microsecond=0)
        if "title" in self.fields:
            # It grows with the title; a line break in it is a space.
            self.fields["title"].widget = forms.Textarea(
                attrs={"rows": 1, "placeholder": gettext("Title"), "dir": "auto"}
            )
        if "excerpt" in self.fields:
            self.fields["excerpt"].widget.attrs |= {"rows": 4, "dir": "auto"}
        if "language" in self.fields:
            self.fields["language"].widget = LanguageInput(
                attrs={"maxlength": 35, "autocomplete": "off", "spellcheck": "false"}
            )
        if "author" in self.fields:
            writers = Q(is_staff=True) | Q(pk=self.instance.author_id)
            self.fields["author"].queryset = User.objects.filter(writers)

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].splitlines())

    def clean_language(self) -> str:
        # What was imported may be in no language there is; it stays until it is changed.
        typed = self.cleaned_data["language"]
        return languages.normal(typed) if "language" in self.changed_data else typed

    def clean_excerpt(self) -> str:
        return body.with_plain_breaks(self.cleaned_data["excerpt"])

    def clean_body(self) -> str:
        source = self.cleaned_data["body"]
        if "body" not in self.changed_data:
            return self.instance.body
        if self.is_html_source:
            source = body.with_paragraphs(source)
        if not body.may_write_html(self.user):
            body.check_markup(source, self.instance.body)
        return body.with_schemes(source)

    def clean_published_at(self):
        """The field has minutes; what it was to the microsecond stays so."""
        date = self.cleaned_data["published_at"]
        return addressing.to_the_moment(date, self.instance.published_at)

    def has_asked_for_status(self) -> bool:
        return any(button in self.data for button in BUTTON_STATUS)

    def wanted_status(self) -> str:
        """The status asked for by the button that was pressed."""
        pressed = (
            status for button, status in BUTTON_STATUS.items() if button in self.data
        )
        status = next(pressed, self.instance.status)
        return self.out_status(status) if status in OUT_STATUSES else status

    def _post_clean(self) -> None:
        slug = self.instance.slug
        super()._post_clean()
        if self.errors and not self.instance.slug:
            # Shown again, the page links to the post where it is.
            self.instance.slug = slug
        status = self.wanted_status() if not self.errors else self.instance.status
        try:
            self.check_address(status)
        except ValidationError as error:
            self.add_error("slug" if "slug" in self.fields else None, error)
        if not self.errors:
            # Only now: a form that is shown again speaks of the stored state.
            self.instance.status = status

    def check_address(self, status: str) -> None:
        """Raise ValidationError where the address is another one's already."""
        post = self.instance
        date = post.published_at
        if date is None and status == Status.PUBLISHED:
            date = timezone.now()
        post.published_on = post.day_of(date)
        if fault := addressing.fault_of(post, self.user):
            raise ValidationError(fault)


def _sends_help(post: Post) -> str:
    is_imported = bool(post.pk) and not post.guid.startswith(OWN_GUID)
    return IMPORTED_HELP if is_imported and not post.sends_pings else SENDS_HELP


class PostForm(WriteForm):
    categories = CategoryChoice(
        Category.objects.in_tree_order(), required=False, label=_("Categories")
    )
    tags = TagField(
        required=False, widget=TagInput, help_text=_("Words, separated by commas.")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "categories" in self.fields:
            may_add = self.user.has_perm("blog.add_category")
            self.fields["categories"].widget.may_add = may_add

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        for tag in tags:
            if len(tag) > MAX_TAG_LENGTH:
                raise ValidationError(
                    gettext(
                        "“%(tag)s…” is too long: "
                        "a tag has at most %(limit)s characters."
                    )
                    % {"tag": tag[:20], "limit": MAX_TAG_LENGTH}
                )
        return tags


class PageForm(WriteForm):
    parent = PageChoice(
        Page.objects.order_by("path"),
        required=False,
        label=_("Below"),
        empty_label=_("(at the top)"),
        help_text=_("The page it stands under; its address begins with that page's."),
    )

    def _post_clean(self) -> None:
        # What is checked of the tree of pages holds until this one is stored.
        page_paths.lock()
        super()._post_clean()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "parent" in self.fields:
            # Not under itself, and not under what stands below it.
            below = Q(path__startswith=f"{self.instance.path}/") | Q(
                pk=self.instance.pk
            )
            self.fields["parent"].queryset = Page.objects.exclude(below).order_by(
                "path"
            )
