"""`/xmlrpc.php`: whatever comes in, the answer is XML-RPC, and it is true."""

from contextlib import suppress
from xmlrpc import client

import pytest
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments.models import Comment, IncomingPing
from comments.pings import xmlrpc
from tests.builders import make_post
from tests.caller import caller, knock

HOME = "https://blog.example.org"
SOURCE = "https://away.example/page"
NO_XMLRPC, UNKNOWN_METHOD, WRONG_PARAMETERS = -32700, -32601, -32602


@pytest.fixture(autouse=True)
def _home(settings):
    settings.SITE_URL = HOME


@pytest.fixture
def post(db):
    return make_post("A target")


def here(post) -> str:
    return HOME + post.get_absolute_url()


def fault_of(response) -> client.Fault:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    with pytest.raises(client.Fault) as caught:
        client.loads(response.content)
    return caught.value


def ping(source=SOURCE, target=HOME + "/nowhere/") -> dict:
    return {"methodName": "pingback.ping", "params": [source, target]}


def test_it_lists_its_methods():
    assert caller().system.listMethods() == [
        "pingback.ping",
        "system.listMethods",
        "system.multicall",
    ]


@pytest.mark.django_db(transaction=True)
def test_python_calls_it_over_http(live_server, settings):
    settings.SITE_URL = live_server.url
    post = make_post()
    with client.ServerProxy(f"{live_server.url}/xmlrpc.php") as server:
        assert "pingback.ping" in server.system.listMethods()
        with pytest.raises(client.Fault) as caught:
            server.pingback.ping(SOURCE, here(post) + "no")
    assert caught.value.faultCode == 32


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_it_takes_only_post(method):
    response = getattr(Client(), method)("/xmlrpc.php")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert method == "head" or b"takes only POST" in response.content


def test_it_asks_for_no_token_and_sets_no_cookie():
    body = xmlrpc.write_call("system.listMethods", [])
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/xmlrpc.php", body, content_type="text/xml")
    assert "pingback.ping" in client.loads(response.content)[0][0]
    assert not response.cookies


@pytest.mark.parametrize("name", ["pingback.pong", "wp.getUsersBlogs", "a:b", "é"])
def test_a_method_that_is_not_there_is_a_fault(name):
    with pytest.raises(client.Fault, match="no method") as caught:
        getattr(caller(), name)("alice", "pw")
    assert caught.value.faultCode == UNKNOWN_METHOD


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("pingback.ping", ()),
        ("pingback.ping", (SOURCE,)),
        ("pingback.ping", (SOURCE, HOME, "a title")),
        ("pingback.ping", (1, HOME)),
        ("pingback.ping", (SOURCE, None)),
        ("pingback.ping", ([SOURCE], [HOME])),
        ("pingback.ping", ({"a": SOURCE}, HOME)),
        ("pingback.ping", (SOURCE.encode(), HOME)),
        ("system.listMethods", ("all",)),
        ("system.multicall", ()),
        ("system.multicall", ("pingback.ping",)),
        ("system.multicall", ([ping()], [ping()])),
    ],
)
def test_what_a_method_does_not_take_is_a_fault(method, params):
    body = client.dumps(params, method, allow_none=True).encode()
    fault = fault_of(knock(body))
    assert fault.faultCode == WRONG_PARAMETERS
    assert fault.faultString.endswith(".")


@pytest.mark.django_db
def test_ten_calls_are_answered_each_with_its_own(post):
    calls = [
        ping(),
        ping(1, 2),
        {"methodName": "system.listMethods", "params": []},
        {"methodName": "nothing", "params": []},
        {"methodName": "system.multicall", "params": [[ping()]]},
        {"methodName": "pingback.ping"},
        {"methodName": ["pingback.ping"], "params": []},
        "pingback.ping",
        ping("ftp://away.example/page", here(post)),
        ping(SOURCE, here(post)),
    ]
    *faults, last = caller().system.multicall(calls)
    assert faults.pop(2) == [
        ["pingback.ping", "system.listMethods", "system.multicall"]
    ]
    assert [fault["faultCode"] for fault in faults] == [
        32,
        WRONG_PARAMETERS,
        UNKNOWN_METHOD,
        *[WRONG_PARAMETERS] * 4,
        16,
    ]
    assert all(fault["faultString"].endswith(".") for fault in faults)
    assert "will be verified" in last[0]


@pytest.mark.django_db
def test_of_several_pings_none_is_waited_for(post, web):
    calls = [ping(web.url(f"/{number}"), here(post)) for number in range(3)]
    answers = caller().system.multicall(calls)
    assert all("will be verified" in answer for (answer,) in answers)
    assert web.knocks == []
    waiting = IncomingPing.objects.filter(post=post, state=IncomingPing.State.WAITING)
    assert waiting.count() == 3


