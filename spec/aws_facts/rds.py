"""What RDS offers for PostgreSQL.

Source: "DB instance class support" and "Release calendar" in the Amazon RDS User Guide, read 2026-11.
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

GP3_MINIMUM_GIB = 20
"""The smallest gp3 volume of a PostgreSQL instance."""

STORAGE_MAXIMUM_GIB = 65536
