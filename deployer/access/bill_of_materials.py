"""Writes what a deployed image consists of as a CycloneDX document, from what a container of it says.

Source: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from compiler.contract import AIRFLOW, RUNTIME_PACKAGE
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from deployer.tasks.reports import Program, read_report
from spec.environment import Environment

PACKAGES = Program(name="packages", kind="image_package", script=f"python -m {RUNTIME_PACKAGE}.image_contents.packages")
VERSION = "1.6"


def bill_of_materials(env: Environment, session: Session, outputs: Outputs) -> Mapping[str, Any]:
    """Return the document of the image that is deployed. Raises `OneOffTaskFailure` or `ReportRefusal`."""
    containers = session.ecs.task_definition(outputs.command_task)["containerDefinitions"]
    image = next(one["image"] for one in containers if one["name"] == AIRFLOW)
    return document(image, read_report(env, session, outputs, PACKAGES))


def document(image: str, packages: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the document of an image; the same image has the same one, whenever it is asked."""
    name, _, digest = image.partition("@")
    by_purl = {one["purl"]: one for one in packages}
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, image)}",
        "version": 1,
        "metadata": {"component": {"type": "container", "bom-ref": image, "name": name, "version": digest}},
        "components": [_component(by_purl[purl]) for purl in sorted(by_purl)],
    }


def _component(package: Mapping[str, Any]) -> Mapping[str, Any]:
    named = [{"license": {"name": package["licence"]}}] if package["licence"] else []
    return {
        "type": "library",
        "bom-ref": package["purl"],
        "name": package["name"],
        "version": package["version"],
        **({"licenses": named} if named else {}),
        "purl": package["purl"],
    }
