"""Whether an RDS instance refuses connections without TLS."""

from collections.abc import Iterable, Mapping

PARAMETER = "rds.force_ssl"
FIRST_BY_DEFAULT = 15


def is_forced(version: str, groups: Iterable[Mapping[str, Mapping[str, str]]]) -> bool:
    """Return what the parameter groups of an instance say or, where they are silent, the default of its version.

    Source: "Requiring an SSL connection to a PostgreSQL DB instance",
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
    """
    for parameters in groups:
        if PARAMETER in parameters:
            return parameters[PARAMETER]["ParameterValue"] == "1"
    return int(version.partition(".")[0]) >= FIRST_BY_DEFAULT
