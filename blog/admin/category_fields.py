"""The field for categories that forms ask for by number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from blog.numbers import number_or_none


class CategoriesField(forms.ModelMultipleChoiceField):
    """Refuses in words what can be no category's number: databases raise on it."""

    def clean(self, value: Any) -> Any:
        for number in value or []:
            if number_or_none(str(number)) is None:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": number},
                )
        return super().clean(value)
