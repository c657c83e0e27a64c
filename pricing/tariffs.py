"""The prices of each resource type, and the types that are free; those of Fargate are in fargate.py."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pricing import usage
from pricing.bill import Line, Unpriced
from pricing.charge import Charge, Tariff
from pricing.fargate import SERVICE, service

FILE_SYSTEM = "AWS::EFS::FileSystem"
_DATABASE = "/database"
"""Prefix of the directory with the files of a database."""


def _database(charge: Charge) -> Iterator[Line | Unpriced]:
    class_ = charge.properties["DBInstanceClass"]
    multi_az = str(charge.properties.get("MultiAZ", False)).lower() == "true"
    name = f"rds.{class_}.multi_az_hour" if multi_az else f"rds.{class_}.hour"
    words = f"{class_} Multi-AZ" if multi_az else class_
    if name in charge.table:
        yield charge.line(f"RDS {words}", charge.table.amount(name))
    else:
        yield charge.unpriced(f"the price of {words} is not in the table; its storage is in the bill")
    gb = charge.stack.number(charge.properties.get("AllocatedStorage"), 0)
    yield charge.by_the_month(f"gp3, {gb:g} GB", f"rds.gp3_{'multi_az_' if multi_az else ''}gb_month", gb)


def _load_balancer(charge: Charge) -> Iterator[Line | Unpriced]:
    if charge.properties.get("Type", "application") != "application":
        yield charge.unpriced("only application load balancers are in the table")
        return
    yield charge.by_the_hour("application load balancer", "load_balancer.hour")
    yield charge.by_the_hour(f"{usage.LCU} capacity units, assumed", "load_balancer.lcu_hour", usage.LCU)
    if charge.properties.get("Scheme", "internet-facing") == "internet-facing":
        subnets = charge.properties.get("Subnets")
        zones = len(subnets) if isinstance(subnets, list) else usage.ZONES_OF_A_LOAD_BALANCER
        yield charge.by_the_hour(f"{zones} public IPv4 addresses", "ipv4.hour", zones)


def _web_acl(charge: Charge) -> Iterator[Line | Unpriced]:
    rules = charge.properties.get("Rules", [])
    yield charge.by_the_month("web ACL", "waf.acl_month")
    yield charge.by_the_month(f"{len(rules)} rules of the web ACL", "waf.rule_month", len(rules))
    item = f"{usage.WEB_REQUESTS_MILLION:g} million requests, assumed"
    yield charge.while_running(item, usage.WEB_REQUESTS_MILLION * charge.table.amount("waf.million_requests"))


def _file_system(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month(f"EFS, {usage.FILES_GB:g} GB, assumed", "efs.gb_month", usage.FILES_GB)
    if charge.traffic_costs:
        read = usage.FILES_READ_GB * charge.table.amount("efs.read_gb")
        written = usage.FILES_WRITTEN_GB * charge.table.amount("efs.written_gb")
        item = f"EFS, {usage.FILES_READ_GB:g} GB read, {usage.FILES_WRITTEN_GB:g} GB written, assumed"
        yield charge.while_running(item, read + written)
    elif charge.properties.get("ThroughputMode") == "provisioned":
        yield charge.unpriced("provisioned throughput is not in the table; its storage is in the bill")


def _directory(charge: Charge) -> Iterator[Line | Unpriced]:
    path = charge.properties.get("RootDirectory", {}).get("Path", "/")
    if charge.traffic_costs and path.startswith(_DATABASE):
        written = usage.DATABASE_WRITTEN_GB * charge.table.amount("efs.written_gb")
        yield charge.while_running(f"EFS, {usage.DATABASE_WRITTEN_GB:g} GB written by the database, assumed", written)


def _endpoint(charge: Charge) -> Iterator[Line | Unpriced]:
    if charge.properties.get("VpcEndpointType", "Gateway") == "Interface":
        subnets = charge.properties.get("SubnetIds")
        zones = len(subnets) if isinstance(subnets, list) else usage.ZONES_OF_AN_ENDPOINT
        yield charge.by_the_hour(f"interface endpoint in {zones} zones", "endpoint.hour", zones)


def _nat(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_hour("NAT gateway, without its data", "nat.hour")


def _elastic_address(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_hour("public IPv4 address", "ipv4.hour")


def _bucket(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month(f"S3, {usage.BUCKET_GB} GB, assumed", "s3.gb_month", usage.BUCKET_GB)


def _repository(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month(f"ECR, {usage.IMAGES_GB:g} GB, assumed", "ecr.gb_month", usage.IMAGES_GB)


def _secret(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month("secret", "secret.month")


def _key(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month("KMS key", "key.month")


def _vault(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.unpriced("copies of AWS Backup are paid by what they hold, which nobody knows before")


def _zone(charge: Charge) -> Iterator[Line | Unpriced]:
    yield charge.by_the_month("Route 53 hosted zone", "zone.month")


def _cluster(charge: Charge) -> Iterator[Line | Unpriced]:
    for setting in charge.properties.get("ClusterSettings", ()):
        if setting.get("Name") == "containerInsights" and setting.get("Value") != "disabled":
            yield charge.unpriced("Container Insights is paid by metric, which is not in the table")


TARIFFS: Mapping[str, Tariff] = MappingProxyType(
    {
        SERVICE: service,
        "AWS::ECS::Cluster": _cluster,
        "AWS::RDS::DBInstance": _database,
        "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
        "AWS::WAFv2::WebACL": _web_acl,
        FILE_SYSTEM: _file_system,
        "AWS::EFS::AccessPoint": _directory,
        "AWS::EC2::VPCEndpoint": _endpoint,
        "AWS::EC2::NatGateway": _nat,
        "AWS::EC2::EIP": _elastic_address,
        "AWS::S3::Bucket": _bucket,
        "AWS::ECR::Repository": _repository,
        "AWS::SecretsManager::Secret": _secret,
        "AWS::KMS::Key": _key,
        "AWS::Backup::BackupVault": _vault,
        "AWS::Route53::HostedZone": _zone,
        "AWS::ServiceDiscovery::PrivateDnsNamespace": _zone,
    }
)
"""The tariff of each type that costs something."""

FREE = frozenset(
    {
        "AWS::Backup::BackupPlan",
        "AWS::Backup::BackupSelection",
        "AWS::CertificateManager::Certificate",
        "AWS::CloudFormation::Stack",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::ECS::TaskDefinition",
        "AWS::EFS::MountTarget",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Logs::LogGroup",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::Route53::RecordSet",
        "AWS::S3::BucketPolicy",
        "AWS::SSM::Parameter",
        "AWS::Scheduler::Schedule",
        "AWS::Scheduler::ScheduleGroup",
        "AWS::SecretsManager::ResourcePolicy",
        "AWS::SecretsManager::SecretTargetAttachment",
        "AWS::ServiceDiscovery::Service",
        "AWS::WAFv2::WebACLAssociation",
    }
)
"""Types that cost nothing by themselves, or less than a cent a month; services carry the price of their logs."""
