"""Places each package of the checkout below `windsock/`, so that an installation adds no other name to Python."""

from setuptools import find_packages, setup

FLOORS = ("spec", "pricing", "compiler", "deployer", "rehearsal", "acceptance", "cli", "runtime")

setup(
    packages=["windsock", *(f"windsock.{name}" for name in find_packages(include=[f"{floor}*" for floor in FLOORS]))],
    package_dir={f"windsock.{floor}": floor for floor in FLOORS},
)
