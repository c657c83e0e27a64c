"""Tells the road of an environment to another Airflow release and, with --check, whether it is ready for it.

It changes nothing, and without --plan it asks no AWS. --plan prints the plan of a deploy that names the release: what
it does, for how long nothing runs, and the way back. --check looks at the options and keys of the YAML, at dags,
plugins, config and include with ruff's rules for Airflow 3, and at the requirements of the image. Each finding has file
and line; one with "soon:" still works there. The upgrade itself is another `airflow.version` in the YAML, and a deploy.

--from-dump rehearses it on this machine with the rows of the real database: it deploys the release of the YAML, reads
a dump of pg_dump into its database, and upgrades that. It tells seconds, and the rows of each table before and after:

    windsock upgrade env.yaml --check --to 3.3.2
    windsock upgrade env.yaml --to 3.3.2 --from-dump airflow.dump --fernet-key < fernet.key
"""

from dataclasses import asdict
from pathlib import Path

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, add_events, add_json, add_plan
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from cli.cost.costing import awake_of
from cli.differences.plan_page import plan_page
from cli.upgrading.announcement import breaking_lines
from cli.upgrading.dump_rehearsal import environment_at, rehearse_with_dump
from cli.upgrading.readiness import findings
from compiler.compile import compile_environment
from deployer.deploy import planned_deploy
from deployer.plans.deployed_templates import deployed_templates
from deployer.plans.upgrade import DeployChoices
from spec.releases.table import NEWEST, RELEASES, Release
from spec.releases.upgrades import road


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--check", action="store_true", help="look whether YAML, code and requirements are ready for it"
    )
    parser.add_argument("--to", metavar="VERSION", help=f"the Airflow release; {NEWEST.version} without it")
    parser.add_argument(
        "--from-dump", metavar="FILE", help="rehearse it on this machine with this dump of the database"
    )
    parser.add_argument(
        "--fernet-key", action="store_true", help="with --from-dump, ask for the Fernet key of the dump, or read stdin"
    )
    add_plan(parser)
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Print road and findings; 1 where something fails on the target."""
    env, version = selected(call), call.options.to or NEWEST.version
    if version not in RELEASES:
        raise UsageRefusal(f"Windsock does not run Airflow {version!r}.", next_step=f"Valid: {', '.join(RELEASES)}.")
    if call.options.plan:
        call.screen.data(_plan(call, RELEASES[version]))
        return 0
    if call.options.from_dump:
        rehearse_with_dump(call, env, RELEASES[version])
        return 0
    hops = road(env.airflow.version, version)
    found = tuple(findings(Path(call.options.env), env, RELEASES[version])) if call.options.check else ()
    failing = sum(finding.must for finding in found)
    if call.options.json or call.screen.events:
        facts = {
            "environment": env.name,
            "from": env.airflow.version,
            "to": version,
            "hops": [str(hop) for hop in hops],
            "breaks": [asdict(change) for hop in hops for change in hop.breaks],
            "findings": [asdict(finding) for finding in found],
        }
        call.screen.result(facts, "", as_json=True)
        return 1 if failing else 0
    for line in (*breaking_lines(hops), *map(str, found)):
        call.screen.data(line)
    call.screen.say(_summary(call, env.name, version, failing=failing, soon=len(found) - failing))
    return 1 if failing else 0


def _plan(call: Call, release: Release) -> str:
    """Return the plan of the deploy whose YAML names the release. Raises `Refusal` where that deploy would."""
    env = environment_at(call, release)
    templates, home = compile_environment(env), Path(call.options.env).parent / env.airflow.home
    session = open_aws(call, env)
    with (
        call.screen.progress(env.name) as progress,
        planned_deploy(
            env,
            templates,
            session,
            progress=progress,
            airflow_home=home,
            choices=DeployChoices(allow_downgrade=True),
            only_look=True,
        ) as planned,
    ):
        return plan_page(planned.plan, deployed_templates(planned.observed, templates), templates, awake_of(env, home))


def _summary(call: Call, name: str, version: str, *, failing: int, soon: int) -> str:
    if not call.options.check:
        return f"--check looks whether {name} is ready for Airflow {version}."
    if failing:
        return f"{name} is not ready for Airflow {version}: {failing} findings fail there, {soon} only warn."
    return f"Nothing was found that fails on Airflow {version}; {soon} findings warn. Rehearse it before you deploy."
