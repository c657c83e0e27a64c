"""Uploads templates under the hash of their content: never overwritten, skipped when they are there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from compiler.contract import TEMPLATE_SUFFIX, RootParameter, template_parameter, template_prefix
from compiler.model.template_set import ROOT, TemplateSet
from deployer.aws.session import Session
from spec.aws_facts.regions import dns_suffix
from spec.errors import Refusal


@dataclass(frozen=True)
class UploadedTemplates:
    """Where the templates of an environment are: the root's URL, and its parameters that name the nested ones."""

    root_url: str
    parameters: Mapping[str, str]

    def with_parameters(self, parameters: Mapping[str, str]) -> "UploadedTemplates":
        """Return the same with more parameters for the root."""
        return UploadedTemplates(self.root_url, {**self.parameters, **parameters})


def template_key(text: str) -> str:
    """Return the object name of a template below its environment's prefix."""
    return f"{hashlib.sha256(text.encode()).hexdigest()}{TEMPLATE_SUFFIX}"


def upload_templates(
    session: Session, bucket: str, templates: TemplateSet, *, expiring: bool = False
) -> UploadedTemplates:
    """Upload the root and the nested templates that the bucket does not hold yet; `expiring` ones go after a day."""
    prefix = template_prefix(templates.name, expiring=expiring)
    there = _etags(session, bucket, prefix)
    wanted = template_objects(templates, expiring=expiring)
    refuse_overwritten(wanted, there)
    missing = {key: text for key, text in wanted.items() if key not in there}
    # The bucket refuses a write over a template, so that one who was quicker is seen.
    if None in [session.s3.replace(bucket, key, text.encode(), etag="") for key, text in missing.items()]:
        refuse_overwritten(wanted, _etags(session, bucket, prefix))
    return locate_templates(session.region, bucket, templates, expiring=expiring)


def _etags(session: Session, bucket: str, prefix: str) -> Mapping[str, str]:
    return {stored.key: stored.etag for stored in session.s3.objects(bucket, prefix)}


def refuse_overwritten(wanted: Mapping[str, str], stored: Mapping[str, str]) -> None:
    """Refuse to deploy templates that somebody has replaced in the bucket; `stored` are the ETags by key.

    The key is the hash of what Windsock uploaded, so that any other content is not Windsock's.
    """
    foreign = [key for key, text in wanted.items() if key in stored and stored[key] != content_etag(text)]
    if foreign:
        raise Refusal(
            f"The templates bucket holds something else than Windsock uploaded: {', '.join(foreign)}.",
            why="Somebody who may write to the bucket has replaced it, and CloudFormation would create what it says.",
            next_step="Find out who did it (CloudTrail), delete the object, then run the same command again.",
        )


def content_etag(text: str) -> str:
    """Return the ETag that S3 gives an object with this content, put in one piece."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def template_objects(templates: TemplateSet, *, expiring: bool) -> Mapping[str, str]:
    """Return what the bucket is to hold: the root and the nested templates by their keys."""
    prefix = template_prefix(templates.name, expiring=expiring)
    names = (ROOT, *(f"{name}.yaml" for name in templates.nested))
    return {f"{prefix}{template_key(templates.files[name])}": templates.files[name] for name in names}


def locate_templates(region: str, bucket: str, templates: TemplateSet, *, expiring: bool) -> UploadedTemplates:
    """Return where the templates are once they are uploaded."""
    prefix = template_prefix(templates.name, expiring=expiring)
    # Path style is the one spelling that AWS and every stand-in for it understand as a template URL.
    base = f"https://s3.{region}.{dns_suffix(region)}/{bucket}/{prefix}".rstrip("/")
    return UploadedTemplates(
        f"{base}/{template_key(templates.files[ROOT])}", {RootParameter.TEMPLATES_URL: base, **template_keys(templates)}
    )


def template_keys(templates: TemplateSet) -> Mapping[str, str]:
    """Return the root's parameters that say which nested templates it is made of."""
    return {template_parameter(name): template_key(templates.files[f"{name}.yaml"]) for name in templates.nested}
