"""Certificates: whether one is issued, and until when it is valid."""

from dataclasses import dataclass
from typing import Any

from deployer.aws.errors import AwsRefusal

_ABSENT = "ResourceNotFoundException"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate: its state in ACM's words, such as ISSUED, why it failed, and until when it is valid."""

    arn: str
    state: str
    reason: str = ""
    ends: str = ""


@dataclass(frozen=True)
class Acm:
    """AWS Certificate Manager in one region."""

    client: Any

    def certificate(self, arn: str) -> Certificate:
        """Return a certificate; one that is gone has the state `absent`."""
        try:
            found = self.client.describe_certificate(CertificateArn=arn)["Certificate"]
        except AwsRefusal as error:
            if error.code == _ABSENT:
                return Certificate(arn=arn, state="absent")
            raise
        ends = found.get("NotAfter")
        return Certificate(
            arn=arn,
            state=found.get("Status", ""),
            reason=found.get("FailureReason", ""),
            ends=f"{ends:%Y-%m-%d}" if ends else "",
        )
