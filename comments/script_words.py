"""What the scripts of the conversation say, for the markup: JSON, once in a language.

Those of the form are in English themselves: an English page carries none of theirs.
"""

import json
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

# A number of each form that a language may have.
PLURALS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
OF_THE_FORM = (
    _("Sending …"),
    _("Escape puts the form back below all comments."),
    _("The form is below all comments again; what you typed is still in it."),
    _("What you wrote here before is back."),
    _("Your comment may not have been sent. What you wrote is here; send it again."),
    _("Discard it"),
    _(
        "You are offline. What you wrote is kept in this browser; "
        "send it when you are connected again."
    ),
    _("You are connected again."),
    _("What you wrote is still here."),
    _("The preview could not be made just now. What you wrote is safe."),
    _("One moment: your browser is solving a small puzzle. Then your comment is sent."),
    _("Your browser is solving a small puzzle: %s % tried."),
    _("The puzzle is solved: you can send your comment now."),
    _(
        "Your browser can’t solve the puzzle here. "
        "Send your comment all the same: somebody looks at it first."
    ),
)


def of_folding() -> str:
    """What the buttons that fold answers away say.

    In each form the language has for a number, by the name Intl.PluralRules has for
    it, where it is not the usual one.
    """
    return _of_folding(get_language() or "en")


def of_form() -> str:
    """What the scripts of the form say, by their English; nothing in English."""
    return _of_form(get_language() or "en")


@cache
def _of_folding(language: str) -> str:
    hide, show = {}, {}
    for form, sample in PLURALS.items():
        hide[form] = ngettext("Hide %s answer", "Hide %s answers", sample)
        show[form] = ngettext("Show %s answer", "Show %s answers", sample)
    words: dict[str, Any] = {
        name: {
            form: text
            for form, text in forms.items()
            if form == "other" or text != forms["other"]
        }
        for name, forms in (("hide", hide), ("show", show))
    }
    words |= {
        "hideAll": gettext("Hide all answers"),
        "showAll": gettext("Show all answers"),
    }
    # The script knows its English: nobody else's page is to say it.
    if not language.startswith("en"):
        words["own"] = gettext("Edit or withdraw")
    return json.dumps(words, ensure_ascii=False)


@cache
def _of_form(language: str) -> str:  # the language that is on
    told = {words: gettext(words) for words in OF_THE_FORM}
    other = {words: text for words, text in told.items() if text != words}
    return json.dumps(other, ensure_ascii=False) if other else ""
