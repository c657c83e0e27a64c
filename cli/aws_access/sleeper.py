"""Wakes an environment that a verb needs, or says how to."""

from cli.aws_access.account import web_url
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected_arguments
from cli.terminal.interruption import interruptible
from deployer.aws.session import Session
from deployer.lifetime.asleep import is_waking, told_asleep
from deployer.lifetime.waking import wake_up
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal

GOES_ON = "What has started goes on; run it again to wake the rest."


def awake(call: Call, env: Environment, session: Session, outputs: Outputs) -> None:
    """Wake an environment that sleeps until something is due, or wait until it has woken: it sleeps again by itself.

    Raises `Refusal` where it sleeps by the clock: woken now, it would stay awake until the next end of its hours.
    """
    asleep = told_asleep(env, session, outputs)
    if asleep and not env.due:
        raise Refusal(asleep, next_step=f"Wake it with `windsock deploy {selected_arguments(call)}`.")
    if not asleep and not is_waking(env, session):
        return
    call.screen.say(f"{asleep} Waking it." if asleep else f"{env.name} is waking. Waiting for it.")
    with interruptible(GOES_ON), call.screen.progress(env.name) as progress:
        wake_up(env, session, progress, web_url(call))
