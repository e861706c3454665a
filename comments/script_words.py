"""What the scripts of the reply form say: in English there, translated in the markup.

An English page carries none of it.
"""

from django.utils.translation import gettext_noop as _

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
