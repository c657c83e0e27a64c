"""Parameters of SSM: small texts that a stack owns and a program writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True)
class Parameters:
    """The Parameter Store in one region."""

    client: SSMClient

    def read(self, name: str) -> str | None:
        """Return what a parameter says, None when there is no such parameter."""
        try:
            return self.client.get_parameter(Name=name)["Parameter"].get("Value", "")
        except AwsRefusal as error:
            if error.code == "ParameterNotFound":
                return None
            raise

    def write(self, name: str, value: str) -> None:
        """Overwrite a parameter; one that is gone stays gone, since only its stack makes it."""
        if self.read(name) is not None:
            self.client.put_parameter(Name=name, Value=value, Overwrite=True)
