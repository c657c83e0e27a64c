"""Refuses what cannot go well before anything is changed."""

from compiler.contract import BRANCH_TAG, ENVIRONMENT_TAG
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.stacks.statuses import Action, action_of
from spec.environment import Environment
from spec.errors import Refusal
from spec.owner import Owner


class PreflightRefusal(Refusal):
    """The command does not fit what is deployed."""


def check_account(owner: Owner, session: Session) -> None:
    """Refuse credentials of another account than that of the environment, or of the network."""
    refuse_account(owner, session.account)


def refuse_account(owner: Owner, account: str) -> None:
    """Refuse an account other than that of the environment, or of the network."""
    if account != owner.aws.account:
        raise PreflightRefusal(
            f"The credentials belong to account {account}, but {owner.name} lives in {owner.aws.account}.",
            next_step="Choose another profile with --profile, or correct aws.account in the YAML.",
        )


def is_owned(env: Environment, stack: Stack) -> bool:
    """Return whether Windsock made the stack for this environment, on whatever branch."""
    return stack.tags.get(ENVIRONMENT_TAG) == env.name


def check_owner(env: Environment, stack: Stack | None) -> None:
    """Refuse a stack of the environment's name that Windsock did not make, or made for another branch."""
    if stack is None or stack.status == "REVIEW_IN_PROGRESS":
        return
    if not is_owned(env, stack):
        raise PreflightRefusal(
            f"There is a stack {env.name}, but Windsock did not make it.",
            why=f"It lacks the tag {ENVIRONMENT_TAG}.",
            next_step="Choose another name in the YAML.",
        )
    if stack.tags.get(BRANCH_TAG, "") != env.branch:
        raise PreflightRefusal(
            f"{env.name} is the environment of {_whose(stack.tags.get(BRANCH_TAG))}, not of {_whose(env.branch)}.",
            why=f"Its stack says so by the tag {BRANCH_TAG}; two environments cannot have one name.",
            next_step="Give the branch, or the environment in the YAML, another name.",
        )


def _whose(branch: str | None) -> str:
    return f"branch {branch!r}" if branch else "a YAML without --branch"


def check_database(env: Environment, stack: Stack | None) -> None:
    """Refuse a new environment whose database its Airflow release was not tested with; a deployed one goes on."""
    if stack is not None:
        return
    for violation in env.database.check_new(env.airflow.release):
        raise PreflightRefusal(
            f"{env.name} is new, and database.{violation.at[0]} does not fit: {violation.message}.",
            why="An environment that is deployed with it goes on; a new one should not begin with it.",
            next_step=f"Change database.{violation.at[0]} in the YAML; {violation.hint}.",
        )


def existing_stack(env: Environment, session: Session) -> Stack:
    """Return the environment's root stack; refuse when it is not deployed or not at rest."""
    stack = require_deployed(env, session.cloudformation.stack(env.name), session.region)
    refuse_busy(env, stack)
    return stack


def require_deployed(env: Environment, stack: Stack | None, region: str) -> Stack:
    """Return the root stack; refuse when it is not deployed, or not the environment's."""
    if stack is None or not stack.outputs:
        status = f"its stack is {stack.status}" if stack else "there is no such stack"
        raise PreflightRefusal(
            f"{env.name} is not deployed in {region}: {status}.", next_step="Run `windsock deploy` first."
        )
    check_owner(env, stack)
    if stack.status == "DELETE_FAILED":
        raise PreflightRefusal(
            f"{env.name} is half deleted: its stack is DELETE_FAILED.",
            next_step="Finish that with `windsock teardown`, then deploy again.",
        )
    return stack


def refuse_busy(env: Environment, stack: Stack) -> None:
    """Refuse while CloudFormation changes the stack."""
    if action_of(stack) is Action.WAIT:
        raise PreflightRefusal(
            f"{env.name} is being changed: its stack is {stack.status}.",
            next_step="Wait until that is over; `windsock status` tells.",
        )
