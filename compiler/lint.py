"""Checks templates with cfn-lint, all files at once, and against AWS's limits.

Nested stacks are checked against their parent: cfn-lint follows a `TemplateURL` that is a relative path, so it gets
a copy of the root with such paths, and checks every parameter and output between stacks with them.
"""

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from compiler.contract import RootParameter, template_parameter
from compiler.model.template_set import BOOTSTRAP, ROOT, Finding, Severity, TemplateSet
from compiler.root import template_url

if TYPE_CHECKING:
    from cfnlint.match import Match

WAIVED: Mapping[str, str] = {
    "W3002": "relative paths stand only in the copy of the root that the linter gets",
    "W3691": "RDS chooses the minor version of PostgreSQL; the rule accepts minor versions only",
}
"""Rules of cfn-lint that do not count anywhere, each with its reason."""

WAIVED_FOR_ADDRESSES: Mapping[str, str] = {
    "W2001": "the root's parameters with the addresses of templates are unused only in the copy",
}
"""Rules that do not count for the parameters that hold addresses, each with its reason."""

SEVERITIES: Mapping[str, Severity] = {"error": "error", "warning": "warning", "informational": "info"}

INLINE_BYTES = 51_200
"""The longest template that CloudFormation takes in a request; the bootstrap template cannot come from its own bucket.
cfn-lint itself knows the other limits: 1 MB, 500 resources, 200 parameters, 200 outputs."""


def lint(templates: TemplateSet, *, region: str, cache: Path | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with templates in a region, nothing if they are clean.

    Clean results are remembered in the folder `cache`, under the hash of everything they depend on.
    """
    mark = cache / _key(templates, region) if cache else None
    if mark and mark.exists():
        return ()
    findings = tuple(sorted({*_too_long(templates), *_cfn_lint(templates, region)}, key=_place))
    if mark and not findings:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return findings


def _key(templates: TemplateSet, region: str) -> str:
    digest = hashlib.sha256()
    for text in (region, _versions(), *templates.files, *templates.files.values()):
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()


def _versions() -> str:
    """Return what tells one linter from another: the version of cfn-lint, and this file."""
    # Reading one small file; importing cfn-lint to ask it would take longer than everything else here together.
    package = find_spec("cfnlint")
    version = Path(package.origin).with_name("version.py").read_text() if package and package.origin else ""
    return version + Path(__file__).read_text(encoding="utf-8")


def _too_long(templates: TemplateSet) -> Iterator[Finding]:
    size = len(templates.files[BOOTSTRAP].encode())
    if size > INLINE_BYTES:
        message = f"{size} bytes; CloudFormation takes at most {INLINE_BYTES} in a request"
        yield Finding(file=BOOTSTRAP, line=1, column=1, rule="inline-size", message=message, severity="error")


def _cfn_lint(templates: TemplateSet, region: str) -> list[Finding]:
    # Start-up speed: this import takes most of a second, and unchanged templates do not need it.
    from cfnlint.config import ConfigMixIn  # noqa: PLC0415  # slow to import
    from cfnlint.runner import Runner  # noqa: PLC0415  # slow to import

    # cfn-lint follows relative paths below the current directory only.
    with TemporaryDirectory(prefix="windsock-lint-") as folder, chdir(folder), _without_collections():
        _write(templates)
        settings = Path("settings")
        settings.write_text("{}", encoding="utf-8")  # so that no .cfnlintrc in some folder counts
        arguments = ["--config-file", str(settings), "--regions", region, "--include-checks", "I"]
        config = ConfigMixIn([*arguments, "--ignore-checks", *WAIVED, "--template", *templates.files])
        matches = list(Runner(config).run())
    addresses = {RootParameter.TEMPLATES_URL, *map(template_parameter, templates.nested)}
    return [
        _finding(match)
        for match in matches
        if match.rule.id not in WAIVED_FOR_ADDRESSES or not addresses & set(match.message.split())
    ]


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
