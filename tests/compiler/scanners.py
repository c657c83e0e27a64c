"""What scanners of templates find in examples and a large environment, beside the reasons of docs/security.md."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from deployer.stacks.template_diff import resources

ROOT = Path(__file__).parents[2]
_COMPILED = (ROOT / "templates_out" / "demo", *sorted((ROOT / "examples" / "templates_out").iterdir()))
EXAMPLES = {
    **{folder.name: folder for folder in _COMPILED},
    "largest": ROOT / "tests" / "golden" / "templates" / "largest" / "expected",
}
"""The compiled templates of each, by its name; the largest has nearly all that can be had, copies by AWS Backup too."""
PAGE = """# What {scanner} finds, in figures

Without suppressions. [security.md](../security.md#what-{anchor}-finds) gives the reason for each check that fails.

| example | resources | failed checks | per 10 resources |
|---|---|---|---|
"""

Finding = tuple[str, str]
"""An example, and the id of a check that fails in it."""


def copy_examples(folder: Path) -> None:
    """Copy the templates of all examples below a folder, which names no place of this checkout."""
    for name, compiled in EXAMPLES.items():
        shutil.copytree(compiled, folder / name)


def checks_with_reasons(prefix: str) -> set[str]:
    """Return the checks whose ids begin so and for which docs/security.md gives a reason."""
    row = re.compile(rf"^\| ({prefix}[\w.]+), [^|]+\| [^|]{{20,}}\|$", re.MULTILINE)
    return set(row.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))


def figures(scanner: str, failed: Sequence[Finding]) -> str:
    """Return the page that counts the resources of each example, and the checks that fail for every ten of them."""
    rows = (_row(name, failed) for name in EXAMPLES)
    return PAGE.format(scanner=scanner, anchor=scanner.lower().replace(" ", "-")) + "".join(rows)


def _row(example: str, failed: Sequence[Finding]) -> str:
    count = sum(len(resources(file.read_text(encoding="utf-8"))) for file in EXAMPLES[example].glob("*.yaml"))
    found = sum(name == example for name, _ in failed)
    return f"| {example} | {count} | {found} | {10 * found / count:.2f} |\n"
