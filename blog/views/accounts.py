"""The reader's account: in and out. Where one came from is where one goes back to."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView

from blog.models import SiteSettings


class ReaderLoginView(LoginView):
    """For everybody with an account; the admin has a door of its own."""

    template_name = "account/login.html"
    next_page = "blog:home"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Django's own idea of a site knows the host and nothing else.
        own = {"site": SiteSettings.of(self.request)}
        return super().get_context_data(**kwargs) | own


login = ReaderLoginView.as_view()
logout = LogoutView.as_view(next_page="blog:home")
