"""The sizes that Fargate sells.

Source: "Task CPU and memory" in the Amazon ECS Developer Guide, read 2026-11; the same table is cfn-lint rule E3047.
"""

GIB = 1024

MEMORY_BY_CPU: dict[int, tuple[int, ...]] = {
    256: (512, 1 * GIB, 2 * GIB),
    512: tuple(range(1 * GIB, 4 * GIB + 1, GIB)),
    1024: tuple(range(2 * GIB, 8 * GIB + 1, GIB)),
    2048: tuple(range(4 * GIB, 16 * GIB + 1, GIB)),
    4096: tuple(range(8 * GIB, 30 * GIB + 1, GIB)),
    8192: tuple(range(16 * GIB, 60 * GIB + 1, 4 * GIB)),
    16384: tuple(range(32 * GIB, 120 * GIB + 1, 8 * GIB)),
}
"""Memory in MiB that goes with each number of CPU units (1024 units are one vCPU)."""
