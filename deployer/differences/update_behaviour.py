"""Says what CloudFormation does to a resource when one of its properties changes, as the registry schemas say.

Source: `createOnlyProperties` and `conditionalCreateOnlyProperties` of the CloudFormation registry schemas,
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html, as bundled with cfn-lint.
"""

import json
import re
from functools import cache
from pathlib import Path

from deployer.differences.difference import Effect

FILE = Path(__file__).with_suffix(".json")
_ITEM = re.compile(r"\[[^]]*\]")


def effect(type_: str, path: str) -> Effect:
    """Return what a change of the property at `path`, such as `VpcConfig.Subnets[0]`, does to a resource of this type.

    A change above or below a create-only property counts as one of it. What has no schema here changes in place.
    """
    schema, changed = _schemas().get(type_, {}), _ITEM.sub("", path)
    if any(_meets(changed, listed) for listed in schema.get("always", ())):
        return Effect.REPLACE
    if any(_meets(changed, listed) for listed in schema.get("sometimes", ())):
        return Effect.MAY_REPLACE
    return Effect.IN_PLACE


def _meets(changed: str, listed: str) -> bool:
    return f"{changed}.".startswith(f"{listed}.") or f"{listed}.".startswith(f"{changed}.")


@cache
def _schemas() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
