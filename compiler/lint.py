"""Checks templates with cfn-lint, all files at once, and against AWS's limits.

Nested stacks are checked against their parent: cfn-lint follows a `TemplateURL` that is a relative path, so it gets
a copy of the root with such paths, and checks every parameter and output between stacks with them.
"""

import functools
import gc
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from compiler.contract import RootParameter, template_parameter
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from compiler.root import template_url

if TYPE_CHECKING:
    from cfnlint.config import ConfigMixIn
    from cfnlint.match import Match
    from cfnlint.rules._rules import Rules

WAIVED: Mapping[str, str] = {
    "W3002": "relative paths stand only in the copy of the root that the linter gets",
    "W6001": "the root outputs the subnets of tasks, for tasks that a deploy starts, also where it imports them",
    "W3691": "RDS chooses the minor version of PostgreSQL; the rule accepts minor versions only",
}
"""Rules of cfn-lint that do not count anywhere, each with its reason."""

WAIVED_FOR_ADDRESSES: Mapping[str, str] = {
    "W2001": "the root's parameters with the addresses of templates are unused only in the copy",
}
"""Rules that do not count for the parameters that hold addresses, each with its reason."""

Severity = Literal["error", "warning", "info"]

SEVERITIES: Mapping[str, Severity] = {"error": "error", "warning": "warning", "informational": "info"}

_DESCRIPTION = re.compile(r"^Description: '[\w :,./-]{1,512}'$", re.MULTILINE | re.ASCII)
"""What a nested template is for, which has the name of the environment: any such text of fewer than 1,024 bytes is
right. Source: "CloudFormation template Description syntax", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-description-structure.html"""

INLINE_BYTES = 51_200
"""The longest template that CloudFormation takes in a request; the bootstrap template cannot come from its own bucket,
and that of a network needs no bucket.
cfn-lint itself knows the other limits: 1 MB, 500 resources, 200 parameters, 200 outputs."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing a check found in a template; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    rule: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.rule} {self.message}"


def lint(templates: TemplateSet, *, region: str, cache: Path | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with templates in a region, nothing if they are clean.

    Each template that is clean is remembered in the folder `cache`, under the hash of everything that its findings
    depend on; the others are linted.
    """
    marks = {name: cache / _key(templates, name, region) for name in templates.files} if cache else {}
    unknown = [name for name in templates.files if name not in marks or not marks[name].exists()]
    if not unknown:
        return ()
    findings = tuple(sorted({*_too_long(templates), *_cfn_lint(templates, region, unknown)}, key=_place))
    faulty = {finding.file for finding in findings}
    for name in (name for name in unknown if name in marks and name not in faulty):
        marks[name].parent.mkdir(parents=True, exist_ok=True)
        marks[name].touch()
    return findings


def _key(templates: TemplateSet, name: str, region: str) -> str:
    """Return the hash of what the findings in a template depend on: the root is checked with all nested templates."""
    text = templates.files[name]
    if name == ROOT:
        parts = [*templates.files, *templates.files.values()]
    else:
        parts = [text if name == BOOTSTRAP else _DESCRIPTION.sub("", text, count=1)]
    digest = hashlib.sha256()
    for part in (region, _versions(), name, *parts):
        digest.update(hashlib.sha256(part.encode()).digest())
    return digest.hexdigest()


@functools.cache
def _versions() -> str:
    """Return what tells one linter from another: the version of cfn-lint, and this file."""
    # Reading one small file; importing cfn-lint to ask it would take longer than everything else here together.
    package = find_spec("cfnlint")
    version = Path(package.origin).with_name("version.py").read_text() if package and package.origin else ""
    return version + Path(__file__).read_text(encoding="utf-8")


def _too_long(templates: TemplateSet) -> Iterator[Finding]:
    size = len(templates.files[templates.inline].encode())
    if size > INLINE_BYTES:
        message = f"{size} bytes; CloudFormation takes at most {INLINE_BYTES} in a request"
        yield Finding(file=templates.inline, line=1, column=1, rule="inline-size", message=message, severity="error")


def _cfn_lint(templates: TemplateSet, region: str, names: Sequence[str]) -> list[Finding]:
    """Let cfn-lint read templates by their names; the nested ones are there for the root."""
    # cfn-lint follows relative paths below the current directory only.
    with TemporaryDirectory(prefix="windsock-lint-") as folder, chdir(folder), _without_collections():
        # Start-up speed: this import takes most of a second, and unchanged templates do not need it.
        from cfnlint.runner.template import run_template_by_file_paths  # noqa: PLC0415  # slow to import

        _write(templates)
        matches = list(run_template_by_file_paths(_config(region, names), _rules(region)))
    addresses = {RootParameter.TEMPLATES_URL, *map(template_parameter, templates.nested)}
    return [
        _finding(match)
        for match in matches
        if match.rule.id not in WAIVED_FOR_ADDRESSES or not addresses & set(match.message.split())
    ]


def _config(region: str, names: Sequence[str]) -> "ConfigMixIn":
    """Return the settings for templates in the current directory."""
    from cfnlint.config import ConfigMixIn  # noqa: PLC0415  # slow to import

    settings = Path("settings")
    settings.write_text("{}", encoding="utf-8")  # so that no .cfnlintrc in some folder counts
    arguments = ["--config-file", str(settings), "--regions", region, "--include-checks", "I"]
    return ConfigMixIn([*arguments, "--ignore-checks", *WAIVED, "--template", *names])


@functools.cache
def _rules(region: str) -> "Rules":
    """Return all rules, which take longer to load than a template to lint; they keep what they know of a region."""
    from cfnlint.runner import Runner  # noqa: PLC0415  # slow to import

    _use_own_schemas()
    return Runner(_config(region, [ROOT])).rules


def _use_own_schemas() -> None:
    """Let the schemas of the pinned linter count, and none that `cfn-lint --update-specs` has put on this machine."""
    from cfnlint.data import schemas  # noqa: PLC0415  # slow to import
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415  # slow to import

    folder = Path(schemas.__file__).parent
    PROVIDER_SCHEMA_MANAGER._providers_dir = folder / "providers"  # noqa: SLF001  # there is no option for it
    PROVIDER_SCHEMA_MANAGER._resources_dir = folder / "resources"  # noqa: SLF001  # see above


@contextmanager
def _without_collections() -> Iterator[None]:
    """Switch the garbage collector off: it would walk thousands of rules and schemas, all of them in use."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _write(templates: TemplateSet) -> None:
    for name, text in templates.files.items():
        Path(name).write_text(_with_relative_paths(text, templates.nested) if name == ROOT else text, encoding="utf-8")


def _with_relative_paths(root: str, nested: tuple[str, ...]) -> str:
    for name in nested:
        root = root.replace(f"!Sub {template_url(name).data['Fn::Sub']}\n", f"{name}.yaml\n")
    return root


def _finding(match: "Match") -> Finding:
    return Finding(
        file=Path(match.filename or ROOT).name,
        line=match.linenumber,
        column=match.columnnumber,
        rule=match.rule.id,
        message=match.message,
        severity=SEVERITIES[match.rule.severity],
    )


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.file, finding.line, finding.column, finding.rule, finding.message
