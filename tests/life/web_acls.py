"""The web ACL of `web.waf` before the site of a kept rehearsal whose YAML has none."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from spec.reading.load import load
from tests.life.kept import Kept

STACK = "web-acl"
LEAST = 10
"""The lowest limit that AWS takes."""


@contextmanager
def web_acl(kept: Kept) -> Iterator[Callable[[], int]]:
    """Yield what puts the web ACL before the site, and says how many logins it grants; take it away at the end."""
    env, cloudformation = load(kept.environment), kept.client("cloudformation")
    if env.web.waf:
        yield lambda: env.web.waf_logins
        return

    def put() -> int:
        (balancer,) = kept.client("elbv2").describe_load_balancers()["LoadBalancers"]
        body = json.dumps(_template(env, balancer["LoadBalancerArn"]))
        cloudformation.create_stack(StackName=STACK, TemplateBody=body)
        cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
        return LEAST

    try:
        yield put
    finally:
        cloudformation.delete_stack(StackName=STACK)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})


def _template(env: Environment, balancer: str) -> dict[str, Any]:
    """Return the resources that the compiler makes, for a load balancer that is there."""
    web = env.web.model_copy(update={"waf": True, "waf_logins": LEAST})
    files = compile_environment(env.model_copy(update={"web": web})).files
    edge = read_template(files["edge.yaml"])["Resources"]
    acl, placed = edge["WebAcl"], edge["WebAclAssociation"]
    placed["Properties"]["ResourceArn"] = balancer
    return {"Resources": {"WebAcl": acl, "WebAclAssociation": {**placed, "DependsOn": "WebAcl"}}}
