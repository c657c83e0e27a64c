"""The document of an image names each package once, as a scanner reads it."""

from deployer.access.bill_of_materials import bill_of_materials, document
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.late_logs import late_world

IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/demo@sha256:abc"
ENTRIES = [
    {"kind": "image_package", "name": "six", "version": "1.17.0", "purl": "pkg:pypi/six@1.17.0", "licence": "MIT"},
    {"kind": "image_package", "name": "bash", "version": "5", "purl": "pkg:deb/debian/bash@5", "licence": ""},
]


def test_the_document_names_image_and_packages() -> None:
    """Sorted, each once, with the licence that it names."""
    written = document(IMAGE, [*ENTRIES, ENTRIES[0]])
    assert (written["bomFormat"], written["specVersion"], written["version"]) == ("CycloneDX", "1.6", 1)
    component = written["metadata"]["component"]
    assert (component["name"], component["version"]) == (IMAGE.partition("@")[0], "sha256:abc")
    bash, six = written["components"]
    assert bash == {"type": "library", "bom-ref": bash["purl"], "name": "bash", "version": "5", "purl": bash["purl"]}
    assert six["licenses"] == [{"license": {"name": "MIT"}}]


def test_the_same_image_has_the_same_document() -> None:
    """Another image has another serial number."""
    assert document(IMAGE, ENTRIES) == document(IMAGE, reversed(ENTRIES))
    assert document(IMAGE, [])["serialNumber"] != document(IMAGE.replace("abc", "def"), [])["serialNumber"]


def test_a_container_of_the_deployed_image_is_asked() -> None:
    """The image is that of the command task."""
    world, outputs = late_world(*ENTRIES, {"kind": "image_package", "end": True})
    container = {"name": "airflow", "image": IMAGE}
    world.session.ecs.definitions["command:1"] = {"family": "command", "containerDefinitions": [container]}
    written = bill_of_materials(environment(), world.session.as_session, outputs)
    assert written["metadata"]["component"]["bom-ref"] == IMAGE
    assert len(written["components"]) == 2
    ((_, script),) = world.session.ecs.runs
    assert script.endswith("python -m windsock_runtime.image_contents.packages")
