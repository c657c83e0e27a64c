"""Plans the deploy of an environment as if its YAML named another Airflow release."""

from pathlib import Path

from cli.aws_access.account import open_aws
from cli.command_line.verb import Call
from cli.differences.plan_page import plan_page
from cli.upgrading.target_yaml import at_release
from compiler.compile import compile_environment
from deployer.deploy import planned_deploy
from deployer.plans.deployed_templates import deployed_templates
from deployer.plans.upgrade import DeployChoices
from spec.reading.branches import for_branch
from spec.reading.load import parse, text_of
from spec.reading.positioned_yaml import read
from spec.releases.table import Release


def upgrade_page(call: Call, release: Release) -> str:
    """Return the plan of that deploy, which nobody executes. Raises `Refusal` where a deploy would."""
    path = Path(call.options.env)
    text = text_of(path)
    changed = at_release(text, read(text, str(path)), release)
    env = for_branch(parse(changed, str(path)), call.options.branch)
    templates = compile_environment(env)
    session = open_aws(call, env)
    with (
        call.screen.progress(env.name) as progress,
        planned_deploy(
            env,
            templates,
            session,
            progress=progress,
            airflow_home=path.parent / env.airflow.home,
            choices=DeployChoices(allow_downgrade=True),
            only_look=True,
        ) as planned,
    ):
        return plan_page(planned.plan, deployed_templates(planned.observed, templates), templates)
