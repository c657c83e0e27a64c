"""Wakes an environment that sleeps, because somebody needs it before its alarm rings."""

from deployer.aws.session import Session
from deployer.health.verify import verify
from deployer.health.wake import wake
from deployer.progress import Progress
from deployer.record.deploy_state import read_deploy_state
from deployer.record.lease import given_back, new_lease
from deployer.stacks.bootstrap import find_templates_bucket
from deployer.stacks.desired_counts import deployed_counts, is_running
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import PreflightRefusal, existing_stack
from deployer.upgrade.position import unfinished
from spec.environment import Environment


def wake_up(env: Environment, session: Session, progress: Progress, web_url: str | None = None) -> None:
    """Start what sleeps under the lease of the environment, and wait until it is healthy.

    It waits for another run that changes the environment. Raises `PreflightRefusal` when a deploy was not completed,
    and `UnhealthyRefusal` when it does not become healthy.
    """
    with given_back(new_lease(env, session, "waking", wait=True)) as lease:
        lease.take(find_templates_bucket(session) or "", progress)
        stack = existing_stack(env, session)
        outputs = read_outputs(stack)
        begun = unfinished(read_deploy_state(session, outputs), outputs.airflow_version)
        if begun or not is_running(stack):
            raise PreflightRefusal(
                f"{env.name} does not sleep: a deploy has its services at zero.",
                why=" ".join(begun),
                next_step="Run `windsock deploy` to complete it.",
            )
        wake(session, outputs, deployed_counts(env.processes, stack), progress)
        verify(session, env, outputs, web_url, progress.note)
