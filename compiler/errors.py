"""The one way in which compiling fails: a stack does not fit the others."""

from spec.errors import Refusal


class CompileError(Refusal):
    """Modules of the compiler disagree; a developer of a stack sees this, an author of a YAML never does."""
