"""One file, many branches: the environment that a branch of the repository has, under a name of its own."""

import hashlib
import re
import unicodedata

from spec.constrained_types import ENVIRONMENT_NAME_MAXIMUM
from spec.environment import Environment
from spec.errors import Refusal

HASH_LENGTH = 7
BASE_MAXIMUM = ENVIRONMENT_NAME_MAXIMUM - 1 - HASH_LENGTH
"""What an environment may be called whose branches are to have environments of their own."""

BRANCH_MAXIMUM = 255
"""Bytes; a longer name does not fit into a file name, which is where git keeps it."""

_TAG_MAXIMUM = 256
_TAG_HASH_LENGTH = 16
_UNFIT_FOR_TAGS = re.compile(r"[^A-Za-z0-9 _./=+@-]")
_LOOKS_HASHED = re.compile(rf"(^|-)[0-9a-f]{{{HASH_LENGTH}}}\Z")
_LOOKS_TAGGED = re.compile(rf".*=[0-9a-f]{{{_TAG_HASH_LENGTH}}}")


class BranchRefusal(Refusal):
    """A branch cannot have an environment of its own."""

    exit_code = 2


def for_branch(env: Environment, branch: str | None) -> Environment:
    """Return the environment that `branch` has, which is `env` under another name; `env` itself without a branch.

    A site with a domain gets one below it. Raises `BranchRefusal`.
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
        label = name.removeprefix(f"{env.name}-")
        web = web.model_copy(update={"domain": f"{label}.{web.domain}"})
    return env.model_copy(update={"name": name, "web": web}).on_branch(branch_tag(branch))


def branch_name(base: str, branch: str) -> str:
    """Return the name of the environment that `branch` has beside the environment `base`; raises `BranchRefusal`.

    Where the branch does not fit as it is, a hash of all of it keeps two branches apart that look alike.
    """
    _refuse_unfit(base, branch)
    words = _words(branch)
    if words == branch and not _LOOKS_HASHED.search(words) and len(base) + 1 + len(words) <= ENVIRONMENT_NAME_MAXIMUM:
        return f"{base}-{words}"
    mark = hashlib.sha256(f"{base}\0{branch}".encode()).hexdigest()[:HASH_LENGTH]
    room = ENVIRONMENT_NAME_MAXIMUM - len(base) - len(mark) - 2
    shortened = words[: max(room, 0)].strip("-")
    return "-".join(part for part in (base, shortened, mark) if part)


def branch_tag(branch: str) -> str:
    """Return the branch as AWS takes it for the value of a tag; two branches never have the same."""
    fits = not _UNFIT_FOR_TAGS.search(branch) and not _LOOKS_TAGGED.fullmatch(branch)
    if fits and len(branch) <= _TAG_MAXIMUM and branch == branch.strip():
        return branch
    mark = f"={hashlib.sha256(branch.encode()).hexdigest()[:_TAG_HASH_LENGTH]}"
    return _UNFIT_FOR_TAGS.sub("_", branch).lstrip()[: _TAG_MAXIMUM - len(mark)] + mark


def _words(branch: str) -> str:
    plain = unicodedata.normalize("NFKD", branch).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _refuse_unfit(base: str, branch: str) -> None:
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
            next_step=f"Use at most {BRANCH_MAXIMUM}, which is also what fits into a file name of git's.",
        )
    if len(base) > BASE_MAXIMUM:
        raise BranchRefusal(
            f"{base!r} has {len(base)} characters, which leaves no room for a branch.",
            why=f"An environment's name has at most {ENVIRONMENT_NAME_MAXIMUM}, and the branch goes into it.",
            next_step=f"Shorten `name` in the YAML to at most {BASE_MAXIMUM}.",
        )
