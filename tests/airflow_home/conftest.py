"""The sample code is tested inside each release, as the code of containers is."""

from tests.runtime.conftest import home, release, sample, virtualenv

__all__ = ["home", "release", "sample", "virtualenv"]
