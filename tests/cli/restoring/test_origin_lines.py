"""The lines of a restored database come into a YAML however that is laid out, and nothing else of it changes."""

import pytest

from cli.restoring.origin_lines import UnwritableYaml, origin_lines, with_lines
from deployer.restore import Deployed
from spec.reading.load import parse
from spec.sections.database import Rds
from tests.deployer.fakes.environment import YAML

FIRST = Deployed(path="Database/Instance", instance="db-FIRST", generation=1)
SECOND = Deployed(path="Database/Instance2", instance="db-SECOND", generation=2)
TIME = "2026-11-29T07:30:00Z"
SEED = "arn:aws:secretsmanager:us-west-2:123456789012:secret:FernetSeed-AbCdEf"
WRITTEN = """  restore_from: {instance: db-FIRST, time: "2026-11-29T07:30:00Z", generation: 2}
  former: {}
"""


def _written(section: str, deployed: Deployed = FIRST) -> str:
    text = f"{YAML}{section}"
    env = parse(text, "env.yaml")
    assert isinstance(env.database, Rds)
    return with_lines(text, "env.yaml", env, origin_lines(env.database, deployed, TIME)).removeprefix(YAML)


def test_a_yaml_without_the_section_gets_one() -> None:
    """At its end."""
    assert _written("") == f"\ndatabase:\n{WRITTEN}"


def test_the_lines_stand_at_the_top_of_the_section() -> None:
    """Indented as the keys there, whose comments stay."""
    section = "database:  # small\n    # of 2025\n    version: '15'\n    instance: db.t4g.small\nprotect: true\n"
    lines = "".join(f"  {line}" for line in WRITTEN.splitlines(keepends=True))
    assert _written(section) == section.replace("# small\n", f"# small\n{lines}")


def test_a_section_in_one_line_stays_in_one() -> None:
    """It goes on as it did."""
    inner = WRITTEN.replace("  ", "").replace("\n", ", ")
    assert (
        _written('database: {version: "15"}\nprotect: true\n') == f'database: {{{inner}version: "15"}}\nprotect: true\n'
    )


def test_the_lines_of_an_earlier_restore_give_way() -> None:
    """The former instance is described by what it began with; the key of its data stays."""
    section = f"""database:
  restore_from:
    snapshot: old   # of the move

    fernet_seed: {SEED}
    generation: 2
  former: {{}}
  instance: db.t4g.small
"""
    written = _written(section, SECOND)
    assert (
        written
        == f"""database:
  restore_from: {{instance: db-SECOND, time: "{TIME}", generation: 3, fernet_seed: "{SEED}"}}
  former: {{snapshot: old}}
  instance: db.t4g.small
"""
    )


def test_a_yaml_that_is_ahead_of_the_deployed_instance_gets_another_moment() -> None:
    """Whoever restores again before the deploy still follows the instance that is there."""
    section = 'database:\n  restore_from: {snapshot: one, generation: 2}\n  former: {version: "15"}\n  version: "16"\n'
    former = WRITTEN.replace("former: {}", 'former: {version: "15"}')
    assert _written(section) == f'database:\n{former}  version: "16"\n'


@pytest.mark.parametrize(
    "section",
    [
        "database: {restore_from: {snapshot: one, generation: 2}, former: {}}\n",
        "database:\n  {instance: db.t4g.small}\n",
    ],
)
def test_a_layout_without_a_place_is_refused_with_the_lines(section: str) -> None:
    """Nothing is written that was not read again."""
    with pytest.raises(UnwritableYaml) as refusal:
        _written(section)
    assert "restore_from: {instance: db-FIRST" in refusal.value.why
