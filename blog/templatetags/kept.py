"""`{% kept "footer" %}…{% endkept %}`: what is the same on all pages is rendered once.

In each generation of the blog, in each language, and for each truth of the variables
that follow the name. What stands within may depend on nothing else: neither
on the reader nor on the address.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blog import fragments

register = template.Library()


@register.tag
def kept(parser: Parser, token: Token) -> template.Node:
    _, name, *by = token.split_contents()
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return KeptNode(
        nodelist, name.strip("\"'"), [parser.compile_filter(bit) for bit in by]
    )


class KeptNode(template.Node):
    def __init__(
        self, nodelist: NodeList, name: str, by: list[FilterExpression]
    ) -> None:
        self.nodelist = nodelist
        self._name = name
        self._by = by

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        if request is None:
            return self.nodelist.render(context)
        values = [bool(one.resolve(context, ignore_failures=True)) for one in self._by]
        key = (self._name, get_language(), *values)
        here = fragments.of(request)
        text: SafeString | None = here.get(key)
        if text is None:
            text = self.nodelist.render(context)
            here.keep(key, text)
        return text
