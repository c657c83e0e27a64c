"""Decides which images of other registries a deploy asks the digest of, and which stay as they are."""

from collections.abc import Mapping

from compiler.contract import FOREIGN_IMAGES
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.plans.observed import Observed
from deployer.steps.code.foreign_images import PinForeignImages


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
