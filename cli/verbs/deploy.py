"""Brings an environment up on AWS, or changes it there to what its YAML now says.

Deploys nothing but what was reviewed: templates_out must be what the YAML compiles to. Prints account, region and
profile, then its plan: the steps with their reasons, and what they change. Asks before it changes anything.
A deploy that was interrupted is completed by running it again.

Another `airflow.version` in the YAML is an upgrade. The plan says over which releases it goes, what breaks, how long
nothing runs, and the way back.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acceptance.emulated_aws import VirtualenvImages, build_virtualenvs
from acceptance.local_imports import IN_SPITE, LocalImports
from cli.aws_access.account import kept_of, open_aws, page_url, password_hint, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_events, add_json, add_plan, add_wait
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_reviewed, refuse_placeholders
from cli.cost.budget import ALLOW, refuse_over_budget
from cli.diagnosing.explained import explained
from cli.differences.plan_page import plan_page
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from cli.terminal.resource_descriptions import descriptions
from cli.terminal.screen import columns
from cli.upgrading.options import add_upgrade_options, chosen
from deployer.aws.session import Session
from deployer.databases.dump_file import DumpFile
from deployer.deploy import PlannedDeploy, planned_deploy
from deployer.deployment import Deployment
from deployer.lifetime.ttl import words
from deployer.plans.deployed_templates import deployed_templates
from deployer.plans.saved_plan import read, refuse_moved, saved, write
from deployer.progress import Progress
from deployer.release.image import ContainerBuild, ImageSource
from deployer.release.image_context import ImageContext
from deployer.status import password_command

IN_CLEAR = (
    "without web.domain the site has no TLS: passwords and pages cross the network in clear. "
    "Keep network.allowed_cidrs to networks that you trust, or use a domain."
)
GOES_ON = "What CloudFormation and ECS have begun goes on; deploy again to join and finish it."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--allow-replace",
        metavar="PATH",
        action="append",
        default=[],
        help="let the state at this logical path, such as Database/Instance, be lost; may be repeated",
    )
    parser.add_argument(
        "--allow-loss",
        metavar="KEY",
        action="append",
        default=[],
        help="let this key of the YAML, such as ttl or protect, keep less than it does; may be repeated",
    )
    parser.add_argument(IN_SPITE, action="store_true", help="deploy DAG files that Airflow cannot import")
    add_upgrade_options(parser)
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    _add_plan(parser)
    add_wait(parser)
    parser.add_argument(
        "--unlock",
        metavar="REASON",
        default="",
        help="take the lease of another run over, which you know has ended; the reason stands in the lease",
    )
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def _add_plan(parser: Parser) -> None:
    parser.add_argument(ALLOW, action="store_true", help="deploy although it costs more than cost.monthly_limit")
    add_plan(parser)
    parser.add_argument(
        "--plan-file",
        metavar="FILE",
        help="with --plan, save the plan here; without it, deploy that plan, or nothing if the world has moved since",
    )


def run(call: Call) -> int:
    """Deploy after a yes, then say where the site is and how to log in."""
    compiled = compile_reviewed(Path(call.options.env), call.options.branch)
    env = compiled.env
    if "AWS_ENDPOINT_URL" not in call.variables:  # a rehearsal needs no values of one's own
        refuse_placeholders(compiled)
    for notice in compiled.notices:
        call.screen.warn(notice)
    refuse_over_budget(env, compiled.templates, compiled.awake, allowed=call.options.over_budget)
    if env.web.has_load_balancer and env.web.domain is None:
        call.screen.warn(f"{call.options.env}: {IN_CLEAR}")
    if not (call.options.plan or call.options.plan_file):
        call.screen.expect_answer(yes=call.options.yes)
    if kept_of(call) is None:
        ImageContext.of(env, compiled.project).check()  # before anything is created that would wait for an image
    session = open_aws(call, env)
    with explained(call, env, session), interruptible(GOES_ON, asks=call.screen.live), ExitStack() as lease:
        deployment = _deploy(call, compiled, session, lease)
    if deployment is None:
        return 0 if call.options.plan else 1
    facts = _facts(call, deployment, session.region)
    call.screen.result(facts, _summary(facts), as_json=call.options.json)
    call.screen.say(f"{env.name} is up." if deployment.changed else f"{env.name} was up to date.")
    for error in deployment.errors:
        call.screen.warn(error)
    if deployment.errors:
        call.screen.say(f"Airflow cannot import {len(deployment.errors)} of its files; the services stay as they are.")
    return 1 if deployment.errors else 0


def _deploy(call: Call, compiled: Compiled, session: Session, lease: ExitStack) -> Deployment | None:
    """Plan, show, ask and execute; None when it ends with the plan. A stack that is at work is waited for first."""
    about = descriptions(compiled.templates) if call.screen.live else {}
    with call.screen.progress(compiled.env.name) as progress:
        planned = lease.enter_context(_planned(call, compiled, session, progress))
    while _agreed(call, compiled, planned):
        with call.screen.progress(compiled.env.name, about) as progress:
            if planned.plan.final:
                images = _images(call, compiled, session, progress)
                return planned.execute(images, progress, web_url(call), _imports(call, compiled, progress))
            planned = planned.settle(progress)
    return None


def _planned(
    call: Call, compiled: Compiled, session: Session, progress: Progress
) -> AbstractContextManager[PlannedDeploy]:
    return planned_deploy(
        compiled.env,
        compiled.templates,
        session,
        progress=progress,
        airflow_home=compiled.home,
        allowed=frozenset((*call.options.allow_replace, *call.options.allow_loss)),
        choices=chosen(call.options),
        dump=DumpFile.of(compiled.env, compiled.project),
        wait=call.options.wait,
        unlock=call.options.unlock,
        only_look=call.options.plan,
    )


def _agreed(call: Call, compiled: Compiled, planned: PlannedDeploy) -> bool:
    """Show a plan, and return whether it is to be executed."""
    file = Path(call.options.plan_file) if call.options.plan_file else None
    present = saved(planned.plan, planned.observed, planned.templates)
    deployed = deployed_templates(planned.observed, planned.templates)
    page = plan_page(planned.plan, deployed, planned.templates, compiled.awake)
    if call.options.plan:
        call.screen.result(asdict(present), page, as_json=call.options.json)
        if file:
            write(present, file)
            call.screen.say(f"The plan is in {file}.")
        return False
    call.screen.say(page)
    if file:
        refuse_moved(read(file), present)
        return True
    env = planned.env
    agreed = call.screen.confirm(f"Deploy {env.name} (Airflow {env.airflow.version})?", yes=call.options.yes)
    if not agreed:
        call.screen.say("Nothing was changed.")
    return agreed


def _images(call: Call, compiled: Compiled, session: Session, progress: Progress) -> ImageSource:
    """Build a real image; a kept rehearsal has a virtual environment in its place."""
    env, project = compiled.env, compiled.project
    cache = cache_root(call.variables)
    emulator = kept_of(call)
    if emulator is None:
        return ContainerBuild.of(env, project, session, progress)
    virtualenvs = build_virtualenvs(env, project, cache / "environments")
    for told in virtualenvs.airflow.told:
        progress.note(told)
    return VirtualenvImages(emulator, virtualenvs.airflow, env.fargate.architecture)


def _imports(call: Call, compiled: Compiled, progress: Progress) -> LocalImports:
    return LocalImports(
        env=compiled.env,
        project=compiled.project,
        cache=cache_root(call.variables),
        progress=progress,
        tolerant=call.options.ignore_import_errors,
    )


def _facts(call: Call, deployment: Deployment, region: str) -> dict[str, Any]:
    return {
        "environment": deployment.name,
        "changed": deployment.changed,
        "url": page_url(call, deployment.name, deployment.url),
        "username": deployment.admin_username,
        "password_secret": deployment.admin_secret,
        "password_command": password_hint(call, password_command(region, deployment.admin_secret)),
        "redirect_uris": list(deployment.redirect_uris),
        "expires": words(deployment.expires) if deployment.expires else None,
        "image": deployment.image,
        "code": deployment.code_version,
        "errors": list(deployment.errors),
    }


def _summary(facts: Mapping[str, Any]) -> str:
    return columns(
        [
            ("url", facts["url"]),
            ("username", facts["username"]),
            ("password", facts["password_secret"]),
            ("read it", facts["password_command"]),
            *(("redirect", uri) for uri in facts["redirect_uris"]),
            *([("expires", facts["expires"])] if facts["expires"] else []),
        ]
    )
