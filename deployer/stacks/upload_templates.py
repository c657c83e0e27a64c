"""Uploads templates under the hash of their content: never overwritten, skipped when they are there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from compiler.contract import RootParameter, template_parameter, template_prefix
from compiler.model.template_set import ROOT, TemplateSet
from deployer.aws.session import Session


@dataclass(frozen=True)
class UploadedTemplates:
    """Where the templates of an environment are: the root's URL, and the parameters that lead it to the nested ones."""

    root_url: str
    parameters: Mapping[str, str]

    def telling(self, parameters: Mapping[str, str]) -> "UploadedTemplates":
        """Return the same with more parameters for the root."""
        return UploadedTemplates(self.root_url, {**self.parameters, **parameters})


def template_key(text: str) -> str:
    """Return the object name of a template below its environment's prefix."""
    return f"{hashlib.sha256(text.encode()).hexdigest()}.yaml"


def publish(session: Session, bucket: str, templates: TemplateSet, *, expiring: bool = False) -> UploadedTemplates:
    """Upload the root and the nested templates that the bucket does not hold yet; `expiring` ones go after a day."""
    prefix = template_prefix(templates.name, expiring=expiring)
    names = (ROOT, *(f"{name}.yaml" for name in templates.nested))
    wanted = {f"{prefix}{template_key(templates.files[name])}": templates.files[name] for name in names}
    there = {stored.key for stored in session.s3.objects(bucket, prefix)}
    for key, text in wanted.items():
        if key not in there:
            session.s3.put(bucket, key, text.encode())
    # Path style is the one spelling that AWS and every stand-in for it understand as a template URL.
    base = f"https://s3.{session.region}.amazonaws.com/{bucket}/{prefix}".rstrip("/")
    nested = {template_parameter(name): template_key(templates.files[f"{name}.yaml"]) for name in templates.nested}
    return UploadedTemplates(
        f"{base}/{template_key(templates.files[ROOT])}", {RootParameter.TEMPLATES_URL: base, **nested}
    )
