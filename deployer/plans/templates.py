"""Decides whether the bootstrap stack is to be changed, which templates are uploaded, and which images they name."""

from collections.abc import Mapping

from compiler.contract import FOREIGN_IMAGES
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.plans.observed import Observed
from deployer.stacks.bootstrap import bootstrap_target
from deployer.stacks.change_sets import has_settings
from deployer.stacks.statuses import Action, action_of
from deployer.stacks.upload_templates import refuse_overwritten, template_objects
from deployer.steps.code.foreign_images import PinForeignImages
from deployer.steps.stacks.bootstrap import EnsureBootstrap
from deployer.steps.stacks.templates import UploadTemplates
from deployer.steps.step import Need
from spec.environment import Environment


def bootstrap_step(env: Environment, templates: TemplateSet, observed: Observed) -> EnsureBootstrap:
    """Return the step that makes the bootstrap stack what it should be."""
    seen, stack = observed.bootstrap, observed.bootstrap.stack
    target = bootstrap_target(env, templates, stack)
    if stack is None:
        return EnsureBootstrap(need=Need.YES, reason="there is none yet", templates=templates)
    # A teardown wanted to delete it just as somebody began to use it.
    in_use = stack.status == "DELETE_FAILED" and seen.bucket
    same = has_settings(stack, target) and same_text(seen.template, target.body)
    if action_of(stack) is Action.UPDATE and not seen.bucket:
        return EnsureBootstrap(need=Need.YES, reason="somebody deleted its bucket", templates=templates)
    if in_use or (same and action_of(stack) is Action.UPDATE):
        return EnsureBootstrap(need=Need.NO, reason="it is as it should be", templates=templates)
    return EnsureBootstrap(need=Need.YES, reason=f"it differs or is {stack.status}", templates=templates)


def templates_step(env: Environment, templates: TemplateSet, observed: Observed) -> UploadTemplates:
    """Return the step that uploads what the bucket lacks. Raises `Refusal` where it holds another text."""
    wanted = template_objects(templates, expiring=env.ttl is not None)
    stored = observed.bootstrap.stored_templates
    refuse_overwritten(wanted, stored)
    missing = tuple(key for key in wanted if key not in stored)
    return UploadTemplates(
        need=Need.YES if missing else Need.NO,
        reason=f"the bucket lacks {len(missing)}" if missing else "the bucket holds them",
        templates=templates,
        missing=missing,
    )


def same_text(deployed: str, wanted: str) -> bool:
    """Return whether two templates are the same, but for the space around them."""
    return deployed.strip() == wanted.strip()


def pin_step(templates: TemplateSet, observed: Observed, *, refresh: bool) -> PinForeignImages:
    """Return the step: a new environment asks for every image, one that stands for another tag, or to `refresh` all.

    What stands keeps what it has: a registry that moves a tag changes nothing by itself.
    """
    wanted, before = _tags(templates.files[ROOT]), _tags(observed.root_template)
    stack = observed.deployed
    kept = {
        parameter: stack.parameters.get(parameter, tag)
        for parameter, tag in wanted.items()
        if stack is not None and not refresh and before.get(parameter, tag) == tag
    }
    tags = {parameter: tag for parameter, tag in wanted.items() if parameter not in kept}
    return PinForeignImages(reason=_reason(tags, refresh=refresh), tags=tags, known=kept)


def _tags(root: str) -> Mapping[str, str]:
    parameters = (read_template(root) or {}).get("Parameters", {}) if root else {}
    return {name: str(parameters[name]["Default"]) for name in FOREIGN_IMAGES if name in parameters}


def _reason(tags: Mapping[str, str], *, refresh: bool) -> str:
    if not tags:
        return "every image has the digest that it was deployed with"
    why = "to be taken anew" if refresh else "by tag alone"
    return f"{why}: {', '.join(tags.values())}"
