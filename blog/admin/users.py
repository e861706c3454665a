"""The people, and the one role each of them has."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import publishing
from blog.admin.link_rows import LinksField
from blog.language_input import LanguageChoice
from blog.models import User


class RoleMixin(forms.Form):
    """One role instead of groups. It decides who may enter the admin."""

    role = forms.ModelChoiceField(
        Group.objects.order_by("pk"),
        required=False,
        empty_label=_("Reader, without a role"),
        help_text=_("Each role may do what the one before it may, and more."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "role" in self.fields:
            self.initial["role"] = self.instance.groups.order_by("-pk").first()

    def give_role(self) -> None:
        user, role = self.instance, self.cleaned_data["role"]
        user.groups.set([role] if role else [])
        # A role that may do nothing, as Subscriber, has no business in the admin.
        may_enter = bool(role) and role.permissions.exists()
        if user.is_staff != (may_enter or user.is_superuser):
            user.is_staff = may_enter or user.is_superuser
            user.save(update_fields=["is_staff"])


class NewUserForm(RoleMixin, AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User


class UserForm(RoleMixin, UserChangeForm):
    language = LanguageChoice(
        label=_("Language"),
        empty=_("The blog’s"),
        help_text=_("Of the desk, and of mails to them."),
    )
    profiles = LinksField(
        label=_("Elsewhere"),
        parts=["name", "url"],
        help_text=_("Their pages on other sites: they link back by rel=me."),
    )


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    list_display = ["username", "display_name", "email", "role", "last_login"]
    list_filter = ["groups", "is_active"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    formfield_overrides = {
        models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}
    }
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (
            _("Shown to readers"),
            {"fields": ["display_name", "slug", "website", "bio", "profiles"]},
        ),
        (
            _("Account"),
            {
                "fields": [
                    "username",
                    "password",
                    "email",
                    "language",
                    "review_mails",
                    "role",
                    "is_active",
                ]
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "display_name", "role"]}),
        (_("Password"), {"fields": ["usable_password", "password1", "password2"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, user: User | None = None) -> list:
        fieldsets = super().get_fieldsets(request, user)
        if user and request.user.is_superuser:
            return [
                *fieldsets,
                (gettext("Above all roles"), {"fields": ["is_superuser"]}),
            ]
        return fieldsets

    def has_change_permission(self, request: HttpRequest, user: User | None = None):
        return super().has_change_permission(request, user) and _may_touch(
            request, user
        )

    def has_delete_permission(self, request: HttpRequest, user: User | None = None):
        return super().has_delete_permission(request, user) and _may_touch(
            request, user
        )

    def get_actions(self, request: HttpRequest) -> dict:
        """None: people are deleted one by one, each with a look at what goes too."""
        return {}

    def save_model(self, request: HttpRequest, user: User, form, change) -> None:
        publishing.save_user(user)

    def delete_model(self, request: HttpRequest, user: User) -> None:
        publishing.delete_user(user)

    def save_related(self, request: HttpRequest, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        form.give_role()

    @admin.display(description=_("role"))
    def role(self, user: User) -> str:
        if user.is_superuser:
            return gettext("Owner")
        return ", ".join(group.name for group in user.groups.all()) or gettext("Reader")


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Only a superuser has power over a superuser."""
    return user is None or request.user.is_superuser or not user.is_superuser
