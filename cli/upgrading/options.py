"""The options of a deploy that say what it may do: an upgrade, how long tasks are waited for, newer images."""

from argparse import Namespace

from cli.command_line.parser import Parser
from deployer.plans.upgrade import DRAIN_MINUTES, DeployChoices
from deployer.tasks.idle import LONGEST_MINUTES


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
        "--repair", action="store_true", help="make again what was deleted by hand, and take back what was changed so"
    )
    parser.add_argument(
        "--without-snapshot", action="store_true", help="upgrade without a snapshot of the database before"
    )
    parser.add_argument(
        "--refresh-images",
        action="store_true",
        help="take the base image, and every other image of a public registry, by the digest that its tag has now",
    )


def chosen(options: Namespace) -> DeployChoices:
    """Return what the options say."""
    return DeployChoices(
        allow_downgrade=options.allow_downgrade,
        without_snapshot=options.without_snapshot,
        drain_minutes=options.drain,
        repair=options.repair,
        refresh_images=options.refresh_images,
    )
