"""The rules between sections: which of them do not fit each other, and which line to change."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from spec.aws_facts.security_groups import RULES_PER_GROUP
from spec.releases.option_list import option_list
from spec.section import Violation
from spec.sections.airflow import Airflow
from spec.sections.aws import Aws
from spec.sections.code import Code
from spec.sections.databases.kind import DatabaseKind
from spec.sections.encryption import check_encryption
from spec.sections.executor import EXECUTORS
from spec.sections.logins.kind import LoginKind
from spec.sections.logs import Logs
from spec.sections.networks.kind import NetworkKind
from spec.sections.policies import MOST_POLICIES
from spec.sections.schedules.due import check_topic
from spec.sections.services import Services
from spec.sections.web import Web, certificate_faults
from spec.sections.workers import Workers

WHOLE_INTERNET = "0.0.0.0/0"
_NO = frozenset({"false", "f", "0", "no", "off"})
"""How `airflow.cfg` says no."""
_ADDRESS = r"https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]+)*/?"


def check_services(services: Services, airflow: Airflow, database: DatabaseKind) -> Iterator[Violation]:
    """Yield each process that has a size and not this Airflow release, and schedulers that would clash."""
    yield from _check_schedulers(services, airflow, database)
    valid = airflow.release.processes
    for name in sorted(services.model_fields_set):
        if getattr(services, name) is not None and name not in valid:
            yield Violation(f"Airflow {airflow.version} has no process {name}", f"valid: {', '.join(valid)}", (name,))


def _check_schedulers(services: Services, airflow: Airflow, database: DatabaseKind) -> Iterator[Violation]:
    """Yield why schedulers could not share their work: they lock the rows that they work on, and skip others' rows.

    Source: "Database Requirements", Scheduler, Airflow documentation,
    https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/scheduler.html
    """
    at = ("scheduler", "count")
    if (services.scheduler.count or 1) == 1:
        return
    if database.version in database.facts.one_scheduler:
        title = f"{database.facts.title} {database.version}"
        yield Violation(
            f"with {title}, two schedulers wait for each other's locks", 'write 1, or database.version: "8.0"', at
        )
    if str(airflow.config.get("scheduler", {}).get("use_row_level_locking", True)).lower() in _NO:
        message = "without scheduler.use_row_level_locking, two schedulers would start the same tasks"
        yield Violation(message, "write 1, or remove that line from airflow.config", at)


def check_network(network: NetworkKind, web: Web, auth: LoginKind) -> Iterator[Violation]:
    """Yield why these networks do not fit the load balancer, or must not reach this login."""
    yield from _check_visitors(network, web, auth)
    yield from _check_load_balancer(network, web)
    yield from _check_login(network, auth)
    yield from network.check_web(web)


def _check_visitors(network: NetworkKind, web: Web, auth: LoginKind) -> Iterator[Violation]:
    """Yield why so many networks, or the whole internet, must not reach the load balancer."""
    cidrs = network.allowed_cidrs
    if WHOLE_INTERNET in network.visitors(web) and (web.domain is None or not auth.federated):
        site = "a login with passwords" if web.domain else "a site without TLS"
        yield Violation(
            f"{WHOLE_INTERNET} opens {site} to the whole internet",
            "name the networks of your office or VPN, such as 203.0.113.0/24",
            ("allowed_cidrs", cidrs.index(WHOLE_INTERNET)) if WHOLE_INTERNET in cidrs else ("file",),
        )
    most = RULES_PER_GROUP // web.listeners
    if len(cidrs) > most:
        yield Violation(
            f"there are {len(cidrs)} networks, but a security group takes {RULES_PER_GROUP} rules: "
            f"{most} networks with {web.listeners} rules each",
            "write adjacent networks as one larger block, such as 203.0.112.0/23 for 203.0.112.0/24 and 203.0.113.0/24",
            ("allowed_cidrs", most),
        )


def _check_load_balancer(network: NetworkKind, web: Web) -> Iterator[Violation]:
    """Yield why the networks of visitors are named in vain, or missing, and why there is no load balancer to share."""
    at = ("allowed_cidrs",)
    if network.allowed_cidrs and not web.has_load_balancer:
        hint = "remove this line: whoever may open a tunnel gets in"
        yield Violation("nobody reaches the web server by the network without a load balancer", hint, at)
    if network.allowed_cidrs and web.is_shared:
        hint = "remove this line: load_balancer.allowed_cidrs there counts"
        yield Violation("who reaches a shared load balancer is in the YAML of the network", hint, at)
    if not network.allowed_cidrs and web.has_own_load_balancer:
        hint = "name the networks that may reach the load balancer, such as 203.0.113.0/24"
        yield Violation("allowed_cidrs is missing", hint, at)
    if web.is_shared and network.shared is None:
        yield Violation(
            "web.load_balancer: shared is that of a network for several environments, and this is none",
            "choose network.mode: shared, or web.load_balancer: application",
            ("mode",),
        )


def _check_login(network: NetworkKind, auth: LoginKind) -> Iterator[Violation]:
    if auth.issuer and not network.reaches_internet:
        yield Violation(
            f"with network.mode: {network.mode} the web server does not reach {auth.issuer}, where people log in",
            "choose network.mode: private, or auth.kind: password",
            ("mode",),
        )


def check_database(database: DatabaseKind, airflow: Airflow) -> Iterator[Violation]:
    """Yield why this Airflow release cannot use this database."""
    return database.check_release(airflow.release)


def check_workers(workers: Workers | None, airflow: Airflow) -> Iterator[Violation]:
    """Yield why the executor has no workers to size, or why their role would have too many policies."""
    if workers is None:
        return
    yield from EXECUTORS[airflow.executor].check_workers()
    yield from (
        Violation(f"{arn} is in airflow.policies too", "remove one of the two", ("policies", index))
        for index, arn in enumerate(workers.policies)
        if arn in airflow.policies
    )
    if len(workers.policies) + len(airflow.policies) > MOST_POLICIES:
        hint = f"a role takes {MOST_POLICIES} besides Windsock's own, with those of airflow.policies"
        yield Violation("workers would have too many policies", hint, ("policies",))


def check_logs(logs: Logs, airflow: Airflow) -> Iterator[Violation]:
    """Yield why the executor needs other task logs."""
    return EXECUTORS[airflow.executor].check_logs(logs.remote)


def check_code(code: Code, aws: Aws) -> Iterator[Violation]:
    """Yield each pusher of another account, which could deploy nothing here."""
    for index, arn in enumerate(code.pushers):
        if arn.split(":")[4] != aws.account:
            hint = f"name roles and users of account {aws.account}"
            yield Violation(f"{arn} is in another account than {aws.account}", hint, ("pushers", index))


SECTION_RULES: Mapping[str, tuple[Callable[..., Iterator[Violation]], tuple[str, ...]]] = MappingProxyType(
    {
        "network": (check_network, ("web", "auth")),
        "database": (check_database, ("airflow",)),
        "services": (check_services, ("airflow", "database")),
        "workers": (check_workers, ("airflow",)),
        "logs": (check_logs, ("airflow",)),
        "code": (check_code, ("aws",)),
        "encryption": (check_encryption, ("aws",)),
        "schedule": (check_topic, ("aws",)),
    }
)
"""What a section must fit while the YAML is read: the rule, and the sections above it that the rule takes.

