"""The rules that are there: who is trusted and what is blocked."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Rule
from comments.rules import normalised


class RuleForm(forms.ModelForm):
    class Meta:
        labels = {"action": _("What to do"), "trait": _("What it looks at")}
        help_texts = {"value": _("Capitals make no difference.")}

    def clean(self) -> dict:
        """The value as rules are looked up by."""
        cleaned = super().clean() or {}
        if "trait" in cleaned and cleaned.get("value"):
            try:
                cleaned["value"] = normalised(cleaned["trait"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


class TraitFilter(admin.ChoicesFieldListFilter):
    """Django would head it with the field's label, which reads on after the action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext("what it looks at")


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    form = RuleForm
    list_display = ["value", "trait", "action", "created_by", "created_at"]
    list_display_links = None
    list_filter = ["action", ("trait", TraitFilter)]
    list_select_related = ["created_by"]
    search_fields = ["value"]
    ordering = ["-created_at"]

    def _may_moderate(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_moderate(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may_moderate(request)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self._may_moderate(request)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self._may_moderate(request)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody: another rule is another row, with its own maker and date."""
        return False

    def save_model(self, request: HttpRequest, rule: Rule, form, change) -> None:
        rule.created_by = request.user
        super().save_model(request, rule, form, change)
