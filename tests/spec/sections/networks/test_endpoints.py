"""A VPC of the environment's own whose tasks have no way to the internet."""

import pytest

from tests.spec.minimal import GOOGLE, minimal, refused

MODE = "network: {mode: endpoints, "


def test_tasks_have_no_way_to_the_internet() -> None:
    """Neither from an address of their own nor through a gateway; nothing of the network is there before."""
    network = minimal("network: {", MODE).network
    assert (network.public_addresses, network.reaches_internet, network.given) == (False, False, None)


@pytest.mark.parametrize("service", ["sqs", "ecr.api", "kinesis-streams", "redshift-data"])
def test_services_are_named_as_their_endpoints_are(service: str) -> None:
    """With dots and hyphens, and without the region."""
    network = minimal("network: {", f"{MODE}services: [{service}], ").network
    assert network.model_dump()["services"] == (service,)


@pytest.mark.parametrize("services", ["[SQS]", "[com.amazonaws.us-west-2.sqs, 7]", "[sqs, sqs]", "['sqs endpoint']"])
def test_other_names_are_refused(services: str) -> None:
    """As is one that stands there twice."""
    assert refused("network: {", f"{MODE}services: {services}, ").path.startswith("network.services")


def test_the_image_of_a_database_is_out_of_reach() -> None:
    """It is in a registry on the internet."""
    fault = refused("network: {", MODE, more='database: {kind: container, engine: mysql, version: "8.0"}\n')
    assert (fault.path, fault.line) == ("database.kind", 5)
    assert fault.message == "no task reaches public.ecr.aws, from which the image of MySQL comes"


def test_an_identity_provider_is_out_of_reach() -> None:
    """The web server asks it for tokens; the message names it."""
    fault = refused("network: {", MODE, more=GOOGLE)
    assert fault.path == "network.mode"
    assert "does not reach https://accounts.google.com, where people log in" in fault.message
