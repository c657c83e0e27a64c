"""What `windsock policy` allows is enough for the life of an environment, and a page says what of it nothing used."""

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from acceptance.deploy_principal import USER
from cli.terminal.progress_lines import Lines
from compiler.compile import compile_environment
from deployer.teardown import teardown
from rehearsal.emulator.iam import usage
from spec.environment import Environment
from tests.conftest import Golden
from tests.life.enforcement import policy_pages
from tests.life.enforcement.deployed import Deployed
from tests.life.kept import ROOT, Kept, keep

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
TWO_ROLES = "tests/life/two-roles.yaml"
FILES = ("env.example.yaml", *sorted(f"examples/{path.name}" for path in (ROOT / "examples").glob("*.yaml")))
QUICK = "tutorial_taskflow_api"


@dataclass(frozen=True)
class Life:
    """An environment that was deployed, used and taken down, and which statements allowed what."""

    env: Environment
    file: Path
    uses: tuple[usage.Use, ...]


@pytest.fixture(scope="module", params=[*FILES, TWO_ROLES])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Its user looks at it, opens a shell, pushes, changes what every resource has, and takes it down."""
    kept = keep(request.param, "--dag", QUICK)
    deployed = Deployed(kept)
    try:
        _use(deployed, tmp_path_factory.mktemp("checkout"))
        _take_down(deployed)
        return Life(deployed.env, kept.environment.relative_to(ROOT), usage.read(deployed.emulator.directory))
    finally:
        kept.run("rehearse", str(kept.environment), "--stop")


def test_every_action_of_the_policies_is_used_or_listed(life: Life, golden: Golden) -> None:
    """The page has the rest, and docs/permissions.md why none of the examples uses it."""
    page = policy_pages.render(life.env, life.file, life.uses)
    golden(policy_pages.file_of(life.env.name), page)


def test_two_roles_share_the_work(life: Life) -> None:
    """Whoever deploys makes nothing, and CloudFormation's role reads no secret and runs no task."""
    if not life.env.aws.cloudformation_role:
        pytest.skip("one role does everything here")
    by_user = {use.action for use in life.uses if use.who.endswith(f"user/{USER}")}
    by_role = {use.action for use in life.uses if use.who.endswith("/cloudformation")}
    made = {"ec2:CreateVpc", "rds:CreateDBInstance", "iam:CreateRole", "rds:DeleteDBInstance", "ec2:DeleteVpc"}
    assert made <= by_role
    assert not made & by_user
    assert {"cloudformation:CreateChangeSet", "ecs:RunTask", "iam:PassRole"} <= by_user
    assert "ecs:RunTask" not in by_role


def _use(deployed: Deployed, checkout: Path) -> None:
    kept, file = _as_user(deployed), str(deployed.kept.environment)
    process = deployed.env.processes[0].name
    for verb in (("status", file), ("logs", file, process), ("shell", file, "--", "true")):
        done = kept.run(*verb)
        assert done.returncode == 0, done.stderr
    shutil.copytree(ROOT / "airflow_home", checkout / "airflow_home", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "airflow_home" / "dags" / "mine.py").write_text("# nothing to run\n", encoding="utf-8")
    text = deployed.kept.environment.read_text(encoding="utf-8")
    changed = re.sub(r"retention_days: \d+", "retention_days: 60", text.replace("team: data", "team: platform"))
    assert changed != text
    done = kept.deploy(changed, checkout)
    assert done.returncode == 0, done.stderr
    (checkout / "airflow_home" / "dags" / "mine.py").unlink()
    done = kept.run("push", "env.yaml", checkout=checkout)
    assert done.returncode == 0, done.stderr
    if deployed.env.ttl:
        done = kept.run("extend", file, "1d")
        assert done.returncode == 0, done.stderr


def _take_down(deployed: Deployed) -> None:
    env = deployed.env
    bare = compile_environment(env.model_copy(update={"protect": False}))
    teardown(env, deployed.principal, progress=Lines(lambda _: None), unprotect=env.name, unprotected=bare)


def _as_user(deployed: Deployed) -> Kept:
    keys = deployed.principal_keys
    variables = {**deployed.kept.variables, "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1]}
    return replace(deployed.kept, variables=variables)
