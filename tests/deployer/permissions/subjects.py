"""What the policies of these tests are about."""

from compiler.compile import compile_environment
from deployer.permissions.subject import Subject, of_environment
from spec.environment import Environment


def subject_of(env: Environment) -> Subject:
    """Return an environment with its compiled templates, as IAM sees it."""
    return of_environment(env, compile_environment(env))
