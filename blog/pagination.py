"""Long lists in pages with addresses of their own: `/`, `/page/2/`, …"""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext


def page_of(queryset: QuerySet | Sequence | Any, number: int, per_page: int) -> Page:
    """Page `number` of `queryset`: one query for the count, one for the rows.

    Of a list that is there already, none.

    Raises Http404 beyond the last page; the first page exists even if empty.
    """
    try:
        return Paginator(queryset, per_page).page(number)
    except (EmptyPage, OverflowError) as error:
        raise Http404(gettext("There is no such page.")) from error
