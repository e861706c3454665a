"""Where mail goes, as the environment says it."""

import pytest

from tests.config.test_safety import manage

SHOW = (
    "from django.conf import settings as s;"
    "print(s.EMAIL_BACKEND, s.DEFAULT_FROM_EMAIL, getattr(s, 'EMAIL_USE_TLS', 0))"
)
SEND = (
    "from django.core.mail import EmailMultiAlternatives as Mail;"
    "m = Mail('Re: Talks', 'I doubt it.', to=['a@example.org']);"
    "m.attach_alternative('<p>HTML</p>', 'text/html'); m.send()"
)


def shell(tmp_path, script, **environment) -> str:
    run = manage(
        "shell", "--no-imports", "-c", script, DATA_DIR=str(tmp_path), **environment
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "config.mail_log.EmailBackend blog@localhost"),
        ({"SITE_URL": "https://blog.example.org"}, "blog@blog.example.org"),
        (
            {"EMAIL_URL": "smtp+tls://me:secret@mail.example.org:587"},
            "django.core.mail.backends.smtp.EmailBackend blog@localhost True",
        ),
        ({"DEFAULT_FROM_EMAIL": "Alice <a@example.org>"}, "Alice <a@example.org>"),
    ],
)
def test_mail_is_set_up_from_the_environment(tmp_path, environment, expected):
    assert expected in shell(tmp_path, SHOW, **environment)


def test_without_a_mail_server_the_servers_output_shows_the_text(tmp_path):
    shown = shell(tmp_path, SEND)
    assert "Mail to a@example.org (set EMAIL_URL to send it)" in shown
    assert "  | I doubt it." in shown
    assert "HTML" not in shown
