"""Looks at a deployed environment from outside, as CloudFormation does not: is every part of it really healthy?"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from compiler.contract import DATABASE, alb_auth_address
from deployer.aws.ecs import Service
from deployer.aws.load_balancer import Target
from deployer.aws.polling import Reminder, Tell, silent
from deployer.aws.session import Session
from deployer.databases.roster import DATABASES
from deployer.health.airflow_health import WebHealth, ask_health
from deployer.health.service_watch import FailedTasks
from deployer.stacks.failure_cause import explain_service
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal

_VERIFY_SECONDS = 600.0
_GIVEN_UP_SECONDS = 60.0
"""So long ECS says that a rollout has failed before it counts: its first answers may be of the rollout before."""

_REPORTED = ("metadatabase", "scheduler", "dag_processor", "triggerer")
_ALWAYS_REPORTED = frozenset({"metadatabase", "scheduler"})


@dataclass(frozen=True, kw_only=True)
class ServiceHealth:
    """One service: how many of its tasks run, and how many of those say that they are healthy."""

    process: str
    desired: int
    running: int
    healthy: int
    rollout: str

    @property
    def fine(self) -> bool:
        """Whether all wanted tasks run, are healthy, and no rollout is under way."""
        return self.running == self.healthy == self.desired and self.rollout == "COMPLETED"


@dataclass(frozen=True, kw_only=True)
class Health:
    """What is seen of an environment; `complaints` says what is not as it should be, in one sentence each."""

    services: tuple[ServiceHealth, ...]
    targets: tuple[Target, ...]
    web: WebHealth
    complaints: tuple[str, ...]

    @property
    def airflow_services(self) -> tuple[ServiceHealth, ...]:
        """The services without that of a database."""
        return tuple(service for service in self.services if service.process != DATABASE)


class UnhealthyRefusal(Refusal):
    """The environment was deployed but is not healthy."""


def verify(
    session: Session, env: Environment, outputs: Outputs, web_url: str | None = None, tell: Tell = silent
) -> Health:
    """Look until the environment is healthy; `web_url` is where its web server is reached from here, if elsewhere.

    A site that does not answer here is no fault as long as `web_url` is not given: the allow-list may leave this
    machine out. It `tell`s every minute what is not healthy, and why a task failed since it looks. Raises
    `UnhealthyRefusal` after ten minutes, or when ECS has given a rollout up, with the last words of the guilty
    container.
    """
    seen: list[Health] = []
    given_up: dict[str, float] = {}
    remind, failed = Reminder(session.clock, tell), FailedTasks(session, tell)

    def look() -> Health | None:
        seen[:] = [observe(session, env, outputs, web_url)]
        remind(" ".join(seen[0].complaints))
        for service in seen[0].services:
            if not service.fine:
                failed.look(outputs.cluster, outputs.all_services[service.process], f"the {service.process}")
            if service.rollout != "FAILED":
                given_up.pop(service.process, None)
            elif session.clock.now() - given_up.setdefault(service.process, session.clock.now()) > _GIVEN_UP_SECONDS:
                raise _unhealthy(session, env, outputs, seen[0])
        return None if seen[0].complaints else seen[0]

    healthy = session.clock.until(look, limit=_VERIFY_SECONDS)
    if healthy is None:
        raise _unhealthy(session, env, outputs, seen[0])
    return healthy


def observe(session: Session, env: Environment, outputs: Outputs, web_url: str | None = None) -> Health:
    """Look once."""
    services = tuple(_services(session, outputs))
    complaints = [*_service_complaints(env, services)]
    targets: tuple[Target, ...] = ()
    if outputs.target_group:
        targets = session.load_balancer.targets(outputs.target_group)
        complaints += _target_complaints(targets)
    if complaints or not outputs.url:  # without a load balancer, the word of the containers' own checks stands
        return Health(services=services, targets=targets, web=WebHealth(reached=False), complaints=tuple(complaints))
    # At an address that stands for several sites, the site's own name tells which is meant.
    host = urlsplit(outputs.url).hostname if web_url else None
    page = f"{web_url or _origin(outputs.url)}{env.airflow.base_path}{env.airflow.release.web.health_path}"
    web = ask_health(page, host, alb_auth_address(env))
    complaints += _web_complaints(env, web, strict=web_url is not None)
    return Health(services=services, targets=targets, web=web, complaints=tuple(complaints))


def _origin(url: str) -> str:
    """Return an address without the path below which the site lies."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _services(session: Session, outputs: Outputs) -> Iterator[ServiceHealth]:
    ecs, cluster = session.ecs, outputs.cluster
    found = {service.name: service for service in ecs.services(cluster, tuple(outputs.all_services.values()))}
    arns = tuple(
        arn for name, service in found.items() if service.running for arn in ecs.task_arns(cluster, service=name)
    )
    healthy = Counter(
        task.group for task in ecs.tasks(cluster, arns) if task.status == "RUNNING" and task.health == "HEALTHY"
    )
    for process, name in outputs.all_services.items():
        if name in found:
            yield _service_health(process, found[name], healthy[f"service:{name}"])


def _service_health(process: str, service: Service, healthy: int) -> ServiceHealth:
    rollout = "IN_PROGRESS" if service.older or service.pending else service.rollout
    return ServiceHealth(
        process=process, desired=service.desired, running=service.running, healthy=healthy, rollout=rollout
    )


def _service_complaints(env: Environment, services: tuple[ServiceHealth, ...]) -> Iterator[str]:
    there = {service.process: service for service in services}
    for name in (*DATABASES[env.database.kind].PROCESSES, *(process.name for process in env.processes)):
        service = there.get(name)
        if service is None:
            yield f"There is no {name} service."
        elif not service.desired:
            yield f"The {name} is switched off."
        elif not service.fine:
            yield (
                f"The {name} has {service.healthy} healthy and {service.running} running of "
                f"{service.desired} wanted tasks, rollout {service.rollout}."
            )


def _target_complaints(targets: tuple[Target, ...]) -> Iterator[str]:
    alive = [target for target in targets if target.state != "draining"]
    if not alive:
        yield "The load balancer has no target."
    for target in alive:
        if target.state != "healthy":
            yield f"Target {target.address} of the load balancer is {target.state}. {target.reason}".strip()


def _web_complaints(env: Environment, web: WebHealth, *, strict: bool) -> Iterator[str]:
    if not web.reached:
        if strict:
            yield f"The web server does not answer: {web.trouble}."
        return
    if web.login_required:
        return  # the targets are healthy, and what Airflow says itself is for those who have logged in
    processes = {process.name for process in env.processes}
    for name in _REPORTED:
        status = web.components.get(name)
        counts = name in _ALWAYS_REPORTED or (name in processes and name in web.components)
        if counts and status != "healthy":
            yield f"Airflow says that its {name} is {status or 'unknown'}."


def _unhealthy(session: Session, env: Environment, outputs: Outputs, seen: Health) -> UnhealthyRefusal:
    lines = list(seen.complaints)
    fine = {service.process for service in seen.services if service.fine}
    for process, name in outputs.all_services.items():
        if process not in fine:
            lines += explain_service(session, outputs.cluster, name)
    return UnhealthyRefusal(
        f"{env.name} is deployed but not healthy.",
        why="\n".join(lines),
        next_step="Read `windsock logs`, repair the cause and deploy again.",
    )
