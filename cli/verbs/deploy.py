"""Brings an environment up on AWS, or changes it there to what its YAML now says.

Deploys nothing but what was reviewed: templates_out must be what the YAML compiles to. Prints account, region and
profile, and asks before it changes anything. A deploy that was interrupted is completed by running it again.

Another `airflow.version` in the YAML is an upgrade. Before it asks, deploy tells the releases on the way, what breaks,
how long nothing runs, and the way back.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance.emulated_aws import VirtualenvImages, build_virtualenvs
from cli.aws_access.account import kept_of, open_aws, page_url, password_hint, web_url
from cli.command_line.parser import Parser, add_aws, add_environment, add_json, add_wait
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_reviewed, refuse_placeholders
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from cli.terminal.resource_descriptions import descriptions
from cli.terminal.screen import columns
from cli.upgrading.options import add_upgrade_options, announced_choices
from deployer.aws.session import Session
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.lifetime.ttl import words
from deployer.progress import Progress
from deployer.release.image import ContainerBuild, ImageSource
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
    add_upgrade_options(parser)
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    add_wait(parser)
    parser.add_argument(
        "--unlock",
        metavar="REASON",
        default="",
        help="take the lease of another run over, which you know has ended; the reason stands in the lease",
    )
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Deploy after a yes, then say where the site is and how to log in."""
    compiled = compile_reviewed(Path(call.options.env), call.options.branch)
    env = compiled.env
    _warn(call, compiled)
    session = open_aws(call, env)
    choices = announced_choices(call, env, session)
    if not call.screen.confirm(f"Deploy {env.name} (Airflow {env.airflow.version})?", yes=call.options.yes):
        call.screen.say("Nothing was changed.")
        return 1
    about = descriptions(compiled.templates) if call.screen.live else {}
    with interruptible(GOES_ON), call.screen.progress(env.name, about) as progress:
        deployment = deploy(
            env,
            compiled.templates,
            session,
            images=_images(call, compiled, session, progress),
            progress=progress,
            airflow_home=compiled.home,
            web_url=web_url(call),
            allow_replace=frozenset(call.options.allow_replace),
            upgrade=choices,
            drain_minutes=call.options.drain,
            wait=call.options.wait,
            unlock=call.options.unlock,
        )
    facts = _facts(call, deployment, session.region)
    call.screen.data(json.dumps(facts, indent=2) if call.options.json else _summary(facts))
    call.screen.say(f"{env.name} is up." if deployment.changed else f"{env.name} was up to date.")
    return 0


def _warn(call: Call, compiled: Compiled) -> None:
    if "AWS_ENDPOINT_URL" not in call.variables:  # a rehearsal needs no values of one's own
        refuse_placeholders(compiled)
    for notice in compiled.notices:
        call.screen.warn(notice)
    if compiled.env.web.has_load_balancer and compiled.env.web.domain is None:
        call.screen.warn(f"{call.options.env}: {IN_CLEAR}")


def _images(call: Call, compiled: Compiled, session: Session, progress: Progress) -> ImageSource:
    """Build a real image; a kept rehearsal has a virtual environment in its place."""
    env, project = compiled.env, compiled.project
    cache = cache_root(call.variables)
    emulator = kept_of(call)
    if emulator is None:
        build = ContainerBuild.of(env, project, session, progress)
        build.context.check()  # before anything is created that would wait for an image
        return build
    virtualenvs = build_virtualenvs(env, project, cache / "environments")
    for told in virtualenvs.airflow.told:
        progress.note(told)
    return VirtualenvImages(emulator, virtualenvs.airflow, env.fargate.architecture)


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
