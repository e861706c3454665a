"""What holds for the whole blog: its settings."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import icon_making
from blog.admin.link_rows import LinksField
from blog.admin.look import LookForm
from blog.admin.media_input import ChoosesPictures
from blog.language_input import LanguageChoice
from blog.models import SiteSettings

OTHER_BLOGS = _(
    "When a page links to another blog, the other one can be told of it, and name that "
    "page below its post. Such a word from blog to blog is a ping. There are three kinds, "
    "webmention, pingback and trackback, and this blog speaks them all."
)


class SiteSettingsForm(LookForm):
    class Meta:
        labels = {
            "require_name_email": _("Visitors give a name and an e-mail address"),
            "thread_depth": _("How deep answers are set in"),
            "held_words": _("Hold a comment with one of these words"),
            "disallowed_words": _(
                "Move a comment with one of these words to the trash"
            ),
            "takes_pings": _("Other blogs may say that they link here"),
            "sends_pings": _("Tell other blogs that a post links to them"),
            "pings_itself": _("Posts of this blog tell each other too"),
            "fold_pings": _("Fold what other blogs say away from the talk"),
        }
        help_texts = {
            "thread_depth": _(
                "1 to 10 levels. Deeper answers stand below one another."
            ),
            "disallowed_words": _("One word or phrase a line, looked for as above."),
            "proof_of_work": _(
                "A small sum that costs a person nothing and a robot a lot."
            ),
            "paginate_comments": _(
                "Off: all on one page, as long as there are no more "
                "than 200 besides the answers to them."
            ),
            "close_after_days": _(
                "Days after a post appeared. Empty: never. Pings close with them."
            ),
            "takes_pings": _(
                "By webmention, pingback and trackback. Each is shown once the "
                "page was fetched and the link found in it. Off: whatever a post says, "
                "nothing is taken."
            ),
            "pings_open_by_default": _(
                "Each post can be set otherwise where it is written."
            ),
            "hold_pings": _(
                "Nobody sees it until somebody approves it. Off: it is judged like a "
                "comment."
            ),
            "sends_pings": _(
                "When it is published, changed or taken back. What happens "
                "while this is off is not told afterwards, until the post changes again. Each "
                "post can be set otherwise; what was imported tells nobody."
            ),
            "pings_itself": _(
                "A link from one post to another stands below that one as a pingback."
            ),
            "fold_pings": _("Readers see how many there are, and open them."),
            "comments_per_page": _(
                "Answers are not counted: they stay with what they answer."
            ),
        }

    first_comment_page = forms.ChoiceField(
        label=_("The page shown first has"),
        choices=[
            ("newest", _("the newest comments")),
            ("oldest", _("the oldest comments")),
        ],
    )
    language = LanguageChoice(
        label=_("Language"),
        empty=_("As the blog was set up"),
        help_text=_(
            "What the blog says by itself, and how it writes dates. All readers see the "
            "same. Posts may be in any language, and say in which."
        ),
    )
    menu = LinksField(
        parts=["name", "url"],
        help_text=_("At the top of every page, in this order."),
    )
    blogroll = LinksField(
        parts=["name", "url", "description"],
        help_text=_("At the foot of every page: blogs you read."),
    )
    profiles = LinksField(
        label=_("Elsewhere"),
        parts=["name", "url"],
        help_text=_("Who writes here, on other sites: they link back by rel=me."),
    )


@admin.register(SiteSettings)
class SiteSettingsAdmin(ChoosesPictures, admin.ModelAdmin):
    """One row: there is no list of it, nothing to add and nothing to delete."""

    class Media:
        css = {"all": ["blog/admin/look.css"]}

    form = SiteSettingsForm
    fieldsets = [
        (
            _("Site"),
            {"fields": ["title", "tagline", "description", "language", "icon"]},
        ),
        (_("Look"), {"fields": ["theme", "accent", "logo", "cover"]}),
        (
            _("Reading"),
            {
                "fields": [
                    "posts_per_page",
                    "listing_style",
                    "feed_style",
                    "feed_items",
                    "shows_likes",
                    "hides_from_search",
                ]
            },
        ),
        (
            _("Discussion"),
            {
                "fields": [
                    "comments_open_by_default",
                    "require_name_email",
                    "registered_only",
                    "close_after_days",
                    "edit_minutes",
                ]
            },
        ),
        (
            _("Moderation"),
            {
                "fields": [
                    "hold_all",
                    "hold_first",
                    "hold_links",
                    "held_words",
                    "disallowed_words",
                    "spam_filter",
                    "proof_of_work",
                    "ip_retention_days",
                ]
            },
        ),
        (
            _("Other blogs"),
            {
                "fields": [
                    "takes_pings",
                    "pings_open_by_default",
                    "hold_pings",
                    "sends_pings",
                    "pings_itself",
                    "fold_pings",
                ],
                "description": OTHER_BLOGS,
            },
        ),
        (_("Mail"), {"fields": ["notify_author", "moderator_mail"]}),
        (
            _("Look of the conversation"),
            {
                "fields": [
                    "thread_depth",
                    "comment_order",
                    "paginate_comments",
                    "comments_per_page",
                    "first_comment_page",
                    "show_avatars",
                    "use_gravatar",
                ]
            },
        ),
        (_("Links"), {"fields": ["menu", "blogroll", "profiles"]}),
    ]

    def view_on_site(self, site: SiteSettings) -> str:
        return reverse("blog:home")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field=None):
        """The defaults where nothing was saved yet; looking at them saves nothing."""
        return SiteSettings.current() if object_id == "1" else None

    def get_fieldsets(self, request: HttpRequest, obj: object = None) -> list:
        """With what is not named here: no setting is out of reach."""
        named = {
            field for _name, options in self.fieldsets for field in options["fields"]
        }
        fields = [field for field in self.opts.fields if field.editable]
        more = [
            field.name
            for field in fields
            if field.name not in named and not field.primary_key
        ]
        return [
            *self.fieldsets,
            *([(gettext("More"), {"fields": more})] if more else []),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:blog_sitesettings_change", args=[1]))

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        context |= {"title": gettext("Site settings"), "subtitle": None}
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, site, form, change) -> None:
        super().save_model(request, site, form, change)
        icon_making.wanted(site)
        if site.icon and "icon" in form.changed_data:
            for sentence in icon_making.remarks(site.icon):
                messages.warning(request, sentence)

    def response_change(self, request: HttpRequest, obj: SiteSettings) -> HttpResponse:
        self.message_user(request, gettext("The settings are saved."))
        return HttpResponseRedirect(request.path)
