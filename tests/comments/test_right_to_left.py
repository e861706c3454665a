"""Where all is read from right to left, addresses still are not, and bars change sides."""

import pytest

from blog.models import SiteSettings
from comments import posting
from comments.submission import Submission
from tests.builders import make_post, make_received_ping, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_arabic():
    SiteSettings.objects.create(pk=1, language="ar", hold_first=False)


def test_the_addresses_of_a_ping_are_read_from_the_left(client):
    ping = make_received_ping(make_post(), token="told")
    text = client.get("/webmention/told/").text
    assert '<html lang="ar" dir="rtl">' in text
    for address in (ping.source_url, ping.target_url):
        assert f'dir="ltr" href="{address}">{address}</a>' in text


@pytest.mark.parametrize(
    ("language", "here", "there"), [("ar", "right", "left"), ("de", "left", "right")]
)
def test_a_mail_has_its_bar_where_lines_begin(
    run_tasks, mailoutbox, language, here, there
):
    author = make_user("alice", role="Editor", language=language)
    said = Submission(
        body="No.",
        author_name="Carol",
        author_email="carol@example.org",
        author_url="https://carol.example/",
    )
    posting.post_comment(make_post(author=author), said)
    run_tasks()
    (mail,) = [mail for mail in mailoutbox if mail.to == [author.email]]
    html = mail.alternatives[0][0]
    assert f"border-{here}: 2px" in html
    assert f"border-{there}" not in html
    for address in ("mailto:carol@example.org", "https://carol.example/"):
        assert f'<a dir="ltr" href="{address}"' in html
