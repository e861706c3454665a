"""What the editor asks for when an address is embedded."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from blog import embed_markup, embeds, players
from blog.models import Embed

# Somebody waits: each of three requests may take so long.
SECONDS = 4.0
NO_ADDRESS = _("This is no address on the web. It has to begin with https://.")
TOO_MANY = _("Many addresses came in at once. This one is asked for when you save.")


class Embedding(admin.ModelAdmin):
    """Tells what is known of an address, and has it asked for where nothing is."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_embed"
        view = self.admin_site.admin_view(self.embed_details)
        return [path("embed/", view, name=name), *super().get_urls()]

    def embed_details(self, request: HttpRequest) -> HttpResponseBase:
        """As JSON, for whoever may write: `url`, `is_known` and what the card shows."""
        if not (
            self.has_add_permission(request) or self.has_change_permission(request)
        ):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        address = request.POST.get("url", "")
        url = embed_markup.key_of(address)
        if not url:
            return JsonResponse({"sentence": NO_ADDRESS}, status=400)
        try:
            embed = embeds.known(url, SECONDS)
        except embeds.TooMany:
            return JsonResponse({"sentence": TOO_MANY}, status=429)
        card, player = embed.card, players.player_of(url)
        return JsonResponse(
            {
                "url": url,
                "is_known": embed.state == Embed.State.KNOWN,
                "title": card.title,
                "author": card.author,
                "site": card.site or (player.site if player else ""),
                "about": card.about,
                "picture": card.picture,
                "player": player.host if player else "",
            }
        )