@pytest.mark.parametrize("count", [11, 60])
def test_more_than_ten_calls_are_a_fault(count):
    with pytest.raises(client.Fault, match="At most 10") as caught:
        caller().system.multicall([ping()] * count)
    assert caught.value.faultCode == WRONG_PARAMETERS


def lol(entities: str, body: str = "&z;") -> bytes:
    call = client.dumps((body,), "pingback.ping").replace("&amp;", "&")
    return f"<!DOCTYPE a [{entities}]>\n{call.partition('?>')[2]}".encode()


LAUGHS = '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">'
    for before, after in zip("abcdefghi", "bcdefghiz", strict=True)
)
SECRET = '<!ENTITY z SYSTEM "file:///etc/passwd">'
MINIMAL = "<methodCall><methodName>system.multicall</methodName><params>{}</params></methodCall>"
ATTRIBUTES = " ".join(f"a{number}='x'" for number in range(6000))
HOSTILE = {
    "nothing": b"",
    "a form": b"source=https%3A%2F%2Faway.example&target=b",
    "HTML": b"<!doctype html><title>Hello</title><p>Hello",
    "JSON": b'{"methodName": "system.listMethods"}',
    "NULs": b"\0" * 1000,
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xb3\x01\x00\x00",
    "a DOCTYPE alone": lol("", ""),
    "billion laughs": lol(LAUGHS),
    "quadratic blow-up": lol(f'<!ENTITY z "{"z" * 20_000}">', "&z;" * 10_000),
    "an external entity": lol(SECRET),
    "an external entity over http": lol('<!ENTITY z SYSTEM "http://127.0.0.1:1/">'),
    "a parameter entity": lol(
        '<!ENTITY % z SYSTEM "http://127.0.0.1:1/z.dtd"> %z;', ""
    ),
    "an external DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><methodCall/>',
    "all that in UTF-16": lol(LAUGHS).decode().encode("utf-16"),
    "10,000 calls": client.dumps(([ping()] * 10_000,), "system.multicall").encode(),
    "as many calls as fit": MINIMAL.format(
        f"<param><value><array><data>{'<value><i4>1</i4></value>' * 2400}"
        "</data></array></value></param>"
    ).encode(),
    "6,000 attributes": f"<methodCall {ATTRIBUTES}/>".encode(),
    "20,000 levels": b"<a>" * 20_000,
    "200 lists in lists": MINIMAL.format(
        "<param><value>"
        + "<array><data><value>" * 200
        + "</value></data></array>" * 200
        + "</value></param>"
    ).encode(),
    "a megabyte of words": client.dumps(("x" * 2**20, HOME), "pingback.ping").encode(),
    "an answer": xmlrpc.write_answer("Thank you."),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_call_is_a_fault(body):
    fault = fault_of(knock(body))
    assert fault.faultCode == NO_XMLRPC
    assert fault.faultString.endswith(".")
    assert "root:" not in fault.faultString


def test_a_call_in_utf_16_is_one():
    xml = (
        '<?xml version="1.0" encoding="UTF-16"?>'
        + xmlrpc.write_call("system.listMethods", []).decode().partition("?>")[2]
    )
    answered = client.loads(knock(xml.encode("utf-16")).content)[0][0]
    assert "pingback.ping" in answered


@pytest.mark.django_db
def test_what_it_repeats_is_xml_whatever_it_was_told():
    for name in ("a<b>&c", "x" * 5000, "\x85\u2028"):
        with pytest.raises(client.Fault):
            getattr(caller(), name)()
        with pytest.raises(client.Fault):
            caller().pingback.ping(name, name)
    assert not Comment.objects.exists()


ANYTHING = st.text(st.characters(codec=None, exclude_categories=[]), max_size=60)
SOURCES = st.one_of(ANYTHING, ANYTHING.map("https://away.example/{}".format))
TARGETS = st.one_of(ANYTHING, ANYTHING.map(f"{HOME}/{{}}".format))
VALUES = st.recursive(
    st.one_of(ANYTHING, st.integers(-(2**31), 2**31 - 1), st.booleans(), st.floats()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANYTHING, inner),
    max_leaves=5,
)
CALLS = st.one_of(
    st.tuples(st.just("pingback.ping"), st.tuples(SOURCES, TARGETS)),
    st.tuples(
        st.sampled_from(["pingback.ping", "system.multicall", "system.listMethods"]),
        st.lists(VALUES, max_size=3),
    ),
)


@override_settings(SITE_URL=HOME)
class AnyCall(TestCase):
    """Asks nobody: what could be looked at waits for a task."""

    @given(CALLS)
    def test_it_is_answered_in_xml_rpc(self, call):
        method, params = call
        one = {"methodName": method, "params": list(params)}
        self.assert_answered(xmlrpc.write_call("system.multicall", [[one]]))

    @given(st.binary())
    def test_so_is_what_is_no_call(self, body):
        self.assert_answered(body)

    def assert_answered(self, body):
        response = knock(body)
        assert response.status_code == 200
        with suppress(client.Fault):
            client.loads(response.content)
