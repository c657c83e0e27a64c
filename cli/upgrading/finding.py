"""What the readiness for another Airflow release found at one place."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One place that the target does not take as it is; `must` says that it fails there, not only that it warns.

    `line` counts from 1, 0 stands for the file as a whole. `rule` is a word for the kind, or the code of the linter.
    """

    file: str
    line: int
    rule: str
    message: str
    must: bool = True

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {'' if self.must else 'soon: '}{self.message} [{self.rule}]"