Paths of their violations begin below the section."""


def check_site(web: Web, auth: LoginKind, aws: Aws, airflow: Airflow, network: NetworkKind) -> Iterator[Violation]:
    """Yield why nobody could log in at this address, or why it would have no certificate."""
    yield from _check_base_url(web, airflow)
    yield from auth.check_web(web)
    if web.is_shared:
        yield from _check_host(web, network)
    elif web.has_load_balancer:
        yield from (one._replace(at=("web", *one.at)) for one in certificate_faults(web, aws))
    elif web.domain:
        yield Violation(
            "without a load balancer nothing answers at a domain",
            "remove this line, or set web.load_balancer: application",
            ("web", "domain"),
        )


def _check_base_url(web: Web, airflow: Airflow) -> Iterator[Violation]:
    """Yield why the address of the site in `airflow.config` is none, or another one than that of `web.domain`."""
    known = option_list(airflow.version)
    for section, options in airflow.config.items():
        for key, value in options.items():
            if known.current_name(section, key) != airflow.release.web.base_url:
                continue
            at = ("airflow", "config", section, key)
            if not re.fullmatch(_ADDRESS, str(value)):
                yield Violation(f"{value} is not the address of a site", "such as https://example.com/airflow", at)
            elif web.domain and urlsplit(str(value))[:2] != ("https", web.domain):
                hint = f"begin it with https://{web.domain}, the address that web.domain gives to the site"
                yield Violation(f"{value} is another site than web.domain", hint, at)


def check_ttl(*, protect: bool, backed_up: bool, logs: Logs, web: Web) -> Iterator[Violation]:
    """Yield why an environment that is otherwise like this cannot delete itself."""
    if protect:
        hint = "remove ttl, or set protect: false"
        yield Violation("what is protected cannot delete itself", hint, ("ttl",))
    if logs.remote == "s3":
        yield Violation(
            "the bucket of the task logs would never be empty, and CloudFormation deletes no other",
            "choose remote: cloudwatch, or remove ttl",
            ("logs", "remote"),
        )
    if logs.access:
        yield Violation(
            "nobody empties the bucket of access logs of an environment that deletes itself",
            "remove logs.access, or ttl",
            ("logs", "access"),
        )
    if backed_up:
        yield Violation(
            "the vault and its copies would stay behind, and nobody deletes them in time",
            "remove backup, or ttl",
            ("backup",),
        )
    if web.waf:
        yield Violation(
            "the role that deletes it would have to take the web ACL of any load balancer away",
            "remove web.waf, or ttl",
            ("web", "waf"),
        )


def _check_host(web: Web, network: NetworkKind) -> Iterator[Violation]:
    """Yield why a shared load balancer would not find the site, or have no certificate for it."""
    balancer = network.shared.load_balancer if network.shared else None
    if balancer is None:
        return  # the rule of the network says so
    where = f"one label below {balancer.domain}, such as orders.{balancer.domain}"
    if web.domain is None:
        yield Violation("a shared load balancer finds a site by its host name", f"add web.domain: {where}", ("web",))
    elif not balancer.has(web.domain):
        hint = f"choose a name {where}"
        yield Violation(f"the shared load balancer has no certificate for {web.domain}", hint, ("web", "domain"))
