"""Puts the templates that are deployed together from what was observed of them."""

from compiler.contract import snake
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from deployer.plans.observed import Observed
from deployer.stacks.replacement_guard import is_same, nested_files


def deployed_templates(observed: Observed, new: TemplateSet) -> TemplateSet:
    """Return the templates of what stands; none of a stack that does not.

    Of the nested ones only those that differ from `new` were read: the others are the same.
    """
    stack, files = observed.deployed, nested_files(new)
    same = {name: text for name, text in files.items() if stack and is_same(stack, name, files)}
    nested = {snake(name): text for name, text in {**same, **observed.nested_templates}.items()}
    own = {ROOT: observed.root_template, BOOTSTRAP: observed.bootstrap.template}
    return TemplateSet(
        name=new.name,
        files={
            **{file: text for file, text in own.items() if text},
            **{f"{name}.yaml": text for name, text in nested.items()},
        },
        nested=tuple(nested),
    )
