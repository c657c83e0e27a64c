"""The names on which templates and deployer must agree: parameters, outputs, containers, tags, keys, log names.

Nothing here needs a template: code that reads a deployed environment imports this module and not the compiler.
"""

import shlex
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from compiler.errors import CompileError
from spec.environment import Environment
from spec.releases.processes import Process
from spec.sections.auth import Admin, Machine

BOOTSTRAP_STACK = "windsock-toolkit"
"""Name of the one stack per account and region that holds templates and the deletion role."""

TEMPLATES_BUCKET = "TemplatesBucket"
DELETION_ROLE_OUTPUT = "DeletionRole"
"""The outputs of the bootstrap stack."""

EXPIRING_PREFIX = "passing/"
"""Where the templates of environments lie that delete themselves: S3 removes them, since no teardown does."""

TEMPLATE_SUFFIX = ".yaml"
"""How the names of templates in that bucket end; what else lies there may be written again."""

ENVIRONMENT_TAG = "windsock:environment"
BRANCH_TAG, NETWORK_TAG = "windsock:branch", "windsock:network"
SCHEDULE_PREFIX = "windsock-"
"""Schedules bear no tags; their names begin with this."""

LIFETIME = "lifetime"
SECRETS = "secrets"
"""Nested stacks that the deployer updates ahead of the others, or reads."""

EXPIRY = "expiry"
ALARM = "scheduler-on"
"""The schedules that delete an environment, and that wake its scheduler, among the schedules of that environment."""

AIRFLOW = "airflow"
"""Name of the container that runs Airflow, in every task definition but that of the sync task."""

SYNC, COMMAND = "sync", "command"
"""Names of the tasks for code and for one-off Airflow commands, and of their log groups; of a container, the first."""

WEB, SCHEDULER, TRIGGERER, WORKER, DATABASE = "webserver", "scheduler", "triggerer", "worker", "database"

NO_HOST = "asleep.invalid"
"""The host of the rule that answers browsers while an environment sleeps, as long as it is awake. Source: RFC 2606."""

SECONDS_TO_END_TASKS = 120
"""How long a container that runs Airflow tasks may take to stop: the most that Fargate grants."""

NO_TAG = "none"
"""Stands for the tag of the image until there is one."""

AIRFLOW_HOME = "/opt/airflow"
CODE_FOLDERS = ("dags", "plugins", "config")
CODE_PREFIX = "code/"
"""The directories that hold code, and where an earlier Windsock put them in the code bucket."""

RELEASES_PREFIX, DUMP_PREFIX = "releases/", "dump/"
RELEASE_ARCHIVE = "code.tar.gz"
RELEASE_MANIFEST = "release.json"
CURRENT_RELEASE = "current.json"
RELEASE_REPORT = "report.json"
"""Keys in the code bucket: below its name each release has two objects, and one object says which release is current.
The DAG processor says in the last what it made of that release. `runtime/release_store.py` has the same names."""

RELEASE_DIGITS = 40
"""How many digits of the hash of its content name a release."""

CODE_BUCKET_VARIABLE = "WINDSOCK_CODE_BUCKET"
"""Tells containers the bucket of the releases; they fetch none without it."""

RELEASES_VARIABLE = "WINDSOCK_RELEASES_FOLDER"
RELEASES_FOLDER = "releases"
CURRENT_LINK = "current"
"""Tells containers where a file system has the releases; the folder of the home for it, and the link to the current."""

WEBSERVER_CONFIG = "webserver_config.py"
INCLUDE = "include"
"""The folder of what DAGs read or import besides; it lies below `config/` in the bucket and on the file system."""

RUNTIME_FOLDER = "/opt/windsock"
RUNTIME_PACKAGE = "windsock_runtime"
RUNTIME = f"{RUNTIME_FOLDER}/{RUNTIME_PACKAGE}"
"""Where every image has Windsock's own package, made of `runtime/`."""

FETCH_RELEASE = f"python -m {RUNTIME_PACKAGE}.fetch_release"
SYNC_RELEASES = f"python -m {RUNTIME_PACKAGE}.releases.sync"
"""Brings the current release to its place in a container, before Airflow starts, and to the file system."""

FOLLOW_RELEASES = f"python -m {RUNTIME_PACKAGE}.releases.run"
"""Takes the place of `airflow` where a process of Airflow 2 loads DAGs."""

