"""The `logs` section: how long log lines are kept, and where task logs go."""

from typing import Annotated, Literal

from pydantic import field_validator

from spec.section import Section, offered, refuse

RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
"""The retention periods that CloudWatch Logs offers. Source: PutRetentionPolicy, CloudWatch Logs API reference."""


Remote = Literal["none", "cloudwatch", "s3"]


class Logs(Section):
    """How long log lines are kept, and where task logs go."""

    retention_days: Annotated[int, offered(RETENTION_DAYS)] = 30
    """Days after which CloudWatch Logs drops a line: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or
    one of the longer periods it offers, up to 3653. Default 30."""

    remote: Remote | None = None
    """Where task logs are kept besides the file system, for the web interface to read: `none`, `cloudwatch` (line by
    line) or `s3` (when a task has ended). `executor: ecs` and `code.delivery: release`, which Airflow 3 has by
    default, need cloudwatch or s3, and default to cloudwatch; the default is none otherwise."""

    access: bool = False
    """Whether the load balancer and the buckets of the environment write a line for each request, into a bucket that
    keeps lines for `retention_days`. The lines name addresses, users and paths. Default false."""

    @field_validator("retention_days")
    @classmethod
    def _offered(cls, value: int) -> int:
        if value not in RETENTION_DAYS:
            refuse(
                f"CloudWatch Logs does not offer {value} days",
                hint="valid: " + ", ".join(map(str, RETENTION_DAYS)),
            )
        return value
