"""The promises of rehearsal/emulator/patches/vpc.py, in an emulator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from rehearsal.emulator.networking.network import GATEWAY
from rehearsal.emulator.networking.reachability import AWS_ADDRESS
from rehearsal.emulator.rules import flow_log
from rehearsal.emulator.rules.flow_log import Passed
from rehearsal.emulator.rules.refusals import Refusal, read
from tests.rehearsal.emulator.iam.roles import add_role, allow
from tests.rehearsal.yard import ACCOUNT, REGION, Yard

pytestmark = pytest.mark.rehearsal
AWS = (AWS_ADDRESS,)
CONNECT = """
import socket, sys
for end in sys.argv[1:]:
    host, port = end.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=2)
    except OSError as error:
        print(type(error).__name__)
    else:
        print("connected")
"""
CALL = """
import http.client, sys
host, *services = sys.argv[1:]
for service in services:
    scope = f"AKIA/20260101/eu-central-1/{service}/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=0"
    connection = http.client.HTTPConnection(host, timeout=3)
    try:
        connection.request("POST", "/", headers={"Authorization": signed, "X-Amz-Date": "20260101T000000Z"})
        print(service, connection.getresponse().status)
    except TimeoutError:
        print(service, "TimeoutError")
"""

SEND = """
import http.client, json, sys
host, headers = sys.argv[1:]
connection = http.client.HTTPConnection(host, timeout=10)
connection.request("POST", "/", body="{}", headers=json.loads(headers))
answer = connection.getresponse()
print(answer.status, answer.read().decode())
"""
PARAMETERS = "ssm:DescribeParameters"


@pytest.fixture
def stranger(yard: Yard) -> Iterator[dict[str, Any]]:
    """Yield the placement of a task in a group of its own, which no rule mentions."""
    ec2 = yard.client("ec2")
    (vpc,) = {one["VpcId"] for one in ec2.describe_security_groups(GroupIds=[yard.outputs["Group"]])["SecurityGroups"]}
    group = ec2.create_security_group(GroupName="stranger", Description="no rules", VpcId=vpc)["GroupId"]
    yield _placed(yard, group)
    ec2.delete_security_group(GroupId=group)


def _placed(yard: Yard, group: str) -> dict[str, Any]:
    where = {"subnets": yard.outputs["Subnets"].split(","), "securityGroups": [group], "assignPublicIp": "ENABLED"}
    return {"networkConfiguration": {"awsvpcConfiguration": where}}


def _dropped(yard: Yard, port: int) -> list[Refusal]:
    return [one for one in read(yard.emulator.directory) if one.what == f"tcp {port}"]


def _address(yard: Yard) -> str:
    """Return the address of the web task."""
    (task,) = yard.tasks(yard.outputs["Web"])
    details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
    return str(details["privateIPv4Address"])


def test_a_stranger_reaches_no_port(serving: Yard, stranger: dict[str, Any]) -> None:
    """Its packets are dropped: it waits where a port that is not open would refuse it at once."""
    web, database = _address(serving), serving.outputs["Host"]
    ends = (f"{web}:8080", f"{web}:9", f"{database}:5432", f"{database}:80")
    definition = serving.bare_definition("stranger", "python", "-c", CONNECT, *ends)
    assert serving.printed(definition, **stranger) == ["TimeoutError"] * 4
    serving.until(lambda: len(_dropped(serving, 5432)) > 0)
    (dropped, *_) = _dropped(serving, 5432)
    assert dropped.resource.startswith("database ")
    assert dropped.who.startswith("task ")
    assert dropped.reason.startswith("no ingress rule lets tcp 5432 from stranger (sg-")


def test_a_task_of_the_group_reaches_what_the_rules_open(serving: Yard) -> None:
    """And nothing else: on an open interface a port without a rule is no port."""
    web, database = _address(serving), serving.outputs["Host"]
    ends = (f"{web}:8080", f"{web}:9", f"{database}:5432")
    assert serving.run("python", "-c", CONNECT, *ends) == ["connected", "TimeoutError", "connected"]
    group = (serving.outputs["Group"],)
    serving.until(
        lambda: Passed(source=group, target=group, flow="tcp 5432") in flow_log.read(serving.emulator.directory)
    )
    files, https = (Passed(source=group, target=to, flow=flow) for to, flow in ((group, "tcp 2049"), (AWS, "tcp 443")))
    assert {files, https} <= set(flow_log.read(serving.emulator.directory))


def test_a_revoked_rule_acts_at_once(serving: Yard) -> None:
    """In either direction; and what is authorized again is open again."""
    ec2, group = serving.client("ec2"), serving.outputs["Group"]
    end = f"{serving.outputs['Host']}:5432"
    pair = [{"GroupId": group}]
    database = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": pair}
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    files = {"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": pair}
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[database])
    assert serving.run("python", "-c", CONNECT, end) == ["TimeoutError"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[database])
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[https, files])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    assert serving.run("python", "-c", CONNECT, end) == ["TimeoutError"]
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[everything])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[https, files])
    assert serving.run("python", "-c", CONNECT, end) == ["connected"]


def test_an_endpoint_that_is_closed_keeps_a_running_task_from_its_service_alone(serving: Yard) -> None:
    """An interface endpoint takes the place of the internet for one service; the others answer as before."""
    host = f"{GATEWAY}:{serving.emulator.gateway_port}"
    assert serving.run("python", "-c", CALL, host, "ssm", "ecs") == ["ssm 403", "ecs 403"]
    ec2 = serving.client("ec2")
    (own,) = ec2.describe_security_groups(GroupIds=[serving.outputs["Group"]])["SecurityGroups"]
    closed = ec2.create_security_group(GroupName="closed", Description="no rules", VpcId=own["VpcId"])["GroupId"]
    made = ec2.create_vpc_endpoint(
        VpcEndpointType="Interface",
        VpcId=own["VpcId"],
        ServiceName="com.amazonaws.eu-central-1.ssm",
        SubnetIds=serving.outputs["Subnets"].split(",")[:1],
        SecurityGroupIds=[closed],
        PrivateDnsEnabled=True,
    )["VpcEndpoint"]["VpcEndpointId"]
    try:
        assert serving.run("python", "-c", CALL, host, "ssm", "ecs") == ["ssm TimeoutError", "ecs 403"]
    finally:
        ec2.delete_vpc_endpoints(VpcEndpointIds=[made])
        ec2.delete_security_group(GroupId=closed)
    refused = [one for one in read(serving.emulator.directory) if one.resource == "AWS (ssm)"]
    assert refused[-1].reason.startswith("no ingress rule lets tcp 443 from")


def _endpoint_with(yard: Yard, group: str, policy: dict[str, Any]) -> str:
    """Create an endpoint of Systems Manager with this policy in the VPC of a group, and return its stack."""
    (own,) = yard.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    properties = {
        "VpcEndpointType": "Interface",
        "VpcId": own["VpcId"],
        "ServiceName": f"com.amazonaws.{REGION}.ssm",
        "SubnetIds": yard.outputs["Subnets"].split(",")[:1],
        "SecurityGroupIds": [group],
        "PrivateDnsEnabled": True,
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Principal": "*", "Resource": "*", **policy}]},
    }
    return yard.create("limited", {"Endpoint": {"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}})


def _request(yard: Yard, host: str) -> str:
    """Return the headers of a signed call of Systems Manager, by a role that may make it."""
    role = add_role(yard, "caller", allow(PARAMETERS))
    keys = yard.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    named = {"Host": host, "X-Amz-Target": "AmazonSSM.DescribeParameters", "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", f"http://{host}/", data="{}", headers=named)
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    SigV4Auth(credentials, "ssm", REGION).add_auth(request)
    return json.dumps(dict(request.headers.items()))


def test_the_policy_of_an_endpoint_limits_what_comes_through_it(serving: Yard) -> None:
    """Whatever the role may do; MiniStack keeps the policy and never reads it.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    host = f"{GATEWAY}:{serving.emulator.gateway_port}"
    headers, ec2 = _request(serving, host), serving.client("ec2")
    (own,) = ec2.describe_security_groups(GroupIds=[serving.outputs["Group"]])["SecurityGroups"]
    group = ec2.create_security_group(GroupName="endpoint", Description="all", VpcId=own["VpcId"])["GroupId"]
    anybody = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[anybody])
    account = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
    for policy, expected in (
        ({"Effect": "Allow", "Action": "*", "Condition": account}, "200"),
        ({"Effect": "Allow", "Action": "ssm:GetParameter"}, f"no VPC endpoint policy allows the {PARAMETERS} action"),
        ({"Effect": "Deny", "Action": "*"}, "with an explicit deny in a VPC endpoint policy"),
    ):
        stack = _endpoint_with(serving, group, policy)
        (answer,) = serving.run("python", "-c", SEND, host, headers)
        serving.delete(stack)
        assert expected in answer
    (answer,) = serving.run("python", "-c", SEND, host, headers)
    assert answer.startswith("200")
    ec2.delete_security_group(GroupId=group)


def test_a_task_without_a_network_is_refused(yard: Yard) -> None:
    """ECS wants to know where the interface of a task stands; MiniStack starts it anywhere."""
    with pytest.raises(ClientError, match="Network Configuration must be provided"):
        yard.client("ecs").run_task(cluster=yard.outputs["Cluster"], taskDefinition=yard.outputs["Once"])
