"""The pages that show which actions of `windsock policy` nothing used in the life of an example."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from acceptance.deploy_principal import USER
from compiler.compile import compile_environment
from deployer.permissions.policy import cloudformation_policies, deployer_policies
from deployer.permissions.subject import Subject, of_environment
from rehearsal.emulator.iam.usage import Use
from spec.environment import Environment
from tests.life.enforcement.pages import NO_REASON
from tests.life.kept import ROOT

PAGE = """# Policies of {name}

Which actions of `{command}` a rehearsal used. {did}

{used} of {all} actions were used.

Not used:

{unused}
{untried}Used: {names}.
"""
DID = """Its user deployed, looked, opened a shell,
kept a secret, pushed, changed what every resource has, and took it down.
`make endurance` compares this page with what it sees."""
"""Of an example."""
UNTRIED = """Not tried yet, since they are newer than this page:

{lines}
"""
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "*:*Untag*": "a tag that the YAML no longer has",
        "*:RemoveTags*": "a tag that the YAML no longer has",
        "*:DeleteTags": "a tag that the YAML no longer has",
        "*:PutBucketTagging": "handlers of buckets may tag by another action than the one that a rehearsal asks for",
        "*:TagResource": "handlers of buckets may tag by another action than the one that a rehearsal asks for",
        "ecr:*Image*": "the push of an image, which a rehearsal leaves out",
        "ecr:*Layer*": "the push of an image, which a rehearsal leaves out",
        "ecr:GetAuthorizationToken": "the push of an image, which a rehearsal leaves out",
        "logs:GetLogEvents": "`windsock logs` follows with it",
        "s3:*ObjectVersion": "a bucket with versions that is emptied",
        "s3:DeleteBucket": "a bucket that stays, but where its creation is rolled back",
        "s3:DeleteObject": "what a load balancer has tried its bucket with, in a creation that failed",
        "s3:AbortMultipartUpload": "an upload of a large file that is cut off",
        "scheduler:*": "office hours and an end, which this environment has not",
        "iam:ListRoles": "CloudFormation's handlers may look for a role of a service",
        "*:Describe*": "a handler may look at it, says the registry; which looks it makes is its own affair",
        "*:Get*": "a handler may look at it, says the registry; which looks it makes is its own affair",
        "*:List*": "a handler may look at it, says the registry; which looks it makes is its own affair",
        "cloudformation:BatchDescribeTypeConfigurations": "AWS asks for it where CloudFormation looks for drift",
        "cloudformation:DetectStackResourceDrift": "AWS asks for it where CloudFormation looks for drift",
        "cloudformation:ContinueUpdateRollback": "a rollback that has failed",
        "cloudformation:DeleteChangeSet": "a change set without changes, or one that is refused",
        "ecs:ExecuteCommand": "a shell on AWS; that of a rehearsal enters from outside",
        "ssm:*Session": "a shell or a tunnel on AWS",
        "route53:ChangeResourceRecordSets": "a change of the private zone; Cloud Map itself writes the records there",
        "rds:CreateDBSnapshot": "the last snapshot of a protected database",
        "rds:RestoreDBInstance*": "`database.restore_from`, which this YAML has not",
        "rds:StartDBInstance": "a deploy that wakes a stopped database",
        "kms:DisableKey": "a key that is switched off, which no YAML does",
        "kms:DisableKeyRotation": "a key without rotation, which no YAML makes",
        "kms:EnableKey": "a key that somebody has switched off",
        "*:Modify*": "a change of the YAML that this life does not make",
        "*:Replace*": "a change of the YAML that this life does not make",
        "*:Update*": "a change of the YAML that this life does not make",
        "iam:DetachRolePolicy": "policies that the YAML no longer has",
        "logs:*RetentionPolicy": "another number of days, or none",
    }
)
"""Why a policy has an action that a life does not use, by pattern; the first that fits counts."""
_LINE = re.compile(r"^- `(?P<action>\S+)`: .+$", re.MULTILINE)
_USED = re.compile(r"^Used: (?P<names>.+)\.$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a page is about: who lived, by which command their policies came, and what their users did.

    `users` has the ends of their ARNs.
    """

    subject: Subject
    command: str
    did: str
    users: tuple[str, ...]


def of_life(env: Environment, file: Path) -> Life:
    """Return the life of an example."""
    role = env.aws.cloudformation_role
    acting = (f"/{role.rpartition('/')[2]}",) if role else ()
    return Life(
        subject=of_environment(env, compile_environment(env)),
        command=f"windsock policy {file}",
        did=DID,
        users=(f":user/{USER}", *acting),
    )


def file_of(name: str) -> Path:
    """Return the file of a page."""
    return ROOT / "docs" / "enforcement" / f"{name}-policies.md"


def render(life: Life, uses: Iterable[Use]) -> str:
    """Render the page of a life."""
    granted = allowed(life.subject)
    used = {use.action for use in uses if use.who.endswith(life.users)}
    return _page(life, used=granted & used, unused=granted - used, untried=frozenset())


def renewed(life: Life, page: str) -> str:
    """Return the page with the actions of today: what is newer than the page was not tried."""
    granted, used = allowed(life.subject), used_of(page)
    unused_before = unused(page)
    newer = granted - used - unused_before
    return _page(life, used=granted & used, unused=granted & unused_before, untried=newer)


def allowed(subject: Subject) -> frozenset[str]:
    """Return every action of the policies of a subject, with those of CloudFormation's role."""
    documents = (*deployer_policies(subject), *cloudformation_policies(subject))
    return frozenset(action for one in documents for statement in one["Statement"] for action in statement["Action"])


def unused(page: str) -> frozenset[str]:
    """Read from a page what was not used."""
    return frozenset(match["action"] for match in _LINE.finditer(page))


def used_of(page: str) -> frozenset[str]:
    """Read from a page what was used."""
    found = _USED.search(page)
    return frozenset(found["names"].strip("`").split("`, `") if found else ())


def _page(life: Life, *, used: frozenset[str], unused: frozenset[str], untried: frozenset[str]) -> str:
    lines = "".join(f"- `{action}`\n" for action in sorted(untried))
    return PAGE.format(
        name=life.subject.name,
        command=life.command,
        did=life.did,
        used=len(used),
        all=len(used | unused | untried),
        unused="".join(f"- `{action}`: {_reason(action)}.\n" for action in sorted(unused)),
        untried=UNTRIED.format(lines=lines) if untried else "",
        names=", ".join(f"`{action}`" for action in sorted(used)),
    )


def _reason(action: str) -> str:
    return next((why for pattern, why in REASONS.items() if fnmatchcase(action, pattern)), NO_REASON)
