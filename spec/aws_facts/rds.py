"""What RDS offers for PostgreSQL.

Source: "DB instance class support", "Hardware specifications for DB instance classes" and "Release calendar" in the
Amazon RDS User Guide, read 2026-11.
"""

POSTGRES_VERSIONS: tuple[str, ...] = ("14", "15", "16", "17", "18")
"""Major versions in standard support; RDS chooses the minor version."""

_BURSTABLE = ("micro", "small", "medium", "large", "xlarge", "2xlarge")
_GRAVITON = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_INTEL = (*_GRAVITON, "24xlarge")

_SIZES_BY_FAMILY: dict[str, tuple[str, ...]] = {
    "t3": _BURSTABLE,
    "t4g": _BURSTABLE,
    "m6g": _GRAVITON,
    "m6i": _INTEL,
    "m7g": _GRAVITON,
    "m7i": _INTEL,
    "r6g": _GRAVITON,
    "r6i": _INTEL,
    "r7g": _GRAVITON,
}

INSTANCE_CLASSES: tuple[str, ...] = tuple(
    f"db.{family}.{size}" for family, sizes in _SIZES_BY_FAMILY.items() for size in sizes
)

_GIB_OF_LARGE = {"t": 8, "m": 8, "r": 16}
"""Memory of the size `large` of a family, by its first letter; each further step has twice as much."""

_STEPS = {"micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1, "xlarge": 2}

BYTES_PER_CONNECTION = 9531392
MOST_CONNECTIONS = 5000
SHARE_OF_MEMORY = 0.8
"""RDS reckons with less memory than the class has: a db.t4g.small takes 181 connections, not 225.
Source: https://github.com/kirill-markin/flashcards-open-source-app/pull/1657"""

RESERVED_CONNECTIONS = 5
"""Those that only superusers (3) and RDS itself (2) may open. Source: `superuser_reserved_connections` and
`rds.rds_superuser_reserved_connections`, parameters of RDS for PostgreSQL."""

GP3_MINIMUM_GIB = 20
"""The smallest gp3 volume of a PostgreSQL instance."""

STORAGE_MAXIMUM_GIB = 65536


def memory_gib(instance_class: str) -> float:
    """Return the memory of an instance class, such as `db.t4g.micro`."""
    _, family, size = instance_class.split(".")
    number = size.removesuffix("xlarge")
    step = _STEPS[size] if size in _STEPS else 2 * int(number)
    return _GIB_OF_LARGE[family[0]] * step


def connections(instance_class: str) -> int:
    """Return how many connections Airflow may open to an instance of this class, by the default of `max_connections`.

    Source: "Quotas and constraints for Amazon RDS", maximum number of database connections,
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
    """
    usable = memory_gib(instance_class) * 1024**3 * SHARE_OF_MEMORY
    return min(int(usable / BYTES_PER_CONNECTION), MOST_CONNECTIONS) - RESERVED_CONNECTIONS


def smallest_class(like: str, wanted: int) -> str:
    """Return the smallest class of the family of another that takes so many connections; empty where none does."""
    family = like.rpartition(".")[0]
    found = [one for one in INSTANCE_CLASSES if one.startswith(f"{family}.") and connections(one) >= wanted]
    return min(found, key=memory_gib, default="")
