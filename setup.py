"""Places each package of the checkout below `windsock/`, so that an installation adds no other name to Python."""

from setuptools import find_namespace_packages, find_packages, setup

FLOORS = ("spec", "pricing", "compiler", "deployer", "rehearsal", "acceptance", "cli", "runtime")
SHIPPED = ("docker", "airflow_home")
"""Folders that `windsock init` copies from: no packages, but setuptools knows only packages."""

CODE = find_packages(include=[f"{floor}*" for floor in FLOORS])
DATA = find_namespace_packages(include=[f"{name}*" for name in SHIPPED], exclude=["*__pycache__*"])

setup(
    packages=["windsock", *(f"windsock.{name}" for name in (*CODE, *DATA))],
    package_dir={f"windsock.{name}": name for name in (*FLOORS, *SHIPPED)},
)
