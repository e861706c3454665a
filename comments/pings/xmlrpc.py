"""XML-RPC as bytes: read from strangers, and written so that anybody can read it.

What is read may be anything. So: few bytes, no DOCTYPE (without one there are no
entities and nothing external), few levels, few elements; and whatever is wrong with
it, one exception.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn
from xml.parsers import expat
from xmlrpc import client

MAX_BYTES = 64 * 1024
# A ping within a multicall takes 14 levels, and ten of them 200 elements.
MAX_DEPTH = 32
MAX_ELEMENTS = 2000
# Those that expat or a table of 256 characters reads. Python has codecs that do
# other things than reading text.
_ENCODINGS = re.compile(
    r"utf-?8|utf-16(le|be)?|us-ascii|iso-8859-[0-9]{1,2}|windows-125[0-9]|koi8-[ru]",
    re.IGNORECASE,
)
# What XML 1.0 cannot say at all, section 2.2.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# All that the standard library's Unmarshaller raises about values that are none.
_NONSENSE = (
    client.Error,
    expat.ExpatError,
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
)


class Malformed(Exception):
    """These bytes are not the XML-RPC that was expected; says why, in a sentence."""


class Fault(Exception):
    """The other side's answer is that it did not do it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


def read_call(body: bytes) -> tuple[str, tuple[Any, ...]]:
    """The method's name and its parameters, as Python has them. Raises Malformed."""
    reader = _Reader("methodCall")
    try:
        params = reader.read(body)
    except Fault:
        raise Malformed("This is an answer, and no call.") from None
    method = (reader.unmarshaller.getmethodname() or "").strip()
    if not method:
        raise Malformed("This call names no method.")
    return method, params


def read_answer(body: bytes) -> Any:
    """The one value that was answered. Raises Fault and Malformed."""
    values = _Reader("methodResponse").read(body)
    if len(values) != 1:
        raise Malformed("An answer has one value; this one has not.")
    return values[0]


def write_call(method: str, params: Sequence[Any]) -> bytes:
    return client.dumps(tuple(map(_speakable, params)), method).encode()


def write_answer(value: Any) -> bytes:
    """`value`: text, numbers, lists and dicts of them."""
    return client.dumps((_speakable(value),), methodresponse=True).encode()


def write_fault(code: int, message: str) -> bytes:
    return client.dumps(client.Fault(code, _speakable(message))).encode()


class _Reader:
    """The standard library's Unmarshaller behind a parser that refuses a lot."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.unmarshaller = client.Unmarshaller(use_builtin_types=True)
        # It is given text, and need not decode it.
        self.unmarshaller.xml("", None)
        self.depth = self.count = 0

    def read(self, body: bytes) -> tuple[Any, ...]:
        """All values. Raises Malformed, and Fault where one was answered."""
        if len(body) > MAX_BYTES:
            raise Malformed(f"This has more than {MAX_BYTES // 1024} kB.")
        parser = self._parser()
        try:
            # Some servers answer with an empty line first.
            parser.Parse(body.lstrip(b" \t\r\n"), True)  # noqa: FBT003  C code
            return tuple(self.unmarshaller.close())
        except client.Fault as fault:
            raise _as_ours(fault) from None
        except expat.ExpatError as error:
            raise Malformed(f"This is no XML: {error}.") from None
        except _NONSENSE:
            raise Malformed("This is XML, but its values are not XML-RPC's.") from None

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = _refuse("a DOCTYPE")
        # Never reached, as nothing can be declared without a DOCTYPE.
        parser.EntityDeclHandler = _refuse("an entity")
        parser.ExternalEntityRefHandler = _refuse("an external entity")
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self.unmarshaller.data
        parser.EndElementHandler = self._end
        return parser

    def _declare(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and not _ENCODINGS.fullmatch(encoding):
            raise Malformed("This is in an encoding that is not read here; use UTF-8.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH:
            raise Malformed(f"This is nested more than {MAX_DEPTH} levels deep.")
        if self.count > MAX_ELEMENTS:
            raise Malformed(f"This has more than {MAX_ELEMENTS} elements.")
        if self.depth == 1 and tag != self.root:
            raise Malformed(f"This is no <{self.root}>.")
        self.unmarshaller.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.unmarshaller.end(tag)


def _refuse(what: str) -> Callable[..., NoReturn]:
    def refuse(*anything: Any) -> NoReturn:
        raise Malformed(f"This has {what}, which XML-RPC needs not and nobody reads.")

    return refuse


def _as_ours(fault: client.Fault) -> Fault | Malformed:
    """Its code may have come as text, as some servers send it."""
    try:
        return Fault(int(fault.faultCode), str(fault.faultString).strip())
    except (TypeError, ValueError, OverflowError):
        return Malformed("This is a fault without a number.")


def _speakable(value: Any) -> Any:
    """Without the characters that would make an answer no XML."""
    if isinstance(value, str):
        return _UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {_speakable(name): _speakable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_speakable(one) for one in value]
    return value
