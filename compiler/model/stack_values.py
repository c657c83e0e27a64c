"""Every value that one stack outputs and others take, with the words that describe it wherever it surfaces."""

from collections.abc import Iterable
from dataclasses import dataclass

from compiler import contract
from compiler.contract import (
    ADMIN_PASSWORD_SECRET,
    COMMAND,
    DATABASE,
    FERNET_SEED_SECRET,
    SYNC,
    WORKER,
    PerProcess,
    RootOutput,
    RootParameter,
    title,
    words,
)
from spec.sections.services import Services


@dataclass(frozen=True)
class StackValue:
    """One value: `title` is its name in CloudFormation, of the output and of the parameters that take it."""

    title: str
    description: str


ENDPOINTS = "endpoints"
"""The name of what AWS answers from inside the VPC, and of its security group."""

PROCESSES = tuple(Services.model_fields)
"""The long-running processes that a release may have."""

_NOUNS = {WORKER: "workers", COMMAND: "one-off Airflow commands", SYNC: "sync task", "file_system": "file system"}
"""Names of what is no process, as sentences have them."""


def noun(name: str) -> str:
    """Return the name of a process, or of what else has security group or log group, as sentences have it."""
    return _NOUNS.get(name, words(name))


def security_group_of(name: str) -> StackValue:
    """Return the security group of a process, or of what else stands in the network."""
    return StackValue(f"{title(name)}SecurityGroup", f"Security group of {_with_article(name)}")


def log_group_of(name: str) -> StackValue:
    """Return the log group of a process, or of what else writes log lines."""
    return StackValue(PerProcess.LOG_GROUP.of(name), f"Log group of {_with_article(name)}")


def count_of(process: str) -> StackValue:
    """Return how many of a process run."""
    description = f"How many {words(process)}s run; 0 until the database is initialised"
    return StackValue(PerProcess.COUNT.of(process), description)


def service_of(name: str) -> StackValue:
    """Return the name of the service of a process, or of the database."""
    return StackValue(PerProcess.SERVICE.of(name), f"Name of the service of the {words(name)}")


def _with_article(name: str) -> str:
    return noun(name) if name == COMMAND else f"the {noun(name)}"


VPC = StackValue(contract.VPC, "VPC of this environment")
ZONE_A = StackValue(RootParameter.ZONE_A, "First availability zone: not every zone of this region has Fargate")
ZONE_B = StackValue(RootParameter.ZONE_B, "Second availability zone: not every zone of this region has Fargate")
ZONE_C = StackValue(RootParameter.ZONE_C, "Third availability zone: not every zone of this region has Fargate")
PUBLIC_SUBNET_A = StackValue("PublicSubnetA", "Subnet of load balancer and tasks in the first availability zone")
PUBLIC_SUBNET_B = StackValue("PublicSubnetB", "Subnet of load balancer and tasks in the second availability zone")
PUBLIC_SUBNET_C = StackValue("PublicSubnetC", "Subnet of load balancer and tasks in the third availability zone")
PRIVATE_SUBNET_A = StackValue("PrivateSubnetA", "Subnet of tasks in the first availability zone")
PRIVATE_SUBNET_B = StackValue("PrivateSubnetB", "Subnet of tasks in the second availability zone")
PRIVATE_SUBNET_C = StackValue("PrivateSubnetC", "Subnet of tasks in the third availability zone")
DATABASE_SUBNET_A = StackValue(
    "DatabaseSubnetA", "Subnet without a route to the internet in the first availability zone"
)
DATABASE_SUBNET_B = StackValue(
    "DatabaseSubnetB", "Subnet without a route to the internet in the second availability zone"
)
DATABASE_SUBNET_C = StackValue(
    "DatabaseSubnetC", "Subnet without a route to the internet in the third availability zone"
)

REPOSITORY = StackValue(RootOutput.REPOSITORY, "Name of the image repository")
REPOSITORY_ARN = StackValue("RepositoryArn", "ARN of the image repository")
REPOSITORY_URI = StackValue(RootOutput.REPOSITORY_URI, "URI of the image repository, for push and pull")
IMAGE_TAG = StackValue(RootParameter.IMAGE_TAG, "Tag of the image that is deployed, which the repository keeps")
IMAGE = StackValue("ImageUri", "Image of every Airflow container, by digest")
BASE_IMAGE = StackValue(RootParameter.BASE_IMAGE, "Official image on which the image of this environment is built")
DATABASE_IMAGE = StackValue(RootParameter.DATABASE_IMAGE, "Image of the database")

