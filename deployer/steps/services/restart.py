"""The steps that let the services read what they read only when they start, and note that they did."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.health.verify import verify
from deployer.record.deploy_state import write_deploy_state
from deployer.steps.services.replaced_tasks import warn_of_replaced_tasks
from deployer.steps.step import Context, Facts, Need

_AND = "+"


@dataclass(frozen=True, kw_only=True)
class Restart:
    """Replace the tasks of every service unless they have read `version`, or this run has started them.

    Where they should be replaced and cannot be now, that is `told`.
    """

    name: ClassVar[str] = "restart"
    need: Need
    reason: str
    version: str
    told: bool = False

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Replace the tasks and wait until they are healthy. Raises `UnhealthyRefusal`.

        Until then nobody knows what each service has read: whoever brings the former code back restarts them again.
        """
        if self.told:
            context.progress.note(f"The services are not restarted: {self.reason}.")
        if self.need is Need.NO or facts.started or facts.state.restart == self.version:
            return facts
        session, outputs = context.session, facts.outputs
        context.progress.phase(
            self.name, "plugins, configuration, secrets or database changed, which Airflow looks at only when it starts"
        )
        warn_of_replaced_tasks(context.env, context.progress)
        facts = _forget(context, facts)
        for service in outputs.services.values():
            session.ecs.redeploy(outputs.cluster, service)
        verify(session, context.env, outputs, context.web_url, context.progress.note)
        return replace(facts, restarted=True)


def _forget(context: Context, facts: Facts) -> Facts:
    """Take the version of the code out of the deploy state, and leave that of the secrets, which a push keeps."""
    unread = restart_version("", secrets_in(facts.state.restart))
    if facts.state.restart == unread:
        return facts
    state = replace(facts.state, restart=unread)
    return replace(facts, state=write_deploy_state(context.session, facts.outputs, state))


@dataclass(frozen=True, kw_only=True)
class RecordRestart:
    """Note in the deploy state which version the services have read, or will read when they wake."""

    name: ClassVar[str] = "restart"
    need: Need
    reason: str
    version: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Write the deploy state where it says something else."""
        if facts.state.restart == self.version:
            return facts
        state = replace(facts.state, restart=self.version)
        return replace(facts, state=write_deploy_state(context.session, facts.outputs, state))


def restart_version(code: str, secrets: str) -> str:
    """Return the version of what Airflow reads only when it starts: that of the code, and of the values of secrets."""
    return f"{code}{_AND}{secrets}" if secrets else code


def secrets_in(version: str) -> str:
    """Return what stands for the values of secrets in such a version: a push asks for none and changes none."""
    return version.partition(_AND)[2]