PYTHON_PATH = f"{RUNTIME_FOLDER}:{AIRFLOW_HOME}"
"""Where Python looks first: for that package, and for `include`, `plugins` and `dags` by these names."""

HOME_LINKS: Mapping[str, str] = MappingProxyType(
    {
        f"{AIRFLOW_HOME}/{WEBSERVER_CONFIG}": f"{RUNTIME}/{WEBSERVER_CONFIG}",
        f"{AIRFLOW_HOME}/{INCLUDE}": f"{AIRFLOW_HOME}/config/{INCLUDE}",
    }
)
"""Links in every image. Airflow 2.5 reads this file from its home only; the folder arrives below `config/`."""

CLIENT_KEYS = ("client_id", "client_secret")
PLACEHOLDER = "placeholder"
"""The keys of the secret with the OAuth client, and its only one until somebody fills it."""

DATABASE_USER = DATABASE_NAME = "airflow"
DB_HOST = "DB_HOST"
DB_PORT = "DB_PORT"
DB_NAME = "DB_NAME"
DB_TLS = "DB_SSL_MODE"
"""Variables of the Airflow containers from which they know the database."""

ENCRYPTION_KEY, LISTENER, VPC, BACKUP_VAULT = "EncryptionKey", "Listener", "Vpc", "Vault"
ACCESS_LOG_BUCKET, FERNET_SEED_SECRET = "AccessLogBucket", "FernetSeed"
ADMIN_PASSWORD_SECRET = "AdminPassword"  # noqa: S105  a logical id
SECRETS_OF_SNAPSHOT = frozenset({FERNET_SEED_SECRET, ADMIN_PASSWORD_SECRET})
"""Logical ids that several packages name; these secrets are what a restored database needs: seed and password."""


class RootParameter:
    """A parameter of the root stack; besides these it has `template_parameter` and `PerProcess.COUNT`."""

    TEMPLATES_URL: Final = "TemplatesUrl"
    IMAGE_DIGEST: Final = "ImageDigest"
    IMAGE_TAG: Final = "ImageTag"
    OAUTH_VERSION: Final = "OauthVersion"
    EXPIRES_AT: Final = "ExpiresAt"
    DELETION_ROLE: Final = "DeletionRole"
    BASE_IMAGE: Final = "BaseImage"
    DATABASE_IMAGE: Final = "DatabaseImage"
    ZONE_A: Final = "ZoneA"
    ZONE_B: Final = "ZoneB"
    ZONE_C: Final = "ZoneC"


FOREIGN_IMAGES = (RootParameter.BASE_IMAGE, RootParameter.DATABASE_IMAGE)
"""Parameters of the root that name images of other registries: by tag as their default, by digest once one is known."""


class RootOutput:
    """An output of the root stack; besides these it has `PerProcess.SERVICE` and `PerProcess.LOG_GROUP`.

    An environment that has no such thing lacks the output.
    """

    NAME: Final = "Name"
    AIRFLOW_VERSION: Final = "AirflowVersion"
    PROTECT: Final = "Protect"
    URL: Final = "Url"
    TARGET_GROUP: Final = "TargetGroupArn"
    CLUSTER: Final = "ClusterName"
    BASE_IMAGE: Final = "BaseImage"
    REPOSITORY: Final = "RepositoryName"
    REPOSITORY_URI: Final = "RepositoryUri"
    CODE_BUCKET: Final = "CodeBucket"
    DEPLOY_STATE: Final = "Marker"
    FILE_SYSTEM: Final = "FileSystemId"
    DATABASE_INSTANCE: Final = "DatabaseInstance"
    DATABASE_ACCESS_POINT: Final = "DatabaseAccessPoint"
    EXTERNAL_DATABASE: Final = "ExternalDatabase"
    ADMIN_PASSWORD: Final = "AdminPasswordSecret"  # noqa: S105  # the name of an output
    COMMAND_TASK_DEFINITION: Final = "CommandTaskDefinition"
    SYNC_TASK_DEFINITION: Final = "SyncTaskDefinition"
    CODE_ACCESS_POINT: Final = "CodeAccessPoint"
    COMMAND_SECURITY_GROUP: Final = "CommandSecurityGroup"
    SYNC_SECURITY_GROUP: Final = "SyncSecurityGroup"
    EXPIRY_SCHEDULE: Final = "ExpirySchedule"
    ASLEEP_RULE: Final = "AsleepRule"
    TASK_SUBNETS: Final = "TaskSubnets"


