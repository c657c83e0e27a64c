"""The rules of a listener for one site: what is closed to visitors, what needs no login, and what Airflow answers."""

from typing import Any

from troposphere.elasticloadbalancingv2 import (
    Condition,
    ListenerRule,
    ListenerRuleAction,
    PathPatternConfig,
    TargetGroup,
)

from compiler.logins.roster import login_of
from compiler.model.stack import StackBuilder
from compiler.resources.load_balancer.listeners import nothing
from compiler.resources.load_balancer.priorities import Place, priority
from spec.environment import Environment

FORWARD_ORDER = 2  # after the action that asks people to log in


def close_internal_paths(env: Environment, stack: StackBuilder, listener: Any, *site: Condition) -> None:
    """Answer for the webservers what no visitor needs: tasks call them by their private name.

    A site under a path answers without it too. One rule has not enough room for both: five values of conditions.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    """
    patterns = env.airflow.release.web.internal_paths
    if not patterns:
        return
    paths = {"": ("", Place.INTERNAL)}
    if env.airflow.base_path:
        paths["BelowPath"] = (env.airflow.base_path, Place.INTERNAL_BELOW_PATH)
    refuse = ListenerRuleAction(Type="fixed-response", FixedResponseConfig=nothing("There is no such page here."))
    for suffix, (path, place) in paths.items():
        closed = [f"{path}{pattern}" for pattern in patterns]
        rule = ListenerRule(
            f"InternalRule{suffix}",
            ListenerArn=listener,
            Priority=priority(env, place),
            Conditions=[*site, Condition(Field="path-pattern", PathPatternConfig=PathPatternConfig(Values=closed))],
            Actions=[refuse],
        )
        stack.add(rule, "Closes the API of tasks, and the descriptions of all APIs, to visitors")


def add_rules(env: Environment, stack: StackBuilder, listener: Any, targets: TargetGroup, site: Condition) -> None:
    """Forward the requests for a site to its webservers, behind a login at the load balancer where there is one."""
    forward = ListenerRuleAction(Type="forward", Order=FORWARD_ORDER, TargetGroupArn=targets.ref())
    auth = login_of(env).alb_auth(stack) if env.web.load_balancer_auth else None
    if auth and env.web.ungated_api:
        paths = Condition(Field="path-pattern", PathPatternConfig=PathPatternConfig(Values=_program_paths(env)))
        programs = ListenerRule(
            "ProgramsRule",
            ListenerArn=listener,
            Priority=priority(env, Place.PROGRAMS),
            Conditions=[site, paths],
            Actions=[forward],
        )
        stack.add(
            programs,
            "Forwards REST API requests, which bring a password or a token, without a login at the load balancer",
        )
    rule = ListenerRule(
        "SiteRule",
        ListenerArn=listener,
        Priority=priority(env, Place.SITE),
        Conditions=[site],
        Actions=[*([auth] if auth else []), forward],
    )
    stack.add(rule, "Forwards requests for the site to the webservers")


def _program_paths(env: Environment) -> list[str]:
    web, path = env.airflow.release.web, env.airflow.base_path
    return [f"{path}{web.api_path}/*", *([f"{path}{web.auth_prefix}/token"] if web.login == "token" else [])]
