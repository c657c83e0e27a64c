"""The handlers of CloudFormation resource types, and how corrections replace them."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping
from typing import Any, Literal

from ministack.core.responses import get_region
from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.patches import rebinding
from rehearsal.emulator.rules.settings import Settings
from rehearsal.emulator.service_models import botocore_session

Handler = Callable[..., Any]
Attributes = dict[str, Any]
Created = tuple[str, Attributes]
"""Physical id and attributes."""
TAKES = {
    "create": "logical_id props stack_name",
    "update": "physical_id old_props new_props stack_name",
    "delete": "physical_id props",
}
LOGICAL_ID = "update_with_logical_id"
"""Says in MiniStack's table that an update takes the logical id too; all of ours do."""


class ResourceHandlers:
    """MiniStack's table of handlers; ours run on worker threads and call the emulator's API."""

    def __init__(self, settings: Settings, access: Access) -> None:
        self._endpoint_url = f"http://127.0.0.1:{settings.gateway_port}"
        self._access = access
        self._ours: set[str] = set()
        self._clients: dict[tuple[str, str], Any] = {}

    def apply(self) -> None:
        """Let our handlers run on worker threads: on the event loop their own API calls would get no answer."""
        rebinding.rebind(
            stacks,
            "_runs_on_worker_thread",
            lambda original: lambda kind: kind in self._ours or original(kind),
            takes="resource_type",
        )

    def original(self, kind: str, action: Literal["create", "update", "delete"]) -> Handler:
        """Return the handler that MiniStack has for a resource type.

        Raises:
            MiniStackChanged: it has none, or one that takes something else.
        """
        where = f"the {action} handler of {kind}"
        handlers = provisioners._RESOURCE_HANDLERS.get(kind) or {}
        if action not in handlers:
            raise rebinding.MiniStackChanged(f"{where} is missing")
        takes = TAKES[action]
        if action == "update" and handlers.get(LOGICAL_ID):
            takes = f"{takes} logical_id"
        rebinding.require_parameters(handlers[action], where, takes)
        found: Handler = handlers[action]
        return found

    def put(
        self,
        kind: str,
        *,
        create: Handler | None = None,
        update: Handler | None = None,
        delete: Handler | None = None,
    ) -> None:
        """Replace some handlers of a resource type, or add a type; an update takes the logical id last."""
        ours = {"create": create, "update": update, "delete": delete, LOGICAL_ID: True if update else None}
        theirs = provisioners._RESOURCE_HANDLERS.get(kind) or {}
        provisioners._RESOURCE_HANDLERS[kind] = {**theirs, **{name: one for name, one in ours.items() if one}}
        self._ours.add(kind)

    def api(self, service: str) -> Any:
        """Return a client of the emulator's own API, for the region of the current request."""
        key = (service, get_region())
        if key not in self._clients:
            keys = self._access.keys
            self._clients[key] = self._client(service, keys.access_key, keys.secret_key)
        return self._clients[key]

    def api_of_role(self, service: str, keys: Mapping[str, str]) -> Any:
        """Return a client of the emulator's API with the credentials of a role."""
        return self._client(service, keys["AccessKeyId"], keys["SecretAccessKey"], keys["Token"])

    def _client(self, service: str, access_key: str, secret_key: str, token: str | None = None) -> Any:
        return botocore_session().create_client(
            service,
            region_name=get_region(),
            endpoint_url=self._endpoint_url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token,
        )
