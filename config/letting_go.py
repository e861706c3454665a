"""What a page was made of is free as soon as it is sent.

Django ties a request to what stands on it, and what a template is told to itself: both
would stay until Python looks for what is tied like this. By then a dozen long talks lie
there, in a process that shows one after the other.
"""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends import django as backend
from django.template.context import make_context
from django.utils.safestring import SafeString


class Request(WSGIRequest):
    """Its user, its messages and its token know it, and it knows them."""

    def close(self) -> None:
        """Called when the answer is sent: nobody asks it anything any more."""
        super().close()
        self.__dict__.clear()


class Handler(WSGIHandler):
    request_class = Request


class _Template(backend.Template):
    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        """As Django's own; each layer of a context knows the context it lies in."""
        engine = self.backend.engine
        told = make_context(context, request, autoescape=engine.autoescape)
        try:
            return self.template.render(told)
        except TemplateDoesNotExist as missing:
            backend.reraise(missing, self.backend)
        finally:
            told.dicts.clear()


class Templates(backend.DjangoTemplates):
    def get_template(self, template_name: str) -> _Template:
        return _Template(super().get_template(template_name).template, self)
