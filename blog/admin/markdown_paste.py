"""Markdown that was pasted into the editor, as the HTML it stands for."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

# More than a long book has; beyond it the text stays as it was pasted.
MAX_CHARACTERS = 1_000_000


def markdown(request: HttpRequest) -> HttpResponseBase:
    """`{"html": …}` for the `text` that was posted; 413 where it is too long."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_module_perms("blog"):
        raise PermissionDenied
    text = request.POST.get("text", "")
    if len(text) > MAX_CHARACTERS:
        return JsonResponse({"html": None}, status=413)
    return JsonResponse({"html": to_html(text)})


def to_html(text: str) -> str:
    """CommonMark with tables and `~~gone~~`; HTML in it is text. Never raises.

    The editor takes from it what it knows, and the sanitiser stands behind that.
    """
    return _parser.render(text)


class _Renderer(RendererHTML):
    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: dict
    ) -> str:
        """A link to the picture: its file is elsewhere, and none of the library's."""
        token = tokens[idx]
        words = self.renderInlineAsText(token.children, options, env)
        link = Token("link_open", "a", 1, attrs={"href": token.attrs["src"]})
        shown = words or str(token.attrs["src"])
        text = Token("text", "", 0, content=shown)
        return self.render([link, text, Token("link_close", "a", -1)], options, env)


_parser = MarkdownIt(
    "commonmark", {"html": False, "maxNesting": 60}, renderer_cls=_Renderer
).enable(["table", "strikethrough"])
