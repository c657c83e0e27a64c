"""The step that lets Airflow come to rest and sets every service to zero, as an upgrade of the database needs it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from compiler.contract import PerProcess
from deployer.aws.stacks import Stack
from deployer.databases.roster import deployed_database
from deployer.lifetime.drain import stop_other_tasks
from deployer.record.deploy_state import DeployState, write_deploy_state
from deployer.stacks.change_sets import Target
from deployer.stacks.desired_counts import count_parameters, is_running
from deployer.stacks.rollout import roll_out
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.idle import await_idle


@dataclass(frozen=True, kw_only=True)
class Drain:
    """Wait for the Airflow tasks that run, as long as the user wants; then stop all that uses the database.

    `state` is what is known of the database before: it is written down first, so that a later run knows the road.
    """

    name: ClassVar[str] = "drain"
    need: Need
    reason: str
    state: DeployState

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with services at zero and the database awake. Raises `RunningTasksRefusal`."""
        session, outputs = context.session, facts.outputs
        database = deployed_database(outputs)
        services = session.ecs.services(outputs.cluster, tuple(outputs.all_services.values()))
        if database.is_asleep(session, outputs, services):
            database.wake(session, outputs)
        state = facts.state
        if is_running(facts.root):
            context.progress.phase(self.name, "no Airflow task starts any more, then every service goes to zero")
            state = write_deploy_state(session, outputs, replace(self.state, run=state.run, snapshot=""))
            if context.drain_minutes and any(service.running for service in services):
                await_idle(context.env, session, outputs, minutes=context.drain_minutes)
            facts = replace(facts, stack=self._to_zero(context, facts), changed=True)
        stop_other_tasks(session, outputs.cluster, outputs.database_service)
        return replace(facts, state=state)

    def _to_zero(self, context: Context, facts: Facts) -> Stack:
        """Set the counts to zero, at once and then in the stack, whose templates stay those that are deployed."""
        session, stack, outputs = context.session, facts.root, facts.outputs
        for service in outputs.services.values():
            session.ecs.scale(outputs.cluster, service, 0)
        at_zero = count_parameters(dict.fromkeys(PerProcess.COUNT.among(stack.parameters), 0))
        target = Target(
            name=stack.name,
            body=session.cloudformation.template(stack.id),
            parameters={**stack.parameters, **at_zero},
            tags=stack.tags,
            role=context.env.aws.cloudformation_role,
        )
        return roll_out(session, target, context.progress).stack
