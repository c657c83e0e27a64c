"""Hands values to the build of an image that must stand in no layer, argument or log."""

import os
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from spec.errors import Refusal

ALL = "windsock"
"""The secret that holds every value as a line NAME='value'; docker/Dockerfile reads it."""

_ALL_VARIABLE = "WINDSOCK_BUILD_SECRETS"
_HIDDEN = "****"
_MOUNTED = r"--mount=\S*type=secret\S*"


class BuildSecretRefusal(Refusal):
    """A value that the build needs is not there, or the Dockerfile would not read it."""


@dataclass(frozen=True)
class BuildSecrets:
    """The values of `image.secrets`, by their names."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, names: Iterable[str], environ: Mapping[str, str] = os.environ) -> "BuildSecrets":
        """Take each from an environment variable of the same name. Raises `BuildSecretRefusal` when one is missing."""
        missing = [name for name in names if not environ.get(name)]
        if missing:
            raise BuildSecretRefusal(
                f"image.secrets names {', '.join(missing)}, and no such environment variable is set.",
                next_step=f"Set it for this command, for example with `read -rs {missing[0]}; export {missing[0]}`.",
            )
        return cls({name: environ[name] for name in names})

    @property
    def arguments(self) -> tuple[str, ...]:
        """What docker, podman and buildah take: names alone."""
        if not self.values:
            return ()
        words = [f"id={ALL},env={_ALL_VARIABLE}", *(f"id={name},env={name}" for name in self.values)]
        return tuple(part for word in words for part in ("--secret", word))

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment of the builder, which only this user can read."""
        if not self.values:
            return {}
        lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in self.values.items())
        return {_ALL_VARIABLE: lines, **self.values}

    def scrub(self, text: str) -> str:
        """Return what a builder said, in lines or as a whole, without any of the values or of their lines."""
        lines = {line for value in self.values.values() for line in value.splitlines() if line.strip()}
        for value in sorted({*self.values.values(), *lines}, key=len, reverse=True):
            text = text.replace(value, _HIDDEN)
        return text

    def refuse_deaf(self, dockerfile: str) -> None:
        """Refuse a Dockerfile that mounts none of the secrets: its build would not see them."""
        mounted = " ".join(re.findall(_MOUNTED, dockerfile))
        if self.values and not any(f"id={name}" in mounted for name in (ALL, *self.values)):
            raise BuildSecretRefusal(
                "image.secrets has values for the build, and the Dockerfile mounts none of them.",
                next_step=f"Begin the command that needs them with `RUN --mount=type=secret,id={ALL},uid=50000`, "
                "as the Dockerfile of a new project does.",
            )
