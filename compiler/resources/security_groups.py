"""Who may talk to whom: a security group per role, every rule on its own and with its reason."""

from dataclasses import dataclass
from typing import Any

from troposphere import Ref, Tags
from troposphere.ec2 import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress, SecurityGroupRule

from compiler.contract import port, title, web
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.processes import FILE_SYSTEM_PORT, logs_port, runs_user_code
from spec.environment import Environment
from spec.releases.processes import Process
from spec.sections.database import Container

ANYWHERE = "0.0.0.0/0"
HTTP = 80
HTTPS = 443

NOWHERE = SecurityGroupRule(
    CidrIp="255.255.255.255/32",
    IpProtocol="icmp",
    FromPort=252,
    ToPort=86,
    Description="Disallow all traffic that no other rule allows",
)
"""Matches no packet. A group without a rule of its own would get one from EC2 that allows all, so each has this one."""


@dataclass(frozen=True)
class _Group:
    """What stands in the network under a name, such as `dag_processor`."""

    name: str

    @property
    def title(self) -> str:
        return title(self.name)

    @property
    def words(self) -> str:
        return values.noun(self.name)

    @property
    def logical_id(self) -> str:
        return f"{self.title}SecurityGroup"

    @property
    def ref(self) -> Ref:
        return Ref(self.logical_id)


LOAD_BALANCER = _Group("load_balancer")
FILE_SYSTEM = _Group("file_system")
DATABASE = _Group("database")
COMMAND = _Group("command")
WORKER = _Group("worker")
SYNC = _Group("sync")


def add_security_groups(env: Environment, stack: StackBuilder, vpc: Ref) -> None:
    """Draw the security groups of an environment and the rules between them."""
    processes = tuple(_group(process) for process in env.processes)
    workers = (WORKER,) if env.on_ecs else ()
    front = () if env.web.load_balancer == "none" else (LOAD_BALANCER,)
    for group in (*front, *processes, *workers, COMMAND, SYNC, FILE_SYSTEM, DATABASE):
        _add_group(env, stack, group, vpc)
    if front:
        _let_visitors_in(env, stack)
    for group in (*processes, *(() if env.airflow.release.execution_api else workers), COMMAND):
        _allow(stack, group, DATABASE, env.database.facts.port, "metadata of Airflow")
    for group in (*processes, *workers, COMMAND, SYNC):
        _allow(stack, group, FILE_SYSTEM, FILE_SYSTEM_PORT, "DAGs, plugins, configuration and logs")
    _let_reach_web(env, stack)
    if env.web.load_balancer_auth:
        _let_ask_identity_provider(stack)
    _let_web_read_logs(env, stack)
    for process in env.processes:
        _let_out(stack, _group(process), anywhere=runs_user_code(process))
    for group in workers:
        _let_out(stack, group, anywhere=True)
    for group in (COMMAND, SYNC):
        _let_out(stack, group, anywhere=False)
    if isinstance(env.database, Container):
        _let_database_run(stack, env.database)


def _group(process: Process) -> _Group:
    return _Group(process.name)


def _add_group(env: Environment, stack: StackBuilder, group: _Group, vpc: Ref) -> None:
    stack.add(
        SecurityGroup(
            group.logical_id,
            GroupDescription=f"{env.name}: {group.words}",
            VpcId=vpc,
            SecurityGroupEgress=[NOWHERE],
            Tags=Tags(Name=f"{env.name}-{group.words.replace(' ', '-').lower()}"),
        ),
        f"Security group: {group.words}",
    )
    stack.output(values.security_group_of(group.name), group.ref)


def _let_visitors_in(env: Environment, stack: StackBuilder) -> None:
    doors = {"": HTTP, "Tls": HTTPS} if env.web.domain else {"": HTTP}
    for suffix, number in doors.items():
        for index, cidr in enumerate(env.network.allowed_cidrs, start=1):
            description = f"Browsers in {cidr}" + (", with TLS" if suffix else "")
            stack.add(
                SecurityGroupIngress(
                    f"VisitorsToLoadBalancer{suffix}{index}",
                    GroupId=LOAD_BALANCER.ref,
                    IpProtocol="tcp",
                    FromPort=number,
                    ToPort=number,
                    CidrIp=cidr,
                    Description=description,
                ),
                f"{description}, reach the load balancer" if suffix else f"{description} reach the load balancer",
            )


def _let_reach_web(env: Environment, stack: StackBuilder) -> None:
    server = web(env)
    if env.web.load_balancer != "none":
        _allow(stack, LOAD_BALANCER, _group(server), port(server), "requests and health checks")
    if env.airflow.release.execution_api:
        callers = [_group(process) for process in env.processes if process.name != server.name]
        for group in (*callers, *((WORKER,) if env.on_ecs else ())):
            _allow(stack, group, _group(server), port(server), "the API through which tasks run")


def _let_ask_identity_provider(stack: StackBuilder) -> None:
    description = f"From {LOAD_BALANCER.words} to the identity provider over HTTPS"
    stack.add(
        SecurityGroupEgress(
            f"{LOAD_BALANCER.title}ToIdentityProvider",
            GroupId=LOAD_BALANCER.ref,
            IpProtocol="tcp",
            FromPort=HTTPS,
            ToPort=HTTPS,
            CidrIp=ANYWHERE,
            Description=description,
        ),
        description,
    )


def _let_web_read_logs(env: Environment, stack: StackBuilder) -> None:
    for process in env.processes:
        served_at = logs_port(process)
        if served_at is not None:
            _allow(stack, _group(web(env)), _group(process), served_at, "logs of what is still running")


def _let_database_run(stack: StackBuilder, database: Container) -> None:
    """Let a database in a container do what Fargate does for an instance: get its image, write its files and lines."""
    _let_out(stack, DATABASE, anywhere=False)
    if database.persistent:
        _allow(stack, DATABASE, FILE_SYSTEM, FILE_SYSTEM_PORT, "the files of the database")


def _let_out(stack: StackBuilder, group: _Group, *, anywhere: bool) -> None:
    if anywhere:
        ports: dict[str, Any] = {"IpProtocol": "-1"}
        reason = "AWS, and the systems that DAGs work with on whatever port these listen"
    else:
        ports = {"IpProtocol": "tcp", "FromPort": HTTPS, "ToPort": HTTPS}
        reason = "AWS over HTTPS, for images, secrets, log lines and code"
    description = f"From {group.words} to {reason}"
    stack.add(
        SecurityGroupEgress(
            f"{group.title}ToInternet", GroupId=group.ref, **ports, CidrIp=ANYWHERE, Description=description
        ),
        description,
    )


def _allow(stack: StackBuilder, source: _Group, target: _Group, port: int, reason: str) -> None:
    ports: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    description = f"From {source.words} to {target.words}: {reason}"
    stack.add(
        SecurityGroupEgress(
            f"{source.title}To{target.title}Egress",
            GroupId=source.ref,
            **ports,
            DestinationSecurityGroupId=target.ref,
            Description=description,
        ),
        f"{description} (out)",
    )
    stack.add(
        SecurityGroupIngress(
            f"{source.title}To{target.title}Ingress",
            GroupId=target.ref,
            **ports,
            SourceSecurityGroupId=source.ref,
            Description=description,
        ),
        f"{description} (in)",
    )
