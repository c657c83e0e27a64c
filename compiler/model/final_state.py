"""Lets an environment that is taken down leave what brings its data back: a snapshot, and what decrypts its copies."""

from collections.abc import Iterable

from troposphere import Template

from compiler.contract import SECRETS_OF_SNAPSHOT
from compiler.model.stack import RETAIN

_INSTANCE = "AWS::RDS::DBInstance"
_KEY = "AWS::KMS::Key"


def leave_snapshot(templates: Iterable[Template]) -> None:
    """Let the deletion of a database instance leave a final snapshot, and retain the secrets that belong to it.

    A key of the environment's own stays with them: nobody could read them without it.
    Without an instance nothing stays: what another database keeps goes with its file system.
    """
    templates = tuple(templates)
    resources = [resource for template in templates for resource in template.resources.values()]
    if not any(resource.resource_type == _INSTANCE for resource in resources):
        return
    for resource in resources:
        if resource.resource_type == _INSTANCE:
            resource.DeletionPolicy = resource.UpdateReplacePolicy = "Snapshot"
    leave_keys(templates)


def leave_keys(templates: Iterable[Template]) -> None:
    """Retain what decrypts copies of the data: the secrets that belong to it, and a key of the environment's own."""
    for template in templates:
        for resource in template.resources.values():
            if resource.title in SECRETS_OF_SNAPSHOT or resource.resource_type == _KEY:
                resource.DeletionPolicy = RETAIN["DeletionPolicy"]
                resource.UpdateReplacePolicy = RETAIN["UpdateReplacePolicy"]
