"""The page that browsers get while an environment sleeps: a rule of the load balancer, which schedules switch.

No request reaches the rule while the environment is awake: it is for a host that does not exist. The schedule that puts
the site to sleep gives it the hosts of the site, ahead of every rule that leads to Airflow.
"""

import json
from collections.abc import Iterator
from typing import Any

from troposphere.elasticloadbalancingv2 import (
    Condition,
    FixedResponseConfig,
    HostHeaderConfig,
    ListenerRule,
    ListenerRuleAction,
)

from compiler.contract import NO_HOST
from compiler.model import stack_values as values
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.resources.load_balancer.priorities import Place, priority
from compiler.resources.schedules import SCHEDULE, OnOff, ScheduledCall
from spec.environment import Environment

SITE = "site"
"""What puts the page up and takes it away is named after this, as other schedules after a service."""

WHEN = "{when}"
"""Stands in the page that the watch beside the scheduler knows for what it then says, such as a time."""

_STATUS, _TYPE = "503", "text/html"
_STYLE = "font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:20vh auto;padding:0 1em"


def asleep_page(env: Environment, when: str = "when something is due") -> str:
    """Return the page: that it sleeps, when it wakes, and how to wake it.

    It tells everybody who reaches the load balancer, so it names no DAG. It looks again twice a minute, and so becomes
    Airflow's own page.
    """
    hours = env.schedule.hours if env.schedule else None
    wakes = f"It is awake {hours.on} ({hours.timezone})." if hours else f"It wakes by itself {when}."
    verb = "deploy" if hours else "open"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="30">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{env.name} is asleep</title><body style="{_STYLE}">'
        f"<h1>{env.name} is asleep</h1><p>{wakes}</p>"
        f"<p>Wake it now with <code>windsock {verb}</code>, which takes some minutes.</p>"
    )


def has_page(env: Environment) -> bool:
    """Whether an environment sleeps, and has a load balancer that can say so."""
    return env.schedule is not None and env.web.has_load_balancer


def site_hosts(env: Environment, own: Any) -> list[Any]:
    """Return the names of the site; `own` is that of the load balancer, which counts where there is no domain."""
    return [env.web.domain] if env.web.domain else [own, *filter(None, [env.airflow.base_host])]


def add_asleep_rule(env: Environment, stack: StackBuilder, listener: Any) -> None:
    """Add the rule to the listener of the site, where the environment sleeps; no request reaches it yet."""
    if not has_page(env):
        return
    page = FixedResponseConfig(StatusCode=_STATUS, ContentType=_TYPE, MessageBody=asleep_page(env))
    rule = ListenerRule(
        values.ASLEEP_RULE.title,
        ListenerArn=listener,
        Priority=priority(env, Place.ASLEEP),
        Conditions=[Condition(Field="host-header", HostHeaderConfig=HostHeaderConfig(Values=[NO_HOST]))],
        Actions=[ListenerRuleAction(Type="fixed-response", FixedResponseConfig=page)],
    )
    stack.output(values.ASLEEP_RULE, stack.add(rule, "Answers browsers while the environment sleeps").ref())


def page_permissions(env: Environment) -> Iterator[Permission]:
    """Yield what the schedules of an environment with a page may do: change that one rule."""
    if has_page(env):
        yield Permission(
            source=SCHEDULE,
            sid="TellVisitors",
            actions=("elasticloadbalancing:ModifyRule",),
            resources=(f"${{{values.ASLEEP_RULE.title}}}",),
            why="browsers are told that it sleeps",
        )


def page_calls(env: Environment, stack: StackBuilder, on: str, off: str) -> Iterator[OnOff]:
    """Yield the calls that take the page away and put it up, by schedules named `on` and `off`, where there is one."""
    for permission in page_permissions(env):
        stack.parameter(values.ASLEEP_RULE)
        if not env.web.domain:
            stack.parameter(values.LOAD_BALANCER_HOST)
        hosts = site_hosts(env, f"${{{values.LOAD_BALANCER_HOST.title}}}")
        page = {"StatusCode": _STATUS, "ContentType": _TYPE, "MessageBody": asleep_page(env)}
        answer = {"Type": "fixed-response", "FixedResponseConfig": page}
        away = ScheduledCall(
            logical_id="SiteWakes",
            name=on,
            description="Leads browsers to the web server again",
            call="elasticloadbalancingv2:modifyRule",
            request=_request([NO_HOST]),
        )
        up = away._replace(
            logical_id="SiteSleeps",
            name=off,
            description="Tells browsers that it sleeps",
            request=_request(hosts, Actions=[answer]),
        )
        yield OnOff(permission=permission, on=away, off=up)


def _request(hosts: list[Any], **more: Any) -> str:
    conditions = [{"Field": "host-header", "HostHeaderConfig": {"Values": hosts}}]
    return json.dumps({"RuleArn": f"${{{values.ASLEEP_RULE.title}}}", "Conditions": conditions, **more})
