"""Answers the calls of the services played here, with the configured faults."""

import logging
from dataclasses import replace
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from local.standin.faults import THROTTLE, Fault, Trouble
from local.standin.paging import TOKENS, scope_of, write_token
from local.standin.parsing import Parameters
from local.standin.state import Call, State
from local.standin.wire import Response, ServiceError

_log = logging.getLogger(__name__)


def answer(state: State, call: Call, trouble: Trouble) -> Response:
    """Return the answer to a call.

    The server plays latency and the faults of the connection (drop, reset, cut).
    """
    protocol = state.protocols[call.service]
    if trouble.before is not None:
        return protocol.error(error_of(call.service, trouble.before))
    try:
        parameters, output = state.perform(call)
        fault = trouble.after
        if fault is not None:
            return _spoil(state, call, fault, parameters, output)
        return protocol.serialise(call.operation, output)
    except ServiceError as error:
        return protocol.error(error)
    except Exception:  # noqa: BLE001 - logged, and returned to the caller
        _log.exception("%s %s failed in the stand-in", call.service, call.operation)
        return protocol.error(ServiceError("InternalFailure", "A fault of the stand-in: see its log", status=500))


def error_of(service: str, fault: Fault) -> ServiceError:
    """Return the service's error for a fault of kind `error` or `down`."""
    if fault.kind == "down":
        return ServiceError("ServiceUnavailable", "The service is down", status=503)
    if fault.code == "throttled":
        code = THROTTLE.get(service, "ThrottlingException")
        return ServiceError(code, "Rate exceeded", status=fault.status or 429)
    return ServiceError(fault.code, fault.message, status=fault.status)


def _spoil(state: State, call: Call, fault: Fault, parameters: Parameters, output: dict[str, Any]) -> Response:
    protocol = state.protocols[call.service]
    shape = protocol.operation(call.operation).output_shape
    if fault.kind == "unknown-status" and shape is not None:
        return protocol.serialise(call.operation, _restate(shape, output, fault.value), checked=False)
    if fault.kind == "repeat-token" and shape is not None:
        usual = next(((token, token) for token in TOKENS if token in shape.members), None)
        names = call.player.token_names(call.operation) or usual
        if names is not None:
            asked, returned = names
            scope = scope_of(call.operation, parameters)
            output[returned] = parameters.get(asked) or output.get(returned) or write_token(scope, 0)
        return protocol.serialise(call.operation, output)
    return spoil_body(protocol.serialise(call.operation, output), fault)


def spoil_body(response: Response, fault: Fault) -> Response:
    """Return an answer with its body truncated or malformed; other faults leave it as it is."""
    if fault.kind == "truncated":
        return replace(response, body=response.body[: len(response.body) // 2])
    if fault.kind == "malformed":
        return replace(response, status=200, body=b"<html><body>Bad gateway</body></html>")
    return response


def _restate(shape: Shape, value: Any, word: str) -> Any:
    """`value` with every status (a member named …status that has an enum) replaced by `word`."""
    if value is None:
        return None
    if isinstance(shape, StructureShape):
        return {
            name: word if _is_status(name, shape.members[name]) else _restate(shape.members[name], item, word)
            for name, item in value.items()
        }
    if isinstance(shape, ListShape):
        return [_restate(shape.member, item, word) for item in value]
    if isinstance(shape, MapShape):
        return {key: _restate(shape.value, item, word) for key, item in value.items()}
    return value


def _is_status(name: str, shape: Shape) -> bool:
    return name.lower().endswith("status") and isinstance(shape, StringShape) and bool(shape.enum)
