"""The API of each service by botocore's models, which are read once: that of EC2 alone takes a tenth of a second."""

from functools import cache

import botocore.session
from botocore.model import ServiceModel


@cache
def botocore_session() -> botocore.session.Session:
    """Return the session that everything of the emulator shares."""
    return botocore.session.get_session()


@cache
def service_model(service: str) -> ServiceModel | None:
    """Return the model of a service; None where botocore has none."""
    session = botocore_session()
    return session.get_service_model(service) if service in session.get_available_services() else None
