"""The table of CloudFormation resource handlers, and how one of ours gets into it."""
# ruff: noqa: SLF001  what needs correcting is not public

import functools
from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners, stacks

Handler = Callable[..., Any]
Attributes = dict[str, Any]
Created = tuple[str, Attributes]
"""Physical id and attributes."""

_ours: set[str] = set()
_gateway = {"port": 0}


def prepare(gateway_port: int) -> None:
    """Let our handlers run on worker threads: they call the gateway, which answers on the event loop."""
    _gateway["port"] = gateway_port
    theirs = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind in _ours or theirs(kind)


def theirs(kind: str) -> Mapping[str, Handler]:
    """The handlers MiniStack has for a resource type."""
    return dict(provisioners._RESOURCE_HANDLERS.get(kind) or {})


def put(kind: str, **handlers: Any) -> None:
    """Replace some handlers of a resource type, or add a type."""
    provisioners._RESOURCE_HANDLERS[kind] = {**theirs(kind), **handlers}
    _ours.add(kind)


@functools.cache
def _client(service: str, region: str, account: str, port: int) -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=account,
        aws_secret_access_key="emulator",  # noqa: S106  the emulator knows accounts, not secrets
    )


def api(service: str) -> Any:
    """A client of the emulator's own API, for the account and region of the request being served."""
    return _client(service, get_region(), get_account_id(), _gateway["port"])
