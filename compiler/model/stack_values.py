"""Every value that runs between the stacks, under one name, with the words that describe it wherever it surfaces."""

from enum import Enum
from functools import cache

from compiler.contract import RootOutput, RootParameter


class Wire(Enum):
    """One value, given by one stack and needed by others; each member is its CloudFormation name and description."""

    VPC = "Vpc", "The network in which everything stands"
    PUBLIC_SUBNET_A = "PublicSubnetA", "Subnet of load balancer and tasks in the first availability zone"
    PUBLIC_SUBNET_B = "PublicSubnetB", "Subnet of load balancer and tasks in the second availability zone"
    DATABASE_SUBNET_A = "DatabaseSubnetA", "Subnet without a route to the internet in the first availability zone"
    DATABASE_SUBNET_B = "DatabaseSubnetB", "Subnet without a route to the internet in the second availability zone"
    LOAD_BALANCER_SECURITY_GROUP = "LoadBalancerSecurityGroup", "Who reaches the load balancer"
    FILE_SYSTEM_SECURITY_GROUP = "FileSystemSecurityGroup", "Who reaches the file system"
    DATABASE_SECURITY_GROUP = "DatabaseSecurityGroup", "Who reaches the database"
    WEBSERVER_SECURITY_GROUP = "WebserverSecurityGroup", "Whom the webserver reaches, and who reaches it"
    SCHEDULER_SECURITY_GROUP = "SchedulerSecurityGroup", "Whom the scheduler reaches, and who reaches it"
    DAG_PROCESSOR_SECURITY_GROUP = "DagProcessorSecurityGroup", "Whom the DAG processor reaches, and who reaches it"
    TRIGGERER_SECURITY_GROUP = "TriggererSecurityGroup", "Whom the triggerer reaches, and who reaches it"
    WORKER_SECURITY_GROUP = "WorkerSecurityGroup", "Whom the workers reach"
    COMMAND_SECURITY_GROUP = RootOutput.COMMAND_SECURITY_GROUP, "Whom one-off Airflow commands reach"
    SYNC_SECURITY_GROUP = RootOutput.SYNC_SECURITY_GROUP, "Whom the sync task reaches"

    REPOSITORY = RootOutput.REPOSITORY, "Name of the image repository"
    REPOSITORY_ARN = "RepositoryArn", "ARN of the image repository"
    REPOSITORY_URI = RootOutput.REPOSITORY_URI, "Where images are pushed to and pulled from"
    IMAGE = "ImageUri", "Image of every Airflow container, by digest"

    DATABASE_CREDENTIALS = "DatabaseCredentials", "ARN of the secret with username and password of the database"
    FERNET_SEED = "FernetSeed", "ARN of the secret from which the Fernet key is made"
    WEBSERVER_SECRET_KEY = "WebserverSecretKey", "ARN of the secret that signs web sessions"
    JWT_SECRET = "JwtSecret", "ARN of the secret that signs the tokens of tasks and API users"
    OAUTH_CLIENT = "OauthClient", "ARN of the secret with the OAuth client"
    OAUTH_VERSION = RootParameter.OAUTH_VERSION, "Version of the OAuth client's secret; none until there is a client"
    ADMIN_PASSWORD = "AdminPassword", "ARN of the secret with the first user's password"

    CODE_BUCKET = RootOutput.CODE_BUCKET, "Bucket to which DAGs, plugins and configuration are pushed"
    FILE_SYSTEM = "FileSystem", "File system on which the containers see DAGs, plugins, configuration and logs"
    DAGS_ACCESS_POINT = "DagsAccessPoint", "Door to the directory of the DAGs"
    PLUGINS_ACCESS_POINT = "PluginsAccessPoint", "Door to the directory of the plugins"
    CONFIG_ACCESS_POINT = "ConfigAccessPoint", "Door to the directory of the configuration"
    LOGS_ACCESS_POINT = "LogsAccessPoint", "Door to the directory of the task logs"
    WEBSERVER_LOG_GROUP = "WebserverLogGroup", "Log group of the webserver"
    SCHEDULER_LOG_GROUP = "SchedulerLogGroup", "Log group of the scheduler"
    DAG_PROCESSOR_LOG_GROUP = "DagProcessorLogGroup", "Log group of the DAG processor"
    TRIGGERER_LOG_GROUP = "TriggererLogGroup", "Log group of the triggerer"
    WORKER_LOG_GROUP = "WorkerLogGroup", "Log group of the workers"
    TASK_LOG_GROUP = "TaskLogGroup", "Log group of the task logs, as the web interface shows them"
    TASK_LOG_BUCKET = "TaskLogBucket", "Bucket of the task logs, as the web interface shows them"
    COMMAND_LOG_GROUP = "CommandLogGroup", "Log group of one-off Airflow commands"
    SYNC_LOG_GROUP = "SyncLogGroup", "Log group of the sync task"
    DATABASE_LOG_GROUP = "DatabaseLogGroup", "Log group of the database"

    MARKER = RootOutput.DEPLOY_STATE, "Parameter in which the deployer notes how far it has come"
    EXPIRES_AT = RootParameter.EXPIRES_AT, "When this environment deletes itself, in UTC"
    DELETION_ROLE = (
        RootParameter.DELETION_ROLE,
        "ARN of the toolkit's role with which CloudFormation deletes this environment",
    )
    ROOT_STACK = "RootStack", "ARN of the stack that holds all others"
    EXPIRY_SCHEDULE = RootOutput.EXPIRY_SCHEDULE, "Name of the schedule that deletes this environment"

    DATABASE_INSTANCE = RootOutput.DATABASE_INSTANCE, "Identifier of the database instance"
    DATABASE_HOST = "DatabaseHost", "Host name of the database"
    DATABASE_PORT = "DatabasePort", "Port of the database"
    DATABASE_ACCESS_POINT = RootOutput.DATABASE_ACCESS_POINT, "Door to the directory of the database"
    DATABASE_SERVICE = "DatabaseService", "Name of the database's service"

    URL = RootOutput.URL, "Address of the web interface"
    TARGET_GROUP = "TargetGroup", "ARN of the target group in which the webservers register"

    CLUSTER = RootOutput.CLUSTER, "Name of the ECS cluster"
    EXECUTION_ROLE = "ExecutionRole", "ARN of the role with which ECS starts containers"
    TASK_ROLE = "TaskRole", "ARN of the role of containers that write task logs"
    READER_ROLE = "ReaderRole", "ARN of the role of containers that only read"
    SCHEDULER_ROLE = "SchedulerRole", "ARN of the role of the scheduler, which starts workers"
    NAMESPACE = "Namespace", "Domain that only the network of this environment knows"
    API_REGISTRY = "ApiRegistry", "ARN of the name under which tasks find the API server"
    COMMAND_TASK_DEFINITION = RootOutput.COMMAND_TASK_DEFINITION, "Task definition for one-off Airflow commands"
    SYNC_TASK_DEFINITION = (
        RootOutput.SYNC_TASK_DEFINITION,
        "Task definition that copies code from the bucket to the file system",
    )

    WEBSERVER_COUNT = "WebserverCount", "How many webservers run; 0 until the database is initialised"
    SCHEDULER_COUNT = "SchedulerCount", "How many schedulers run; 0 until the database is initialised"
    DAG_PROCESSOR_COUNT = "DagProcessorCount", "How many DAG processors run; 0 until the database is initialised"
    TRIGGERER_COUNT = "TriggererCount", "How many triggerers run; 0 until the database is initialised"
    WEBSERVER_SERVICE = "WebserverService", "Name of the webserver's service"
    SCHEDULER_SERVICE = "SchedulerService", "Name of the scheduler's service"
    DAG_PROCESSOR_SERVICE = "DagProcessorService", "Name of the DAG processor's service"
    TRIGGERER_SERVICE = "TriggererService", "Name of the triggerer's service"

    def __init__(self, title: str, description: str) -> None:
        self.title = title
        self.description = description

    @classmethod
    @cache
    def named(cls, title: str) -> "Wire":
        """Return the wire with this CloudFormation name."""
        return next(wire for wire in cls if wire.title == title)

    @classmethod
    @cache
    def every(cls, suffix: str) -> frozenset["Wire"]:
        """Return every wire of one kind: those whose CloudFormation names end in `suffix`."""
        return frozenset(wire for wire in cls if wire.title.endswith(suffix))

    @classmethod
    def of_processes(cls, suffix: str) -> frozenset["Wire"]:
        """Return the wires of one kind that belong to the long-running processes of Airflow."""
        processes = (wire.title.removesuffix("Count") for wire in cls.every("Count"))
        return frozenset(cls.named(process + suffix) for process in processes)


PUBLIC_SUBNETS = (Wire.PUBLIC_SUBNET_A, Wire.PUBLIC_SUBNET_B)
DATABASE_SUBNETS = (Wire.DATABASE_SUBNET_A, Wire.DATABASE_SUBNET_B)
"""One value per subnet: a nested change set has no sibling's value yet, and cannot look into a list of them.
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/759"""
