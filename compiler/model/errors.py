"""The one way in which drawing templates fails: a stack that does not fit the others."""

from spec.errors import Refusal


class CompileError(Refusal):
    """The rooms of the compiler disagree; whoever changes a stack sees this, not who writes a YAML."""
