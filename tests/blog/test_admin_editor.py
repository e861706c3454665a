"""The editor on the write page, under the content security policy."""

import re

from tests.builders import make_post

ADD = "/admin/blog/post/add/"


def test_the_policy_is_widened_for_the_write_page_alone(client, alice):
    client.force_login(alice)
    response = client.get(ADD)
    policy = response["Content-Security-Policy"]
    html = response.content.decode()
    nonces = set(re.findall(r'nonce="([^"]+)"', html))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert "unsafe" not in policy
    elsewhere = client.get("/admin/blog/post/")["Content-Security-Policy"]
    assert "nonce-" not in elsewhere
    assert "sha256-" not in elsewhere


def test_what_the_editor_would_drop_is_edited_as_html(client, alice):
    client.force_login(alice)
    for body, has_editor in [("<p>a</p>", True), ("<div>a</div>", False)]:
        post = make_post(body=body)
        html = client.get(f"/admin/blog/post/{post.pk}/change/").content.decode()
        assert ("data-django-prose-editor" in html) is has_editor
