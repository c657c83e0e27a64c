"""The error of a rehearsal that cannot go on."""


class RehearsalFailure(Exception):
    """Something on this machine keeps the rehearsal from running: what, why, and the next step."""

    def __init__(self, what: str, why: str = "", next_step: str = "") -> None:
        super().__init__(what, why, next_step)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        """Join the sentences that are there, one per line."""
        return "\n".join(part for part in (self.what, self.why, self.next_step) if part)
