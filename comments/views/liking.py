"""Where readers say that they like a post, or do not any more."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.models import Post, SiteSettings
from blog.same_origin import is_same_origin
from blog.views.reading import is_locked
from comments import likes
from comments.views.responding import LOCKED, keep, read_form

# The words of the guard of every other form.
FROM_ANOTHER_SITE = _(
    "This form was sent from another website. "
    "Please open the page here and send it again."
)


@csrf_exempt  # guarded by is_same_origin: public pages carry no token
@require_http_methods(["GET", "HEAD", "POST"])
def like(request: HttpRequest, post_pk: int) -> HttpResponse:
    """Take `like=1` or `like=0` of a reader who is logged in; back to the post."""
    post = Post.objects.published().filter(pk=post_pk).first()
    if post is None or not SiteSettings.of(request).shows_likes:
        raise Http404("There is nothing here to like.")
    address = f"{post.get_absolute_url()}#likes"
    if request.method != "POST":
        return redirect(address)
    if not is_same_origin(request):
        return keep(request, QueryDict(), str(FROM_ANOTHER_SITE), 403, post)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': address})}")
    if is_locked(request, post):
        return keep(request, QueryDict(), str(LOCKED), 403, post)
    try:
        likes.put(post, request.user, is_liked=read_form(request).get("like") != "0")
    except likes.TooOften:
        reason = gettext("That was quick. Please wait a minute, then try it again.")
        return keep(request, QueryDict(), reason, 429, post)
    return redirect(address)
