"""Runs one-off tasks under a name in the deploy state, so that a run after a kill joins the tasks it started."""

import dataclasses
import secrets
from collections.abc import Sequence

from deployer.aws.polling import Tell, silent
from deployer.aws.session import Session
from deployer.record.deploy_state import DeployState, write_deploy_state
from deployer.stacks.outputs import Outputs
from deployer.tasks.one_off_tasks import OneOffTask, OneOffTaskFailure, run_one_off_tasks


def attempt(
    session: Session, outputs: Outputs, tasks: Sequence[OneOffTask], state: DeployState, tell: Tell = silent
) -> DeployState:
    """Run the tasks to their end and return the deploy state to go on with.

    A failure ends the attempt: the next run starts new tasks. Raises `OneOffTaskFailure`.
    """
    state = write_deploy_state(session, outputs, dataclasses.replace(state, run=state.run or secrets.token_hex(8)))
    ended = dataclasses.replace(state, run="")
    try:
        run_one_off_tasks(session, outputs, tasks, state.run, tell)
    except OneOffTaskFailure:
        write_deploy_state(session, outputs, ended)
        raise
    return ended
