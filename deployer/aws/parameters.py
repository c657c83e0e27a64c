"""Parameters of SSM: small texts that a stack owns and a program writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_ssm.type_defs import ParameterStringFilterTypeDef

_NAMES_PER_CALL = 50


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

    def versions(self, names: Sequence[str]) -> Mapping[str, int]:
        """Return the versions of those parameters that there are; their values are not read."""
        found: dict[str, int] = {}
        for start in range(0, len(names), _NAMES_PER_CALL):
            wanted = list(names[start : start + _NAMES_PER_CALL])
            filters: list[ParameterStringFilterTypeDef] = [{"Key": "Name", "Option": "Equals", "Values": wanted}]
            pages = self.client.get_paginator("describe_parameters").paginate(ParameterFilters=filters)
            found |= {entry["Name"]: entry["Version"] for page in pages for entry in page["Parameters"]}
        return found

    def write(self, name: str, value: str) -> None:
        """Overwrite a parameter; one that is gone stays gone, since only its stack makes it."""
        if self.read(name) is not None:
            self.client.put_parameter(Name=name, Value=value, Overwrite=True)
