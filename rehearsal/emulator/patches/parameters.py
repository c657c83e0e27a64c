"""A container gets the plain text of a parameter that is a SecureString, as ECS decrypts it.

Source: "Pass Systems Manager parameters through Amazon ECS environment variables", Amazon ECS Developer Guide
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html).
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.services import ecs, ssm

from rehearsal.emulator.patches.rebinding import rebind

_FOR_A_CONTAINER: ContextVar[bool] = ContextVar("for_a_container", default=False)


def apply() -> None:
    """Let ECS, and nobody else, read the plain text."""
    rebind(ecs, "_resolve_container_secrets", _of_container, takes="cdef")
    rebind(ssm, "resolve_parameter_value", _decrypting, takes="name_or_arn version decrypt")


def _of_container(resolve: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def resolve_for_container(cdef: Any) -> Any:
        before = _FOR_A_CONTAINER.set(True)
        try:
            return resolve(cdef)
        finally:
            _FOR_A_CONTAINER.reset(before)

    return resolve_for_container


def _decrypting(read: Callable[..., Any]) -> Callable[..., Any]:
    def read_for_container(name_or_arn: str, version: Any = None, *, decrypt: bool = False) -> Any:
        return read(name_or_arn, version=version, decrypt=decrypt or _FOR_A_CONTAINER.get())

    return read_for_container
