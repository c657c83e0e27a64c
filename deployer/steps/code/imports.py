"""The step that tries to import the DAG files on this machine."""

from dataclasses import dataclass, field
from typing import ClassVar

from deployer.release.airflow_home import Code
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class TryImports:
    """Try it before anything is made; `build` says that it is worth the build of what stands for the image."""

    name: ClassVar[str] = "imports"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str
    code: Code = field(repr=False)
    build: bool

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts as they are. Raises `Refusal` for a file that the image could not import either."""
        if context.imports is not None:
            context.progress.phase(self.name, "the DAG files, with the packages of the image")
            context.imports.check(self.code, build=self.build)
        return facts
