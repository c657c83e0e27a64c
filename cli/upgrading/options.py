"""The options of a deploy that say what an upgrade may do, and how long Airflow tasks are waited for."""

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from cli.upgrading.announcement import announcement
from deployer.aws.session import Session
from deployer.deploy import DRAIN_MINUTES
from deployer.inspect import inspect_for_upgrade
from deployer.plans.upgrade import UpgradeChoices, plan_upgrade
from deployer.tasks.idle import LONGEST_MINUTES
from spec.environment import Environment


def add_upgrade_options(parser: Parser) -> None:
    """Declare them."""
    parser.add_argument(
        "--drain",
        metavar="MINUTES",
        type=int,
        choices=range(LONGEST_MINUTES + 1),
        help="wait so long for Airflow tasks before what runs them is replaced, and stop if they do not end; 0 waits "
        f"for none, {LONGEST_MINUTES} is the longest. Default {DRAIN_MINUTES} where the YAML says protect, else 0",
    )
    parser.add_argument(
        "--allow-downgrade", action="store_true", help="let the database go back to the schema of an older Airflow"
    )
    parser.add_argument(
        "--without-snapshot", action="store_true", help="upgrade without a snapshot of the database before"
    )


def announced_choices(call: Call, env: Environment, session: Session) -> UpgradeChoices:
    """Tell what an upgrade means, if there is one, and return what it may do. Raises `UpgradeRefusal`."""
    options = call.options
    choices = UpgradeChoices(allow_downgrade=options.allow_downgrade, without_snapshot=options.without_snapshot)
    if upgrade := plan_upgrade(env, inspect_for_upgrade(env, session), choices):
        for line in announcement(env.name, upgrade):
            call.screen.say(line)
    return choices
