"""What a body is edited with: the editor, where it keeps every word of it.

The editor knows a certain kind of HTML and drops what it does not know as soon as
it opens it. A body that has more than that is edited as HTML.
"""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import (
    AdminProseEditorWidget,
    prose_editor_admin_media,
)

from blog import html_text, markup
from blog.admin import editor_fit
from blog.models import User

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Link": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": True,
    # Our own, in static/blog/editor/, as are some named above: see the settings.
    "AtRest": True,
    "Focusing": True,
    "Citation": True,
    "Clear": True,
    "Paste": True,
    "More": True,
    "Footnote": True,
    "Picture": True,
    "Gallery": True,
    "InlineImage": True,
    "Uploading": True,
    "Embed": {"details": reverse_lazy("admin:blog_post_embed")},
    "NoSpellCheck": False,
}

# The editor knows no comments: to it, a mark without words of its own is a rule.
_PLAIN_MORE_MARK = re.compile(r"<!--\s*more\s*-->")
_MORE_RULE = '<hr class="more">'
# Below a quote, the line for who said it, where nobody wrote one.
_NOBODY = re.compile(r"<cite></cite>(?=\s*</blockquote>)")

# In a link that was typed without its scheme, a host and not a file's name.
_HOST_TLDS = "com org net edu gov int info biz eu uk us de fr ch at nl be it es jp cn"
_BARE_LINK = re.compile(
    r"""(<a\b[^<>]*?\shref\s*=\s*["'])"""
    r"((?:www\.[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|(?:[a-z0-9-]+\.)+(?:{'|'.join(_HOST_TLDS.split())}))"
    r"""(?=[/?#:"']))""",
    re.IGNORECASE,
)

HTML_HELP = _(
    "A blank line begins a new paragraph; <img> is a picture, <!--more--> the more mark."
)
TOO_RICH_HELP = _(
    "This text has markup the editor would drop, so you are looking at its HTML. "
)
WORDS_ONLY_HELP = _(
    "You can change its words; new markup is added by an editor of the blog."
)


class BodyEditor(AdminProseEditorWidget):
    """The editor. What it is given and gives back is its own form of a text."""

    def __init__(self, *, may_html: bool = True) -> None:
        extensions = EXTENSIONS | {"HTML": may_html}
        super().__init__(config={"extensions": extensions}, preset="start")

    @property
    def media(self) -> forms.Media:
        names = ["editor", "footnote", "embed", "pictures"]
        sheets = [f"blog/editor/{name}.css" for name in names]
        own = forms.Media(
            css={"all": [*sheets, "blog/admin/picker.css"]},
            js=[
                forms.Script("blog/editor/placeholders.js", type="module"),
                forms.Script("blog/editor/start.js", type="module"),
            ],
        )
        return prose_editor_admin_media + own

    def get_context(self, name: str, value: str | None, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-link-choices": reverse("admin:blog_link_choices"),
            "data-markdown": reverse("admin:blog_markdown"),
        }
        return context

    def format_value(self, value: str | None) -> str:
        return for_editor(value or "")


class BodyField(forms.CharField):
    """The text of a post. Cleaned, it is as it is stored, whoever wrote it."""

    def to_python(self, value: str | None) -> str:
        return from_editor(with_plain_breaks(super().to_python(value)))

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        # The same way to the editor and back is no change.
        return super().has_changed(self.to_python(for_editor(initial or "")), data)


def for_editor(source: str) -> str:
    return _PLAIN_MORE_MARK.sub(_MORE_RULE, source)


def from_editor(source: str) -> str:
    """As it is stored: the more mark a comment, and nobody named who was not."""
    return _NOBODY.sub("", source.replace(_MORE_RULE, "<!--more-->"))


def with_plain_breaks(text: str) -> str:
    """`text` without the carriage returns a browser puts before each line break."""
    return text.replace("\r\n", "\n")


def fits_editor(source: str) -> bool:
    """Whether the editor, opening and saving a text, would keep all of it."""
    return editor_fit.fits(for_editor(source))


def may_write_html(user: User) -> bool:
    """Who answers for the texts of others. Everybody else writes in the editor."""
    return user.has_perm("blog.change_others_post")


def check_markup(source: str, stored: str) -> None:
    """Raise ValidationError where `source` has markup that neither editor nor `stored` has.

    What an editor or an import put there stays, and can be moved or taken out.
    """
    known = editor_fit.strange(for_editor(stored))
    added = sorted(editor_fit.strange(for_editor(source)) - known)
    if added:
        raise ValidationError(
            gettext(
                "Only an editor of the blog may add this markup: %(markup)s. "
                "Take it out, or ask one."
            )
            % {"markup": added[0][:80]}
        )


def widget_for(
    source: str, *, as_html: bool = False, may_html: bool = True
) -> forms.Widget:
    if fits_editor(source) and not as_html:
        return BodyEditor(may_html=may_html)
    return forms.Textarea(
        attrs={"rows": 24, "class": "body-html", "spellcheck": "true"}
    )


def help_for(source: str, *, as_html: bool = False, may_html: bool = True) -> str:
    """What stands below the text, as HTML: the way to the other way of writing."""
    if not may_html:
        return "" if fits_editor(source) else TOO_RICH_HELP + WORDS_ONLY_HELP
    if not fits_editor(source):
        return format_html("{}{}", TOO_RICH_HELP, HTML_HELP)
    if as_html:
        back = format_html(
            '<a href="?" data-as-html="0">{}</a>', gettext("Back to the editor")
        )
        return format_html("{} {}", HTML_HELP, back)
    return format_html(
        '<a href="?html=1" data-as-html="1">{}</a>', gettext("Write as HTML")
    )


def with_schemes(source: str) -> str:
    """`source` with links to `example.org/…` leading there, not below this blog."""
    return _BARE_LINK.sub(r"\1https://\2", source)


def with_paragraphs(source: str) -> str:
    """`source` with its blank lines as paragraphs; the more mark stays outside them."""
    pieces = markup.MORE_MARK.split(source.replace("\r\n", "\n"))
    pieces[::2] = [html_text.paragraphs(piece) for piece in pieces[::2]]
    return "\n".join(piece for piece in pieces if piece)
