"""Says why an environment does not work, the most probable cause first, and which line to change.

It reads stack events, services, stopped tasks, target health, logs, database, certificate, the name of the site,
quotas, secrets, what was deleted by hand, and what Airflow says of itself. It changes nothing. What may not be read is
named. The exit code is 0 when nothing is wrong, else 1.

    windsock diagnose env.yaml
    windsock diagnose env.yaml --json
"""

import json

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, add_aws, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.diagnosing.diagnosis_page import diagnosis_data, diagnosis_text
from cli.diagnosing.explained import diagnosed, document_of
from deployer.aws.errors import AwsRefusal
from deployer.diagnosis.cause import Diagnosis
from deployer.diagnosis.diagnose import explain_refusal
from spec.environment import Environment


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--drift", action="store_true", help="let CloudFormation look for what somebody changed by hand, for a minute"
    )
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Look, and say what is wrong."""
    diagnosis = _diagnosis(call, selected(call))
    document, chosen = document_of(call), selected_arguments(call)
    if call.options.json:
        call.screen.data(json.dumps(diagnosis_data(diagnosis, document, chosen), indent=2))
    else:
        call.screen.page(diagnosis_text(diagnosis, document, chosen))
    return 0 if diagnosis.well else 1


def _diagnosis(call: Call, env: Environment) -> Diagnosis:
    """Return what is wrong; credentials that AWS refuses are a cause too."""
    try:
        session = open_aws(call, env)
    except AwsRefusal as error:
        return explain_refusal(env, error)
    return diagnosed(call, env, session, closely=call.options.drift)
