"""XML-RPC as bytes: what may be read, and that nothing else ever happens."""

import contextlib
import string
from xmlrpc import client

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.pings import xmlrpc

CALL = "<methodCall><methodName>{}</methodName>{}</methodCall>"
PARAM = "<params><param><value>{}</value></param></params>"
URLS = ("https://away.example/a?b=1&c=<2>", "https://home.example/é")


def call(value: str) -> bytes:
    return CALL.format("a.b", PARAM.format(value)).encode()


def test_what_is_written_is_read_again():
    body = xmlrpc.write_call("pingback.ping", URLS)
    assert xmlrpc.read_call(body) == ("pingback.ping", URLS)
    assert xmlrpc.read_answer(xmlrpc.write_answer(["one", {"two": 3}])) == [
        "one",
        {"two": 3},
    ]


def test_a_fault_is_raised_with_its_number_and_words():
    with pytest.raises(xmlrpc.Fault) as caught:
        xmlrpc.read_answer(xmlrpc.write_fault(48, "It is registered <already>."))
    assert (caught.value.code, caught.value.message) == (
        48,
        "It is registered <already>.",
    )


def test_pythons_own_client_reads_what_is_written():
    assert client.loads(xmlrpc.write_answer("Noted & kept.")) == (
        ("Noted & kept.",),
        None,
    )
    assert client.loads(xmlrpc.write_call("a.b", URLS)) == (URLS, "a.b")
    with pytest.raises(client.Fault, match="17"):
        client.loads(xmlrpc.write_fault(17, "No link."))


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_any_text_can_be_written(text):
    """Of what XML cannot say something else is left, and a reader can read it."""
    for body in (xmlrpc.write_answer(text), xmlrpc.write_call("a.b", [text])):
        (value,), _ = client.loads(body)
        said = "\t\n" + string.printable[:95]
        assert all(sign in value for sign in text if sign in said)


@pytest.mark.parametrize(
    "body",
    [
        CALL.format("a.b", "").encode(),
        CALL.format(" a.b\n", "<params/>").encode(),
        b"\r\n\n" + CALL.format("a.b", "").encode(),
        b'<?xml version="1.0"?>' + CALL.format("a.b", "").encode(),
        CALL.format("a.b", "").encode("utf-8-sig"),
        CALL.format("a.b", "").encode("utf-16"),
    ],
)
def test_it_reads_a_call_however_it_is_dressed(body):
    assert xmlrpc.read_call(body) == ("a.b", ())


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "koi8-r", "UTF-8"])
def test_it_reads_the_encodings_of_old_blogs(encoding):
    word = "Добро" if encoding == "koi8-r" else "Größe"
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + call(word).decode()
    assert xmlrpc.read_call(xml.encode(encoding)) == ("a.b", (word,))


BAD = {
    "nothing": b"",
    "spaces": b" \n",
    "no XML": b"source=1&target=2",
    "cut off": call("1")[:-4],
    "two roots": call("1") * 2,
    "HTML": b"<html><body><p>Hello</p></body></html>",
    "an answer": xmlrpc.write_answer("x"),
    "a fault": xmlrpc.write_fault(1, "x"),
    "a fault in a call": b"<methodCall><methodName>a</methodName>"
    + xmlrpc.write_fault(1, "x")[len("<?xml version='1.0'?>\n<methodResponse>") : -19]
    + b"</methodCall>",
    "no method": CALL.format("", PARAM.format("1")).encode(),
    "only spaces for a method": CALL.format(" \n", "").encode(),
    "a NUL": call("a\0b"),
    "a reference to a NUL": call("a&#0;b"),
    "a lone surrogate": call("a&#xD800;b"),
    "a lone surrogate in UTF-16": call("?")
    .decode()
    .encode("utf-16")
    .replace(b"?\0", b"\0\xd8"),
    "broken UTF-8": call("a\x00b").replace(b"\0", b"\xff"),
    "a word for a number": call("<int>one</int>"),
    "a number of 5,000 digits": call(f"<int>{'9' * 5000}</int>"),
    "a number that is none": call("<bigdecimal>x</bigdecimal>"),
    "half a truth": call("<boolean>2</boolean>"),
    "no base64": call("<base64>é</base64>"),
    "no date": call("<dateTime.iso8601>yesterday</dateTime.iso8601>"),
    "a struct with half a member": call(
        "<struct><member><name>a</name></member></struct>"
    ),
    "a list as a name": call("<struct><array/><value>a</value></struct>"),
    "an unknown type": call("<colour>red</colour>"),
    "an unknown encoding": b'<?xml version="1.0" encoding="x"?>' + call("1"),
    "a codec that reads no text": b'<?xml version="1.0" encoding="hex"?>' + call("1"),
    "a codec that is not there": b'<?xml version="1.0" encoding="iso-8859-99"?>'
    + call("1"),
    "a DOCTYPE": b"<!DOCTYPE methodCall>" + call("1"),
    "a DOCTYPE in UTF-16": ("<!DOCTYPE methodCall>" + call("1").decode()).encode(
        "utf-16"
    ),
    "an external DTD": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">' + call("1"),
    "an entity": b'<!DOCTYPE a [<!ENTITY b "c">]>' + call("&b;"),
    "an entity of nowhere": call("&nbsp;"),
    "an external entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    + call("&b;"),
    "a parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]>'
    + call("1"),
    "33 levels": call("<array><data><value>" * 10 + "</value></data></array>" * 10),
    "100,000 levels": b"<methodCall>" + b"<a>" * 21_000,
    "2,001 elements": call("<array><data>" + "<value/>" * 2000 + "</data></array>"),
    "more than 64 kB": call("x" * 65_536),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_it_refuses_a_call_that_is(body):
    with pytest.raises(xmlrpc.Malformed, match=r"^This .*\.$"):
        xmlrpc.read_call(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        xmlrpc.write_call("a.b", ["x"]),
        b"<methodResponse/>",
        b"<methodResponse><params/></methodResponse>",
        b"<methodResponse><fault/></methodResponse>",
        b"<methodResponse><fault><value>No!</value></fault></methodResponse>",
        xmlrpc.write_fault(1, "x").replace(b"<int>1</int>", b"one"),
        xmlrpc.write_fault(1, "x").replace(b"<int>1</int>", b"<double>inf</double>"),
        xmlrpc.write_fault(1, "x").replace(b"faultString", b"faultWords"),
    ],
)
def test_it_refuses_an_answer_that_is_none(body):
    with pytest.raises(xmlrpc.Malformed):
        xmlrpc.read_answer(body)


