"""The one way in which compiling fails: a stack does not fit the others."""

from spec.errors import Refusal


class CompileError(Refusal):
    """Modules of the compiler disagree; whoever changes a stack sees this, nobody who writes a YAML does."""
