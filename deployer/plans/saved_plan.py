"""A plan that was saved to be executed later: what it rests on, so that a world that has moved is noticed."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from compiler.model.template_set import TemplateSet
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from spec.errors import Refusal


class SavedPlanRefusal(Refusal):
    """A saved plan cannot be executed any more."""


@dataclass(frozen=True, kw_only=True)
class SavedPlan:
    """What a plan rests on: which environment, and the SHA-256 of everything that it was made of."""

    environment: str
    account: str
    region: str
    made: str
    templates: str
    code: str
    deployed: str
    steps: str


_PARTS = {
    "environment": "the environment",
    "account": "the account",
    "region": "the region",
    "templates": "the templates",
    "code": "the code",
    "deployed": "what is deployed",
    "steps": "what is to be done",
}
"""Words for the parts; the time at which a plan was made is no reason to refuse it."""


def saved(plan: Plan, observed: Observed, templates: TemplateSet) -> SavedPlan:
    """Return what is to be saved of a plan."""
    seen = (observed.stack, observed.state, observed.code, observed.pointer, observed.services, observed.secrets)
    deployed = (*seen, observed.drift.changes)
    return SavedPlan(
        environment=plan.name,
        account=observed.account,
        region=observed.region,
        made=observed.now.isoformat(),
        templates=_sha256(json.dumps(dict(templates.files), sort_keys=True)),
        code=plan.code_version,
        deployed=_sha256(repr(deployed)),
        steps=_sha256(repr([(step.name, step.need, step.reason) for step in plan.steps])),
    )


def write(plan: SavedPlan, path: Path) -> None:
    """Write a plan to a file."""
    path.write_text(json.dumps(asdict(plan), indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> SavedPlan:
    """Read a plan from a file; raises `SavedPlanRefusal`."""
    try:
        return SavedPlan(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SavedPlanRefusal(
            f"There is no file {path}.", next_step="`windsock deploy --plan --plan-file FILE` writes one."
        ) from None
    except (OSError, ValueError, TypeError):
        raise SavedPlanRefusal(
            f"{path} is no plan of this Windsock.", next_step="`windsock deploy --plan --plan-file FILE` writes one."
        ) from None


def refuse_moved(saved_: SavedPlan, present: SavedPlan) -> None:
    """Refuse to execute a plan when what it rests on has changed since. Raises `SavedPlanRefusal`."""
    moved = [words for part, words in _PARTS.items() if getattr(saved_, part) != getattr(present, part)]
    if moved:
        raise SavedPlanRefusal(
            f"The plan of {saved_.made} does not hold any more; nothing was changed.",
            why=f"These are not as they were: {', '.join(moved)}.",
            next_step="Make and review a new one with `windsock deploy --plan --plan-file FILE`.",
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
