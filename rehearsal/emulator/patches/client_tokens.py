"""A request with the token of an earlier one is answered like that one: it runs no second task and makes no change set.

Sources: "Ensuring idempotency", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html; RunTask
(ConflictException); CreateChangeSet (ClientToken), AWS CloudFormation API Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation, ecs
from ministack.services.cloudformation import _change_sets, helpers

from rehearsal.emulator.patches.rebinding import rebind_action

OK = 200
CONFLICT = "The clientToken is already in use with a different RunTask request."

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Remember tokens and their answers, for as long as the emulator runs."""
    rebind_action(ecs, "RunTask", _running_once)
    rebind_action(cloudformation, "CreateChangeSet", _creating_once)


def _running_once(answer: Answering) -> Answering:
    answers: dict[tuple[str, str], tuple[str, Any]] = {}

    def run_once(request: dict[str, Any]) -> Any:
        token = request.get("clientToken")
        if not token:
            return answer(request)
        key, asked = (str(request.get("cluster", "")), token), json.dumps(request, sort_keys=True)
        if key in answers:
            before, answered = answers[key]
            return answered if before == asked else ecs.error_response_json("ConflictException", CONFLICT, 400)
        status, headers, body = answer(request)
        if status == OK and json.loads(body).get("tasks"):
            answers[key] = (asked, (status, dict(headers), body))
        return status, headers, body

    return run_once


def _creating_once(answer: Answering) -> Answering:
    answers: dict[tuple[str, str, str], tuple[str, Any]] = {}

    def create_once(request: dict[str, Any]) -> Any:
        names = (helpers._p(request, name) for name in ("StackName", "ChangeSetName", "ClientToken"))  # noqa: SLF001  not public
        stack, name, token = names
        made, answered = answers.get((stack, name, token), ("", None))
        if token and made in _change_sets:
            return answered
        before = set(_change_sets)
        status, headers, body = answer(request)
        new = [arn for arn in set(_change_sets) - before if _change_sets[arn]["ChangeSetName"] == name]
        if status == OK and new:
            answers[stack, name, token] = (new[0], (status, dict(headers), body))
        return status, headers, body

    return create_once
