"""Reads from schedules how many hours of a month they let services and databases run."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pricing.table import HOURS_PER_MONTH
from pricing.template import StackTemplate

SCHEDULE = "AWS::Scheduler::Schedule"
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY

_CRON = re.compile(r"cron\((\d+) (\d+) \? \* (\S+) \*\)")
_TARGET = re.compile(r'"(?:Service|DbInstanceIdentifier)":"\$\{(\w+)\}"')
_COUNT_ZERO = re.compile(r'"DesiredCount":0\b')


@dataclass(frozen=True)
class _Switch:
    """At `minute` of the week, counted from Monday 00:00, `path` goes on or off."""

    path: str
    minute: int
    on: bool


def hours_of(stacks: Sequence[StackTemplate], awake: float | None = None) -> Mapping[str, float]:
    """Return the hours per month of each resource that schedules switch, by stack and logical id.

    Schedules that somebody moves say no hours; with `awake`, what they switch runs for as many.
    """
    owners = dict(_owners(stacks))
    if awake is not None:
        return {owners[target]: awake for _, _, target in _calls(stacks) if target in owners}
    switches = sorted(_switches(stacks, owners), key=lambda switch: switch.minute)
    paths = dict.fromkeys(switch.path for switch in switches)
    return {path: _awake([switch for switch in switches if switch.path == path]) for path in paths}


def _owners(stacks: Iterable[StackTemplate]) -> Iterator[tuple[str, str]]:
    """Yield the names of all outputs with the path of the resource that each refers to."""
    for stack in stacks:
        for name, output in stack.outputs.items():
            value = output.get("Value")
            if isinstance(value, Mapping) and (resource := value.get("Ref") or value.get("Fn::GetAtt")):
                logical_id = resource if isinstance(resource, str) else resource[0]
                yield name, f"{stack.name}/{logical_id.partition('.')[0]}"


def _switches(stacks: Iterable[StackTemplate], owners: Mapping[str, str]) -> Iterator[_Switch]:
    for expression, on, target in _calls(stacks):
        if target in owners:
            for minute in _minutes(expression):
                yield _Switch(owners[target], minute, on)


def _calls(stacks: Iterable[StackTemplate]) -> Iterator[tuple[str, bool, str]]:
    """Yield of each schedule its expression, whether it starts something, and what."""
    for stack in stacks:
        for _, schedule in stack.of_type(SCHEDULE):
            call = str(_text(schedule["Target"]["Arn"])).rpartition(":")[2]
            request = _text(schedule["Target"].get("Input", ""))
            if target := _TARGET.search(request):
                on = call == "startDBInstance" or (call == "updateService" and not _COUNT_ZERO.search(request))
                yield str(schedule["ScheduleExpression"]), on, target[1]


def _text(value: Any) -> str:
    return str(value.get("Fn::Sub", "") if isinstance(value, Mapping) else value)


def _minutes(expression: str) -> Iterator[int]:
    """Yield the minutes of the week at which a schedule acts; nothing for one that is not weekly."""
    if match := _CRON.fullmatch(expression):
        for day in match[3].split(","):
            yield DAYS.index(day) * MINUTES_PER_DAY + int(match[2]) * 60 + int(match[1])


def _awake(switches: Sequence[_Switch]) -> float:
    """Return hours per month between each start and the next stop, also across the end of the week."""
    around = [*switches[1:], switches[0]]
    spans = [
        (then.minute - now.minute) % MINUTES_PER_WEEK or MINUTES_PER_WEEK
        for now, then in zip(switches, around, strict=True)
        if now.on
    ]
    return sum(spans) / MINUTES_PER_WEEK * HOURS_PER_MONTH
