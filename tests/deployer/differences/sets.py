"""Template sets for the tests of differences: the example environment, and small ones that are written out."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from compiler.compile import compile_environment
from compiler.contract import title
from compiler.model.template_set import ROOT, TemplateSet
from spec.reading.load import parse

ROOT_FOLDER = Path(__file__).parents[3]
EXAMPLE = (ROOT_FOLDER / "env.example.yaml").read_text(encoding="utf-8")


@cache
def example(*replaced: tuple[str, str]) -> TemplateSet:
    """Return the templates of the example, with parts of its text replaced; each part must be there."""
    text = EXAMPLE
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return compile_environment(parse(text, "env.yaml"))


def small(**resources: Mapping[str, object]) -> TemplateSet:
    """Return a template set with one nested stack, `things`, of these resources."""
    root = {"Resources": {title("things"): {"Type": "AWS::CloudFormation::Stack", "Properties": {}}}}
    files = {ROOT: yaml.safe_dump(root), "things.yaml": yaml.safe_dump({"Resources": resources})}
    return TemplateSet(name="small", files=files, nested=("things",))
