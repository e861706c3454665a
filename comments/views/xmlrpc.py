"""`/xmlrpc.php`: where other blogs call. Pingback 1.0, and XML-RPC's own methods.

The answer is always 200 and XML-RPC, a value or a fault. The numbers of the faults
are Pingback's (section 3) for a ping, and those of the "Specification for Fault Code
Interoperability" for a call that is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from blog.languages import wordless
from comments.models import IncomingPing
from comments.pings import receive, verify
from comments.pings.refusals import PingRefused
from comments.pings.xmlrpc import (
    MAX_BYTES,
    Malformed,
    read_call,
    write_answer,
    write_fault,
)
from comments.submission import client_address
from comments.views.bodies import Unread, read_body

NOT_XMLRPC = -32700
UNKNOWN_METHOD = -32601
WRONG_PARAMETERS = -32602
MAX_CALLS = 10
# A page is looked at while its sender waits. Each holds one of the server's threads
# until its page has come: whoever names slow ones must not hold them all.
MAX_LOOKS_AT_ONCE = 2

_looks = BoundedSemaphore(MAX_LOOKS_AT_ONCE)


class Refused(Exception):
    """The call is answered with a fault."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Call:
    method: str
    params: tuple[Any, ...]
    # Whose call it is; none where that is not known.
    address: str | None
    # It is one of several in a system.multicall.
    is_within: bool = False


@wordless
@csrf_exempt  # other blogs have no token; nothing here asks who is logged in
def door(request: HttpRequest) -> HttpResponse:
    """Answer one call; a browser that looks in is told what this is."""
    if request.method != "POST" and "rsd" in request.GET:
        return redirect("rsd", permanent=True)  # where WordPress has it
    if request.method != "POST":
        return HttpResponse(
            "This is where other blogs call by XML-RPC. It takes only POST.\n",
            content_type="text/plain; charset=utf-8",
            status=405,
            headers={"Allow": "POST"},
        )
    try:
        method, params = read_call(read_body(request, MAX_BYTES))
        answer = _do(Call(method, params, client_address(request)))
        body = write_answer(answer)
    except (Malformed, Unread) as problem:
        body = write_fault(NOT_XMLRPC, str(problem))
    except Refused as refused:
        body = write_fault(refused.code, refused.message)
    return HttpResponse(body, content_type="text/xml; charset=utf-8")


def _do(call: Call) -> Any:
    """What the method answers. Raises Refused."""
    method = METHODS.get(call.method)
    if method is None:
        raise Refused(UNKNOWN_METHOD, f"There is no method {call.method[:80]} here.")
    return method(call)


def _ping(call: Call) -> str:
    """`pingback.ping(source, target)`: look at the page now, if that can be."""
    source, target = _two_addresses(call)
    is_awaited = not call.is_within and _looks.acquire(blocking=False)
    try:
        ping = receive.take(
            IncomingPing.Kind.PINGBACK,
            source,
            target,
            address=call.address,
            is_awaited=is_awaited,
        )
        if not is_awaited:
            return f"The link from {source} to {target} is noted and will be verified."
        verify.now(ping.pk)
    except PingRefused as refusal:
        raise Refused(refusal.fault, refusal.message) from None
    finally:
        if is_awaited:
            _looks.release()
    return f"Thank you: the link from {source} to {target} is registered."


def _two_addresses(call: Call) -> tuple[str, str]:
    match call.params:
        case (str(source), str(target)):
            return source.strip(), target.strip()
    raise Refused(
        WRONG_PARAMETERS,
        "pingback.ping takes two texts: the address of the page that links, "
        "and the address it links to.",
    )


def _list_methods(call: Call) -> list[str]:
    if call.params:
        raise Refused(WRONG_PARAMETERS, "system.listMethods takes no parameters.")
    return sorted(METHODS)


def _multicall(call: Call) -> list[Any]:
    """Each call's `[value]`, or its fault as a struct, in their order."""
    match call.params:
        case (list(calls),) if not call.is_within:
            pass
        case _:
            raise Refused(
                WRONG_PARAMETERS,
                "system.multicall takes one list of calls, and is none of them itself.",
            )
    if len(calls) > MAX_CALLS:
        raise Refused(
            WRONG_PARAMETERS, f"At most {MAX_CALLS} calls are taken at a time."
        )
    return [_do_within(call, one) for one in calls]


def _do_within(outer: Call, one: Any) -> list[Any] | dict[str, Any]:
    try:
        match one:
            case {"methodName": str(method), "params": list(params)}:
                call = Call(method, tuple(params), outer.address, is_within=True)
                return [_do(call)]
        raise Refused(WRONG_PARAMETERS, "A call has a methodName and a list of params.")
    except Refused as refused:
        return {"faultCode": refused.code, "faultString": refused.message}


METHODS: dict[str, Callable[[Call], Any]] = {
    "pingback.ping": _ping,
    "system.listMethods": _list_methods,
    "system.multicall": _multicall,
}