DATABASE_CREDENTIALS = StackValue("DatabaseCredentials", "ARN of the secret with username and password of the database")
FERNET_SEED = StackValue(FERNET_SEED_SECRET, "ARN of the secret from which the Fernet key is made")
WEBSERVER_SECRET_KEY = StackValue("WebserverSecretKey", "ARN of the secret that signs web sessions")
JWT_SECRET = StackValue("JwtSecret", "ARN of the secret that signs the tokens of tasks and API users")
OAUTH_CLIENT = StackValue("OauthClient", "ARN of the secret with the OAuth client")
OAUTH_VERSION = StackValue(
    RootParameter.OAUTH_VERSION, "Version of the secret with the OAuth client; none until there is a client"
)
ADMIN_PASSWORD = StackValue(ADMIN_PASSWORD_SECRET, "ARN of the secret with the password of the first user")

CODE_BUCKET = StackValue(RootOutput.CODE_BUCKET, "Bucket to which DAGs, plugins and configuration are pushed")
FILE_SYSTEM = StackValue("FileSystem", "File system with DAGs, plugins, configuration and logs")
DAGS_ACCESS_POINT = StackValue("DagsAccessPoint", "Access point of the DAGs directory")
PLUGINS_ACCESS_POINT = StackValue("PluginsAccessPoint", "Access point of the plugins directory")
CONFIG_ACCESS_POINT = StackValue("ConfigAccessPoint", "Access point of the configuration directory")
LOGS_ACCESS_POINT = StackValue("LogsAccessPoint", "Access point of the task logs directory")
TASK_LOG_GROUP = StackValue("TaskLogGroup", "Log group of the task logs, as the web interface shows them")
ACCESS_LOG_BUCKET = StackValue(contract.ACCESS_LOG_BUCKET, "Bucket of the access logs of load balancer and buckets")
TASK_LOG_BUCKET = StackValue("TaskLogBucket", "Bucket of the task logs, as the web interface shows them")

DEPLOY_STATE = StackValue(RootOutput.DEPLOY_STATE, "Parameter in which windsock deploy notes its progress")
EXPIRES_AT = StackValue(RootParameter.EXPIRES_AT, "When this environment deletes itself, in UTC")
DELETION_ROLE = StackValue(
    RootParameter.DELETION_ROLE, "ARN of the role with which CloudFormation deletes this environment"
)
ROOT_STACK = StackValue("RootStack", "ARN of the root stack")
EXPIRY_SCHEDULE = StackValue(RootOutput.EXPIRY_SCHEDULE, "Name of the schedule that deletes this environment")

ENCRYPTION_KEY = StackValue(contract.ENCRYPTION_KEY, "ARN of the key that encrypts what the environment keeps")

DATABASE_INSTANCE = StackValue(RootOutput.DATABASE_INSTANCE, "Identifier of the database instance")
DATABASE_HOST = StackValue("DatabaseHost", "Host name of the database")
DATABASE_PORT = StackValue("DatabasePort", "Port of the database")
DATABASE_ACCESS_POINT = StackValue(RootOutput.DATABASE_ACCESS_POINT, "Access point of the database directory")

URL = StackValue(RootOutput.URL, "Address of the web interface")
TARGET_GROUP = StackValue("TargetGroup", "ARN of the target group in which the webservers register")
LISTENER = StackValue(contract.LISTENER, "ARN of the listener with TLS of the load balancer that environments share")
LOAD_BALANCER_HOST = StackValue("LoadBalancerHost", "Host name of the load balancer")
ASLEEP_RULE = StackValue(RootOutput.ASLEEP_RULE, "ARN of the rule that answers browsers while the environment sleeps")

CLUSTER = StackValue(RootOutput.CLUSTER, "Name of the ECS cluster")
EXECUTION_ROLE = StackValue("ExecutionRole", "ARN of the role with which ECS starts containers")
TASK_ROLE = StackValue("TaskRole", "ARN of the role of containers that write task logs")
READER_ROLE = StackValue("ReaderRole", "ARN of the role of containers that only read")
SCHEDULER_ROLE = StackValue("SchedulerRole", "ARN of the role of the scheduler, which starts workers")
ALARM_ROLE = StackValue("AlarmRole", "ARN of the role with which schedules put this environment to sleep and wake it")
NAMESPACE = StackValue("Namespace", "Private DNS namespace of this environment")
API_REGISTRY = StackValue("ApiRegistry", "ARN of the Cloud Map service under which tasks find the API server")
COMMAND_TASK_DEFINITION = StackValue(RootOutput.COMMAND_TASK_DEFINITION, "Task definition for one-off Airflow commands")
SYNC_TASK_DEFINITION = StackValue(
    RootOutput.SYNC_TASK_DEFINITION, "Task definition that copies code from the bucket to the file system"
)