def test_a_fault_whose_number_is_text_is_one():
    body = xmlrpc.write_fault(48, "x").replace(b"<int>48</int>", b"<string>48</string>")
    with pytest.raises(xmlrpc.Fault) as caught:
        xmlrpc.read_answer(body)
    assert caught.value.code == 48


def test_an_honest_multicall_of_ten_is_within_the_limits():
    calls = [{"methodName": "pingback.ping", "params": list(URLS)}] * 10
    body = xmlrpc.write_call("system.multicall", [calls])
    assert xmlrpc.read_call(body) == ("system.multicall", (calls,))


TAGS = (
    "methodCall methodResponse methodName params param fault value int i8 boolean "
    "string double base64 dateTime.iso8601 struct member name array data nil "
    "bigdecimal ex:nil a"
).split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["1", "1e999", "-", "&lt;", "&#0;", "20061130T12:00:00", "]]>"]),
    st.sampled_from(["<?xml version='1.0' encoding='{}'?>", "<!DOCTYPE a [", "]>"]),
    st.text(max_size=5),
)
NESTED = st.recursive(
    st.builds(
        lambda tag, text: f"<{tag}>{text}</{tag}>",
        st.sampled_from(TAGS),
        st.text(string.digits + "-.eTZ: =", max_size=20),
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "cp037"])


def nothing_else_happens(body: bytes) -> None:
    with contextlib.suppress(xmlrpc.Malformed):
        method, params = xmlrpc.read_call(body)
        assert isinstance(method, str)
        assert isinstance(params, tuple)
    with contextlib.suppress(xmlrpc.Malformed, xmlrpc.Fault):
        xmlrpc.read_answer(body)


@given(st.binary())
def test_any_bytes_are_read_or_refused(body):
    nothing_else_happens(body)


@given(st.lists(PIECES, max_size=30).map("".join), ENCODINGS)
def test_any_pieces_of_xml_are_read_or_refused(xml, encoding):
    nothing_else_happens(xml.encode(encoding, "replace"))


@given(NESTED, st.sampled_from(["methodCall", "methodResponse"]))
def test_any_tree_of_its_elements_is_read_or_refused(xml, root):
    name = "<methodName>a</methodName>" if root == "methodCall" else ""
    nothing_else_happens(f"<{root}>{name}{xml}<params/></{root}>".encode())


@given(
    st.text(min_size=1, max_size=20),
    st.text(string.ascii_letters + "-_8160.", min_size=1),
)
def test_any_encoding_it_claims_is_read_or_refused(text, encoding):
    for name in (encoding, "unicode_escape", "idna", "undefined", "punycode"):
        xml = f'<?xml version="1.0" encoding="{name}"?>' + call("{}").decode()
        nothing_else_happens(xml.format(text).encode("utf-8", "replace"))


@given(st.binary(max_size=3), st.integers(0), st.integers(0))
def test_any_damage_to_a_call_is_read_or_refused(bytes_, start, length):
    calls = [{"methodName": "pingback.ping", "params": list(URLS)}] * 2
    body = xmlrpc.write_call("system.multicall", [calls])
    start %= len(body)
    nothing_else_happens(body[:start] + bytes_ + body[start + length % 9 :])