class PerProcess(StrEnum):
    """What each process has of its own; a name is the title of the process and one of these."""

    SERVICE = "Service"
    LOG_GROUP = "LogGroup"
    COUNT = "Count"

    def of(self, process: str) -> str:
        """Return the name for a process, such as `DagProcessorCount` for `dag_processor`."""
        return f"{title(process)}{self}"

    def among(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return those of `values` that have such a name, by process."""
        return {snake(name.removesuffix(self)): value for name, value in values.items() if name.endswith(self)}


def title(name: str) -> str:
    """Return the name as logical ids have it: `DagProcessor` for `dag_processor`."""
    return "".join(part.capitalize() for part in name.split("_"))


def snake(name: str) -> str:
    """Return a logical id as the YAML has it: `dag_processor` for `DagProcessor`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("_")


def kebab(name: str) -> str:
    """Return the name as log streams have it: `dag-processor` for `dag_processor`."""
    return name.replace("_", "-")


def words(name: str) -> str:
    """Return the name as sentences have it: `DAG processor` for `dag_processor`."""
    return name.replace("_", " ").replace("dag ", "DAG ")


def template_parameter(stack: str) -> str:
    """Return the name of the root's parameter that says under which key a nested template was uploaded."""
    return f"{title(stack)}Template"


def template_prefix(name: str, *, expiring: bool) -> str:
    """Return where in the bucket the templates of an environment lie.

    No environment can be named like `EXPIRING_PREFIX`, which ends with a slash.
    """
    return f"{EXPIRING_PREFIX if expiring else ''}{name}/"


def schedule_name(environment: str, name: str) -> str:
    """Return the name of a schedule; in an account and region there is one environment of a name."""
    return f"{SCHEDULE_PREFIX}{environment}-{name}"


def worker_family(env: Environment) -> str:
    """Return the family of the workers' task definition, by which the executor finds the newest revision."""
    return f"{env.name}-{WORKER}"


def web(env: Environment) -> Process:
    """Return the process that serves the web interface."""
    return next(process for process in env.processes if process.name == WEB)


def port(process: Process) -> int:
    """Return the port on which a process listens."""
    if process.port is None:
        raise CompileError(
            f"{process.name} listens on no port, but others connect to it",
            next_step="Give it a port in spec/releases/table.py.",
        )
    return process.port


def site_url(env: Environment) -> str | None:
    """Return the address of a site that has a domain, without the path below which Airflow lies."""
    return f"https://{env.web.domain}" if env.web.domain else None


def secret_prefix(env: Environment) -> str:
    """Return what the names of the environment's own secrets begin with."""
    return f"{env.name}/"


def client_secret_name(env: Environment) -> str | None:
    """Return the name of the secret that holds the OAuth client; None for logins with passwords."""
    return f"{secret_prefix(env)}{env.auth.oauth_client}" if env.auth.oauth_client else None


def redirect_uris(env: Environment) -> tuple[str, ...]:
    """Return the addresses to register at the identity provider; none where people log in with a password."""
    if not env.auth.federated:
        return ()
    below = f"{env.airflow.base_path}{env.airflow.release.web.auth_prefix}"
    airflow = f"{site_url(env)}{below}/oauth-authorized/{env.auth.kind}"
    return (airflow, *([f"{site_url(env)}/oauth2/idpresponse"] if env.web.load_balancer_auth else []))


def alb_auth_address(env: Environment) -> str:
    """Return the address to which the load balancer sends people who have not logged in; empty if it asks nobody."""
    endpoints = env.auth.endpoints if env.web.load_balancer_auth else None
    return endpoints.authorization if endpoints else ""


def create_admin(admin: Admin | Machine) -> str:
    """Return the shell command that makes the first user in the command task; an existing one is left as it is.

    The password comes from the container's environment and is typed twice on stdin: it stands in no argument.
    """
    fields = (
        ("--role", admin.role),
        ("--username", admin.username),
        ("--email", admin.email),
        ("--firstname", admin.first_name),
        ("--lastname", admin.last_name),
    )
    # On a fresh database some releases have the role Admin only, until sync-perm makes the others.
    roles = "" if admin.role == "Admin" else "airflow sync-perm && "
    arguments = " ".join(f"{flag} {shlex.quote(value)}" for flag, value in fields)
    return f"""{roles}printf '%s\\n%s\\n' "$ADMIN_PASSWORD" "$ADMIN_PASSWORD" | airflow users create {arguments}"""