ZONES = (ZONE_A, ZONE_B, ZONE_C)
PUBLIC_SUBNETS = (PUBLIC_SUBNET_A, PUBLIC_SUBNET_B, PUBLIC_SUBNET_C)
PRIVATE_SUBNETS = (PRIVATE_SUBNET_A, PRIVATE_SUBNET_B, PRIVATE_SUBNET_C)
DATABASE_SUBNETS = (DATABASE_SUBNET_A, DATABASE_SUBNET_B, DATABASE_SUBNET_C)
"""One value per subnet: a nested change set has no sibling's value yet, and cannot look into a list of them.
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/759"""

TASK_SUBNETS = frozenset((*PUBLIC_SUBNETS, *PRIVATE_SUBNETS))
"""Every value that some placement uses as a subnet of tasks."""

COUNTS = tuple(map(count_of, PROCESSES))
SERVICES = tuple(map(service_of, PROCESSES))
PROCESS_LOG_GROUPS = tuple(map(log_group_of, PROCESSES))
LOG_GROUPS = (*PROCESS_LOG_GROUPS, *map(log_group_of, (WORKER, COMMAND, SYNC, DATABASE)))
PROCESS_SECURITY_GROUPS = tuple(map(security_group_of, PROCESSES))
SECURITY_GROUPS = (
    *map(security_group_of, ("load_balancer", "file_system", DATABASE)),
    *PROCESS_SECURITY_GROUPS,
    *map(security_group_of, (WORKER, COMMAND, SYNC, ENDPOINTS)),
)

_IN_ORDER = (
    *(*ZONES, VPC, *PUBLIC_SUBNETS, *PRIVATE_SUBNETS, *DATABASE_SUBNETS, *SECURITY_GROUPS),
    *(REPOSITORY, REPOSITORY_ARN, REPOSITORY_URI, IMAGE_TAG, IMAGE, BASE_IMAGE, DATABASE_IMAGE),
    ENCRYPTION_KEY,
    *(DATABASE_CREDENTIALS, FERNET_SEED, WEBSERVER_SECRET_KEY, JWT_SECRET, OAUTH_CLIENT, OAUTH_VERSION, ADMIN_PASSWORD),
    *(CODE_BUCKET, FILE_SYSTEM, DAGS_ACCESS_POINT, PLUGINS_ACCESS_POINT, CONFIG_ACCESS_POINT, LOGS_ACCESS_POINT),
    *(*PROCESS_LOG_GROUPS, log_group_of(WORKER), TASK_LOG_GROUP, TASK_LOG_BUCKET, ACCESS_LOG_BUCKET),
    *map(log_group_of, (COMMAND, SYNC, DATABASE)),
    *(DEPLOY_STATE, EXPIRES_AT, DELETION_ROLE, ROOT_STACK, EXPIRY_SCHEDULE),
    *(DATABASE_INSTANCE, DATABASE_HOST, DATABASE_PORT, DATABASE_ACCESS_POINT, service_of(DATABASE)),
    *(URL, TARGET_GROUP, LISTENER, LOAD_BALANCER_HOST, ASLEEP_RULE),
    *(CLUSTER, EXECUTION_ROLE, TASK_ROLE, READER_ROLE, SCHEDULER_ROLE, ALARM_ROLE, NAMESPACE, API_REGISTRY),
    *(COMMAND_TASK_DEFINITION, SYNC_TASK_DEFINITION),
    *(*COUNTS, *SERVICES),
)
_BY_TITLE = {value.title: value for value in _IN_ORDER}
_POSITIONS = {value: position for position, value in enumerate(_IN_ORDER)}


def in_order(values: Iterable[StackValue]) -> list[StackValue]:
    """Return values in the order in which every template lists its parameters."""
    return sorted(values, key=lambda value: _POSITIONS[value])


def value_named(title: str) -> StackValue:
    """Return the value with this name in CloudFormation."""
    return _BY_TITLE[title]
