"""The reader's account: in and out. Where one came from is where one goes back to."""

from django.contrib.auth.views import LoginView, LogoutView


class ReaderLoginView(LoginView):
    """For everybody with an account; the admin has a door of its own."""

    template_name = "account/login.html"
    next_page = "blog:home"
    redirect_authenticated_user = True


login = ReaderLoginView.as_view()
logout = LogoutView.as_view(next_page="blog:home")
