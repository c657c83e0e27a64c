"""Answers the guard of the API: whose key signed a request, and whether its principal may make the call."""
# ruff: noqa: SLF001  MiniStack has no public names for its tables

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import iam

from rehearsal.emulator.api import request_lengths
from rehearsal.emulator.api.signed_request import Denial, Signature, SignedRequest
from rehearsal.emulator.iam import api_call, key_use, requirements
from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.decisions import AccessDeniedError, Decisions
from rehearsal.emulator.iam.principals import EMULATOR, Principal, Principals
from rehearsal.emulator.iam.requirements import Requirement, State, UnknownActionError
from rehearsal.emulator.rules.settings import Settings

ACCESS_DENIED = "AccessDenied"
ASSUME_ROLE = "sts:AssumeRole"
PRIVATE = "/_ministack/"
"""MiniStack's own paths, which are no API of AWS."""

NOT_FOR_TASKS = Denial(ACCESS_DENIED, "Only the owner of this session may use the emulator's own paths.")

Listener = Callable[[ApiCall, Principal], None]
"""Hears of each call that was allowed, before it is answered."""
Gate = Callable[[str, str], bool]
"""Says whether the network keeps an address from the API of a service."""
Way = Callable[[str, str], Any]
"""Returns the policy of the endpoint by which an address calls the API of a service; None where there is none."""


class Authorizer:
    """Authenticates and authorizes the calls of one emulator."""

    def __init__(self, settings: Settings, principals: Principals, decisions: Decisions, state: State) -> None:
        self._settings = settings
        self._principals = principals
        self._decisions = decisions
        self._state = state
        self.listeners: list[Listener] = []
        self.gates: list[Gate] = []
        self.ways: list[Way] = []

    def secret_key_of(self, signature: Signature, token: str) -> str | None:
        """Return the secret key for the access key of a signature; None when there is no such key."""
        with request_scope(self._settings.account, self._settings.region):
            return self._principals.secret_key_of(signature.access_key, token)

    def is_emulator(self, signature: Signature) -> bool:
        """Whether the emulator calls itself."""
        return signature.access_key == EMULATOR

    def is_out_of_reach(self, address: str, service: str) -> bool:
        """Whether the network keeps who calls from an address from the API of a service."""
        with request_scope(self._settings.account, self._settings.region):
            return any(gate(address, service) for gate in self.gates)

    def refuse(self, request: SignedRequest, signature: Signature) -> Denial | None:
        """Return why the principal of a request may not make its call, or not in this form; None when it may."""
        if signature.access_key == EMULATOR:
            return None
        if request.path.startswith(PRIVATE):
            return None if signature.access_key == self._settings.account else NOT_FOR_TASKS
        with request_scope(self._settings.account, self._settings.region):
            principal = self._principals.find(signature.access_key)
            call = api_call.read(request, signature, self._settings.account)
            try:
                for requirement in requirements.of_call(call, self._state):
                    self._decisions.require(principal, requirement)
                    self._require_trust(principal, requirement)
                    for way in self.ways:
                        self._decisions.require_way(principal, requirement, way(request.address, signature.service))
                for requirement in key_use.of_call(call, self._state):
                    self._decisions.require(principal, requirement)
            except AccessDeniedError as denied:
                return Denial(ACCESS_DENIED, str(denied))
            except UnknownActionError:
                return Denial(ACCESS_DENIED, _unknown(call, request))
            service = api_call.MODELS.get(signature.service, signature.service)
            if denial := request_lengths.refusal(service, call.operation, call.parameters):
                return denial
            for listener in self.listeners:
                listener(call, principal)
            return None

    def _require_trust(self, principal: Principal, requirement: Requirement) -> None:
        """Check that a role trusts who wants to assume it."""
        if requirement.action != ASSUME_ROLE:
            return
        role = iam._roles.get(requirement.resource.rpartition("/")[2]) or {}
        if not iam_evaluator.evaluate_trust_policy(role.get("AssumeRolePolicyDocument", "{}"), principal.arn):
            self._decisions.refuse(principal, requirement, "because no resource-based policy allows the action")


def _unknown(call: ApiCall, request: SignedRequest) -> str:
    """Return what this emulator says, and AWS would not: it cannot judge what it does not know."""
    what = f"{request.method} {request.path}" if call.operation == api_call.UNKNOWN else call.action
    return f"The emulator cannot tell who may call {what}: the Service Authorization Reference does not have it."
