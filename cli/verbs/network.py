"""Makes the network that several environments share: one VPC, for which they pay once.

The network has a YAML of its own, with `name`, `aws`, `network` and maybe `load_balancer`; environments beside it name
that file with `network: {mode: shared, file: network.yaml}`. `compile` writes its template for review, below
`templates_out/<name>/`, and `deploy` makes of the network what was reviewed. `status` says who stands in it, `cost`
what it costs by list prices, and `policy` what IAM must allow to deploy, watch and take it down. `teardown` deletes
it, once no environment stands in it any more.

    windsock network compile network.yaml
    windsock network deploy network.yaml
    windsock network policy network.yaml --output policies
    windsock network teardown network.yaml
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, add_aws, add_json, add_plan
from cli.command_line.verb import Call
from cli.compiling.compiled import refuse_stale
from cli.compiling.compiled_network import CompiledNetwork, compile_network_yaml
from cli.compiling.linting import refuse_findings
from cli.cost.bill_page import bill_table, of_prices
from cli.permissions.policies import add_policies, show_policies
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from cli.terminal.resource_descriptions import descriptions
from cli.terminal.screen import columns
from cli.terminal.version import VERSION
from compiler.model.template_set import ROOT
from compiler.model.yaml_reader import read_template
from compiler.templates_out import stale, write
from deployer.permissions.own_calls import OF_NETWORKS
from deployer.permissions.subject import of_network
from deployer.shared_network import PlannedNetwork, network_status, plan_network, refuse_used, tear_down_network
from pricing.price import price
from pricing.table import price_table
from pricing.template import stack_template

GOES_ON = "What CloudFormation has begun goes on; run the same command again to join and finish it."


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("action", metavar="ACTION", choices=tuple(_ACTIONS), help=f"what to do: {', '.join(_ACTIONS)}")
    parser.add_argument("file", metavar="FILE", help="the YAML of the network, such as network.yaml")
    parser.add_argument(
        "--check", action="store_true", help="with compile: write nothing; fail if the template on disk is another"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="with deploy: do not ask")
    parser.add_argument("--confirm", metavar="NAME", help="with teardown: its name, instead of typing it")
    add_policies(parser, OF_NETWORKS)
    add_plan(parser)
    add_json(parser)
    add_aws(parser, of_environment=False)


def run(call: Call) -> int:
    """Compile the YAML, and do what was asked with it."""
    return _ACTIONS[call.options.action](call, compile_network_yaml(Path(call.options.file)))


def _compile(call: Call, compiled: CompiledNetwork) -> int:
    refuse_findings(compiled, cache_root(call.variables))
    folder = compiled.templates_folder
    names = stale(compiled.templates, folder)
    if not call.options.check:
        write(compiled.templates, folder, VERSION)
    facts = {"network": compiled.network.name, "folder": str(folder), "changed": list(names)}
    call.screen.result(facts, "\n".join(str(folder / name) for name in names), as_json=call.options.json)
    if names and call.options.check:
        call.screen.say(f"{folder} is not what {compiled.path} says. Run: windsock network compile {compiled.path}")
        return 1
    call.screen.say(f"{compiled.path}: {'lint found nothing' if names else f'{folder} is up to date'}.")
    return 0


def _deploy(call: Call, compiled: CompiledNetwork) -> int:
    refuse_stale(compiled, "network compile")
    if not call.options.plan:
        call.screen.expect_answer(yes=call.options.yes)
    network, session = compiled.network, open_aws(call, compiled.network)
    about = descriptions(compiled.templates) if call.screen.live else {}
    with interruptible(GOES_ON, asks=call.screen.live):
        with call.screen.progress(network.name) as progress:
            planned = plan_network(network, compiled.templates, session, progress)
        if call.options.plan:
            call.screen.result(dict(planned.changes), plan_text(planned), as_json=call.options.json)
            return 0
        call.screen.say(plan_text(planned))
        if not (planned.is_current or call.screen.confirm(f"Deploy {network.name}?", yes=call.options.yes)):
            call.screen.say("Nothing was changed.")
            return 1
        with call.screen.progress(network.name, about) as progress:
            changed = planned.execute(progress).changed
    call.screen.result({"network": network.name, "changed": changed}, "", as_json=call.options.json)
    call.screen.say(f"{network.name} is up." if changed else f"{network.name} was up to date.")
    return 0


def _status(call: Call, compiled: CompiledNetwork) -> int:
    seen = network_status(compiled.network, compiled.templates, open_aws(call, compiled.network))
    facts = [
        ("network", seen.name),
        ("stack", seen.stack),
        ("vpc", seen.vpc),
        ("access logs", seen.access_logs),
        ("environments", ", ".join(seen.environments) or "none"),
        ("template", "as in the YAML" if seen.current else "another than in the YAML, until `windsock network deploy`"),
    ]
    absent = f"{seen.name} is not deployed in {seen.region}."
    text = columns([fact for fact in facts if fact[1]]) if seen.stack else absent
    call.screen.result(asdict(seen), text, as_json=call.options.json)
    return 0 if seen.vpc and seen.current else 1


def _teardown(call: Call, compiled: CompiledNetwork) -> int:
    network, confirmed = compiled.network, call.options.confirm
    if confirmed not in {None, network.name}:
        call.screen.say("That is not its name; nothing was changed.")
        return 1
    instead = f"Add --confirm {network.name}."
    call.screen.expect_answer(yes=bool(confirmed) or call.options.plan, instead=instead)
    session = open_aws(call, network)
    refuse_used(network, session)
    bucket = network_status(network, compiled.templates, session).access_logs
    stays = left_behind(bucket)
    if call.options.plan:
        call.screen.data(f"This deletes the stack {network.name}, in which no environment stands.{stays}")
        return 0
    question = f"This deletes the network {network.name}, in which no environment stands.{stays}"
    if not call.screen.confirm_by_name(question, network.name, yes=bool(confirmed), instead=instead):
        call.screen.say("That is not its name; nothing was changed.")
        return 1
    with interruptible(GOES_ON, asks=call.screen.live), call.screen.progress(network.name) as progress:
        deleted = tear_down_network(network, session, progress)
    kept = [bucket] if bucket else []
    call.screen.result({"network": network.name, "deleted": deleted, "kept": kept}, "", as_json=call.options.json)
    call.screen.say(f"{network.name} is gone.{stays}" if deleted else f"There was nothing of {network.name}.")
    return 0


def _cost(call: Call, compiled: CompiledNetwork) -> int:
    template = read_template(compiled.templates.files[ROOT])
    bill = price([stack_template(compiled.network.name, template)])
    facts = {"network": compiled.network.name, "usd_per_month": round(bill.monthly, 2)}
    page = "\n".join([bill_table(bill), "", *of_prices(compiled.network.aws.region, price_table())])
    call.screen.result(facts, page, as_json=call.options.json)
    return 0


def _policy(call: Call, compiled: CompiledNetwork) -> int:
    return show_policies(call, of_network(compiled.network, compiled.templates))


_ACTIONS: Mapping[str, Callable[[Call, CompiledNetwork], int]] = MappingProxyType(
    {
        "compile": _compile,
        "deploy": _deploy,
        "status": _status,
        "cost": _cost,
        "policy": _policy,
        "teardown": _teardown,
    }
)


def left_behind(bucket: str) -> str:
    """Return what is to be said of a bucket of access logs, which a teardown keeps; nothing where there is none."""
    return f" The bucket {bucket} stays, with the access logs of its load balancer." if bucket else ""


def plan_text(planned: PlannedNetwork) -> str:
    """Return what a deploy would do, a line for each kind of change."""
    if planned.is_current:
        return f"{planned.network.name} is as its YAML says; nothing is to be done."
    rows = [(kind, str(len(names)), ", ".join(names)) for kind, names in planned.changes.items() if names]
    return columns([("CHANGE", "PARTS", "NAMES"), *rows])
