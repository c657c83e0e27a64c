"""The embedded AWS has images in place, and any tool can reach it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from acceptance.emulated_aws import (
    PartitionRefusal,
    VirtualenvImages,
    can_be_looked_at,
    client_address,
    exports,
    refuse_partition,
    session_of,
)
from acceptance.images.airflow_image import AirflowImage
from acceptance.steps import StepRefusal
from deployer.aws.polling import LOOPBACK
from rehearsal.emulator.containers import image_store
from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from tests.acceptance.emulator import NOWHERE
from tests.deployer.fakes.environment import environment
from tests.spec.minimal import minimal

REPOSITORY = "123456789012.dkr.ecr.us-west-2.amazonaws.com/repository"


@pytest.fixture
def emulator(tmp_path: Path) -> EmulatorSession:
    """Return a session without an emulator behind it, whose authority is there."""
    session = replace(NOWHERE, directory=tmp_path)
    session.internet.authority.parent.mkdir()
    session.internet.authority.write_text("the authority of the session")
    return session


def test_a_virtualenv_is_registered_under_the_image_reference(emulator: EmulatorSession) -> None:
    """Under the reference that task definitions will name, with what the official image brings."""
    environment_ = emulator.directory / "airflow-2.5.3-python3.10-abc"
    digest = VirtualenvImages(emulator, AirflowImage(virtualenv=environment_), "arm64").provide(REPOSITORY, "").digest
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)
    image = image_store.find(emulator.directory, f"{REPOSITORY}@{digest}")
    assert image
    assert image.environment == str(environment_)
    assert image.variables["AIRFLOW_HOME"] == image.working_directory == "/opt/airflow"
    assert image.user == "50000:0"
    assert image.architecture == "ARM64"


def test_the_runtime_lies_on_top_of_the_virtualenv(emulator: EmulatorSession) -> None:
    """At the place and by the links that the layer of a real image has; Python finds it by its name there."""
    images = VirtualenvImages(emulator, AirflowImage(virtualenv=emulator.directory / "airflow-abc"), "x86_64")
    image = image_store.find(emulator.directory, f"{REPOSITORY}@{images.provide(REPOSITORY, '').digest}")
    assert image
    ((place, folder),) = image.mounts.items()
    assert place == "/opt/windsock/windsock_runtime"
    assert Path(folder, "logging_config.py").is_file()
    assert (
        Path(folder, "database_tls/authorities/us-west-2.pem").read_text(encoding="utf-8")
        == "the authority of the session"
    )
    assert image.variables["PYTHONPATH"].split(":")[0] == "/opt/windsock"
    assert image.links["/opt/airflow/webserver_config.py"] == f"{place}/webserver_config.py"


@pytest.mark.parametrize(
    ("cidrs", "address"),
    [(("203.0.113.0/24", "198.51.100.0/24"), "203.0.113.1"), (("203.0.113.7/32",), "203.0.113.7")],
)
def test_requests_come_from_an_address_that_is_let_in(cidrs: tuple[str, ...], address: str) -> None:
    """The first of the first network."""
    env = environment()
    let_in = env.network.model_copy(update={"allowed_cidrs": cidrs})
    assert client_address(env.model_copy(update={"network": let_in})) == address


def test_the_digest_follows_contents_and_processors(emulator: EmulatorSession) -> None:
    """The name of its folder holds the hash of its contents: another one is another image, the same one is the same."""
    one, same, other = (
        VirtualenvImages(emulator, AirflowImage(virtualenv=Path(name)), "x86_64").provide(REPOSITORY, "")
        for name in ("/a/x-1", "/b/x-1", "/a/x-2")
    )
    assert one == same != other
    assert VirtualenvImages(emulator, AirflowImage(virtualenv=Path("/a/x-1")), "arm64").provide(REPOSITORY, "") != one


def test_exports_point_any_tool_at_a_kept_rehearsal(emulator: EmulatorSession) -> None:
    """Endpoint, region and account, by the names that AWS's own tools read."""
    variables = exports(environment(), emulator)
    assert variables["AWS_ENDPOINT_URL"] == emulator.endpoint_url
    assert variables["WINDSOCK_WEB_URL"] == emulator.web_url
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-west-2"
    assert variables["AWS_ACCESS_KEY_ID"] == "123456789012"
    assert variables["AWS_SECRET_ACCESS_KEY"] == emulator.secret_key


def test_the_session_talks_to_the_embedded_aws(emulator: EmulatorSession) -> None:
    """In the environment's region and at the pace of this machine."""
    session = session_of(environment(), emulator)
    assert (session.region, session.clock) == ("us-west-2", LOOPBACK)
    assert session.client("sts").meta.endpoint_url == emulator.endpoint_url


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (StepRefusal("The run failed."), True),
        (RehearsalFailure("No answer.", "", ""), True),
        (KeyboardInterrupt(), False),
        (ValueError("a bug"), False),
    ],
)
def test_a_failed_step_is_there_to_be_looked_at(error: BaseException, *, kept: bool) -> None:
    """Of a rehearsal that is to be kept; an interrupt ends it, and so does a bug of ours."""
    assert can_be_looked_at(error) is kept


def test_an_image_of_another_registry_has_a_digest_too(emulator: EmulatorSession) -> None:
    """What stands for its tag stands for that; a base image, from which nothing runs, is only named."""
    images = VirtualenvImages(emulator, AirflowImage(virtualenv=Path("/a/x-1")), "x86_64")
    emulator_session.add_image(emulator, "public.ecr.aws/aws-cli/aws-cli:2", Path("/cli"))
    pinned = images.pin("public.ecr.aws/aws-cli/aws-cli:2")
    assert re.fullmatch("public.ecr.aws/aws-cli/aws-cli@sha256:[0-9a-f]{64}", pinned)
    image = image_store.find(emulator.directory, pinned)
    assert image
    assert image.environment == "/cli"
    assert image_store.find(emulator.directory, images.pin("apache/airflow:2.5.3")) is None


def test_another_partition_is_refused_before_anything_starts() -> None:
    """The embedded AWS has ARNs of one partition alone."""
    refuse_partition(environment())
    with pytest.raises(PartitionRefusal, match="us-gov-west-1"):
        refuse_partition(minimal("us-west-2", "us-gov-west-1", more="database: {tls: require}\n"))
