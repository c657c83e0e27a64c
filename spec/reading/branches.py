"""Names the environment of a branch: the same YAML under a name of its own."""

import hashlib
import re
import unicodedata

from spec.constrained_types import ENVIRONMENT_NAME_MAXIMUM
from spec.environment import Environment
from spec.errors import Refusal

HASH_LENGTH = 7
BASE_MAXIMUM = ENVIRONMENT_NAME_MAXIMUM - 1 - HASH_LENGTH
"""Longest name of an environment whose branches get environments of their own."""

BRANCH_MAXIMUM = 255
"""Bytes; git keeps a branch in a file of that name, and a longer name does not fit."""

_TAG_MAXIMUM = 256
_TAG_HASH_LENGTH = 16
_UNFIT_FOR_TAGS = r"[^A-Za-z0-9 _./=+@-]"
_LOOKS_HASHED = rf"(^|-)[0-9a-f]{{{HASH_LENGTH}}}\Z"
_LOOKS_TAGGED = rf".*=[0-9a-f]{{{_TAG_HASH_LENGTH}}}"


class BranchRefusal(Refusal):
    """A branch cannot have an environment of its own."""

    exit_code = 2


def for_branch(env: Environment, branch: str | None) -> Environment:
    """Return the environment of `branch`, which is `env` under another name; `env` itself without a branch.

    The domain of its site lies below that of `env`, or beside it behind a shared load balancer. Raises
    `BranchRefusal`.
    """
    if branch is None:
        return env
    name = branch_name(env.name, branch)
    web = env.web
    if web.domain is not None:
        if web.certificate_arn:
            raise BranchRefusal(
                f"web.certificate_arn proves one host name, and branch {branch!r} would need another.",
                next_step="Name web.hosted_zone instead, so that each branch gets a certificate.",
            )
        web = web.model_copy(update={"domain": _domain(env, name, web.domain)})
    return env.model_copy(update={"name": name, "web": web}).on_branch(branch_tag(branch))


def _domain(env: Environment, name: str, domain: str) -> str:
    """Return the host name of a branch: below that of `env`, or beside it where one certificate is for all of them."""
    return (
        f"{name}.{domain.partition('.')[2]}" if env.web.is_shared else f"{name.removeprefix(f'{env.name}-')}.{domain}"
    )


def branch_name(base: str, branch: str) -> str:
    """Return the name of the environment of `branch` beside the environment `base`; raises `BranchRefusal`.

    A branch that does not fit as it is gets a hash, which keeps similar branches apart.
    """
    _refuse_unusable(base, branch)
    words = _words(branch)
    if (
        words == branch
        and not re.search(_LOOKS_HASHED, words)
        and len(base) + 1 + len(words) <= ENVIRONMENT_NAME_MAXIMUM
    ):
        return f"{base}-{words}"
    digest = hashlib.sha256(f"{base}\0{branch}".encode()).hexdigest()[:HASH_LENGTH]
    left = ENVIRONMENT_NAME_MAXIMUM - len(base) - len(digest) - 2
    shortened = words[: max(left, 0)].strip("-")
    return "-".join(part for part in (base, shortened, digest) if part)


def branch_tag(branch: str) -> str:
    """Return the branch as a tag value that AWS accepts; two branches never have the same."""
    fits = not re.search(_UNFIT_FOR_TAGS, branch) and not re.fullmatch(_LOOKS_TAGGED, branch)
    if fits and len(branch) <= _TAG_MAXIMUM and branch == branch.strip():
        return branch
    digest = f"={hashlib.sha256(branch.encode()).hexdigest()[:_TAG_HASH_LENGTH]}"
    return re.sub(_UNFIT_FOR_TAGS, "_", branch).lstrip()[: _TAG_MAXIMUM - len(digest)] + digest


def _words(branch: str) -> str:
    plain = unicodedata.normalize("NFKD", branch).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _refuse_unusable(base: str, branch: str) -> None:
    if not branch.strip():
        raise BranchRefusal(
            "--branch is empty.",
            why="git names no branch where HEAD is detached, as in most checkouts of a CI job.",
            next_step="Take the name from your CI, such as GITHUB_HEAD_REF or GITHUB_REF_NAME.",
        )
    if unfit := [letter for letter in branch if unicodedata.category(letter) in {"Cc", "Cs"}]:
        raise BranchRefusal(
            f"{branch!r} is no name of a branch: it holds the character {unfit[0]!r}.",
            next_step="Give one branch, as `git branch --show-current` prints it.",
        )
    size = len(branch.encode())
    if size > BRANCH_MAXIMUM:
        raise BranchRefusal(
            f"The name of the branch has {size} bytes: {branch[:40]!r}...",
            next_step=f"Use at most {BRANCH_MAXIMUM}, the longest name that git can keep.",
        )
    if len(base) > BASE_MAXIMUM:
        raise BranchRefusal(
            f"{base!r} has {len(base)} characters, which leaves no room for a branch.",
            why=f"An environment's name has at most {ENVIRONMENT_NAME_MAXIMUM}, and the branch goes into it.",
            next_step=f"Shorten `name` in the YAML to at most {BASE_MAXIMUM}.",
        )
