"""The promises of rehearsal/emulator/patches/network_interfaces.py, in an emulator."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def described(yard: Yard, **filters: str) -> list[dict[str, Any]]:
    """Return the interfaces that pass some filters."""
    wanted = [{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()]
    found = yard.client("ec2").describe_network_interfaces(Filters=wanted)["NetworkInterfaces"]
    return list(found)


def test_a_task_has_an_interface_that_its_attachment_names(serving: Yard) -> None:
    """With its address, its subnet and its groups."""
    (task,) = serving.tasks(serving.outputs["Web"])
    details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
    (found,) = described(serving, network_interface_id=details["networkInterfaceId"])
    assert (found["PrivateIpAddress"], found["SubnetId"]) == (details["privateIPv4Address"], details["subnetId"])
    assert [one["GroupId"] for one in found["Groups"]] == [serving.outputs["Group"]]
    assert found["Description"].startswith("arn:aws:ecs:")
    assert found["Status"] == "in-use"


def test_load_balancers_databases_and_mount_targets_have_interfaces_too(serving: Yard) -> None:
    """Their descriptions say what has them, as on AWS."""
    words = [one["Description"] for one in described(serving, group_id=serving.outputs["Group"])]
    for beginning in ("ELB app/", "RDSNetworkInterface", "EFS mount target for fs-"):
        assert [one for one in words if one.startswith(beginning)], (beginning, words)


def test_nobody_deletes_or_detaches_what_a_service_manages(serving: Yard) -> None:
    """The service does it when the task, the load balancer or the database goes."""
    ec2, (found, *_) = serving.client("ec2"), described(serving, description="ELB *")
    with pytest.raises(ClientError, match="is currently in use"):
        ec2.delete_network_interface(NetworkInterfaceId=found["NetworkInterfaceId"])
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        ec2.detach_network_interface(AttachmentId=found["Attachment"]["AttachmentId"])


def test_the_interface_of_an_ended_task_is_gone(yard: Yard) -> None:
    """And to ask for it by its id is refused."""
    ended = yard.reached(yard.launch("true"), "STOPPED")
    details = {one["name"]: one["value"] for one in ended["attachments"][0]["details"]}
    with pytest.raises(ClientError, match="InvalidNetworkInterfaceID"):
        yard.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[details["networkInterfaceId"]])


def test_an_interface_is_attached_once(yard: Yard) -> None:
    """A second look says the same as the first, whatever time has passed."""
    first = yard.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    time.sleep(1.1)  # EC2 tells whole seconds
    again = {
        one["NetworkInterfaceId"]: one for one in yard.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    }
    assert first
    assert all(again[one["NetworkInterfaceId"]]["Attachment"] == one["Attachment"] for one in first)
